"""Why a figure has no value, in words."""

from collections.abc import Iterable, Mapping, Sequence

from app.assessment.display import Shown, least
from app.assessment.figures import Figure
from app.reports.wording.resource_names import resource_names
from app.reports.wording.words import listed

FEW = "PRIV-5"
WITHHELD: Mapping[str, str] = {
    "PRIV-1": "too few people",
    "PRIV-2": "hidden so that another cannot be computed",
    "PRIV-3": "one person makes most of it",
    "PRIV-4": "what two reports differ in could be one person's",
    "PRIV-5": "fewer than 5",
    "PRIV-9": "too few responders in all",
}


def not_collected(names: Iterable[str]) -> str:
    """``not collected: log entries``."""
    return f"not collected: {listed(resource_names(names))}"


def reason(figure: Figure, how: Shown, minimum_group: int, lacking: Sequence[str] = ()) -> str:
    """Why no value is shown; empty where one is. ``lacking`` are resources of which a part is
    missing, in words."""
    if how == "withheld":
        why = WITHHELD.get(figure.withheld or "", "by the rules of privacy")
        if figure.withheld == "PRIV-9":
            why = f"fewer than {minimum_group} responders in all"
        return why if figure.withheld == FEW else f"withheld: {why}"
    if figure.not_collected:
        return not_collected(figure.not_collected)
    if how == "no data" and lacking:
        return f"cannot be told: a part is missing of {listed(lacking)}"
    if how == "no data":
        return "no data: nothing to compute it from"
    if how == "n only":
        return f"withheld: needs at least {least(figure)} observations"
    return ""
