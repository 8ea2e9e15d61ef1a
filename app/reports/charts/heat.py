"""The hours of a week as a map: seven rows, twenty-four columns."""

from collections.abc import Mapping

from app.reports.charts.drawing import Chart, category, frame, tooltip
from app.reports.wording import units
from app.reports.wording.scope_names import cell_name
from app.reports.wording.units import Kind

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = tuple(f"{hour:02}:00" for hour in range(24))


def is_heat(key: str) -> bool:
    """Whether x is an hour of the week."""
    return key == "cell"


def week_map(
    key: str,
    title: str,
    values: Mapping[str, float | None],
    measured: tuple[str, Kind],
    lacking: tuple[str, ...],
) -> Chart:
    """``values`` by hour of the week (``"1-08"``); ``measured`` is their label and kind."""
    name, kind = measured
    known = {cell: value for cell, value in values.items() if value is not None}
    cells = [[int(c[2:]), 7 - int(c[0]), value, cell_name(c)] for c, value in known.items()]
    option = frame(
        category("Hour (account time zone)", _HOURS),
        category("", _DAYS[::-1]),
        [
            {
                "type": "heatmap",
                "name": name,
                "data": cells,
                "itemStyle": {"borderColor": "@surface"},
            }
        ],
        "",
        visualMap={
            "show": False,
            "min": 0,
            "max": max(known.values(), default=0) or 1,
            "dimension": 2,
            "inRange": {"color": ["@c0", "@c1"]},
        },
    )
    option["tooltip"] = tooltip("item", f"cell {kind}")
    return Chart(
        key=key.replace("_", "-"),
        title=title,
        text=f"Map of the hours of the week. {title}.",
        option=option,
        columns=("Hour", name),
        rows=[(cell_name(cell), units.bare(value, kind)) for cell, value in known.items()],
        lacking=lacking,
    )
