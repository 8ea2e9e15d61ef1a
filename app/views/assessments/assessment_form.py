"""The form of another assessment: a window inside the collected one, and the options."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.assessment.options import HOUR, AssessmentOptions
from app.models import JobState
from app.operations.assessments.question import Question
from app.operations.assessments.read import AssessmentLine, Collected
from app.reports.wording import words
from app.reports.wording.options import DAYS
from app.reports.wording.question import window
from app.reports.wording.scope_names import short

_DEFAULT = AssessmentOptions(since=0, until=1, as_of=1)
_MOST_MINUTES = 24 * 60
_MISSING = "Type a number."


class _Boxes(SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _Minutes(DecimalField):  # type: ignore[misc]
    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; NaN is none, and a signaling one cannot even be compared."""
        super().process_formdata(valuelist)
        data: Decimal | None = self.data
        self.data: Any = data if data is None or data.is_finite() else None


def _minutes(label: str, seconds: int) -> _Minutes:
    return _Minutes(
        label,
        default=seconds // 60,
        validators=[
            InputRequired(_MISSING),
            NumberRange(0, _MOST_MINUTES, "Choose between 0 and a day."),
        ],
    )


def _hour(label: str, second: int) -> SelectField:
    """Seconds of the local day; bands begin and end with the hour."""
    hours = [SelectChoice(hour * HOUR, f"{hour:02}:00") for hour in range(24)]
    return SelectField(label, default=second, coerce=int, choices=hours)


class AssessmentForm(FlaskForm):  # type: ignore[misc]
    since = DateField("First day", validators=[Optional()])
    until = DateField("Last day", validators=[Optional()])
    excluded_urgencies = _Boxes(
        "Urgencies left out of the DORA metrics",
        choices=[SelectChoice("low", "Low"), SelectChoice("high", "High")],
        default=list(_DEFAULT.excluded_urgencies),
    )
    ack_target = _minutes("Acknowledgement target, in minutes", _DEFAULT.ack_target_s)
    transient = _minutes("Transient below, in minutes", _DEFAULT.transient_s)
    business_start = _hour("Business from", _DEFAULT.bands.business_start_s)
    business_end = _hour("Business until", _DEFAULT.bands.business_end_s)
    business_days = _Boxes(
        "Business days",
        choices=[SelectChoice(str(day), name) for day, name in enumerate(DAYS, 1)],
        default=[str(day) for day in _DEFAULT.bands.business_days],
    )
    sleep_start = _hour("Sleep from", _DEFAULT.bands.sleep_start_s)
    sleep_end = _hour("Sleep until", _DEFAULT.bands.sleep_end_s)
    minimum_group = IntegerField(
        "Minimum group",
        default=_DEFAULT.minimum_group,
        validators=[
            InputRequired(_MISSING),
            NumberRange(3, 1000, "A group is never smaller than 3 people."),
        ],
    )
    teams = _Boxes("Teams")
    services = _Boxes("Services")
    baseline = SelectField("Baseline")

    def __init__(
        self, time_zone: str, collected: Collected, lines: Sequence[AssessmentLine]
    ) -> None:
        super().__init__()
        self._zone = ZoneInfo(time_zone)
        self._collected = collected
        self.teams.choices = _places(collected.teams)
        self.services.choices = _places(collected.services)
        done = [line for line in lines if line.state == JobState.DONE]
        self.baseline.choices = [
            SelectChoice("", "None"),
            *(
                SelectChoice(
                    line.handle,
                    f"{window(line.since, line.until, time_zone)}, "
                    f"assessed {words.stamp(line.finished_at)} UTC",
                )
                for line in done
            ),
        ]

    @property
    def whole_days(self) -> tuple[date, date]:
        """The first and the last day that were collected completely."""
        begin = self._collected.since.astimezone(self._zone)
        first = begin.date() if begin.time() == time.min else begin.date() + timedelta(days=1)
        return first, self._collected.until.astimezone(self._zone).date() - timedelta(days=1)

    def validate(self, extra_validators: object = None) -> bool:
        """Field by field, then what the days and the times mean together."""
        passed: bool = super().validate(extra_validators)
        days, hours = self._check_days(), self._check_hours()
        return passed and days and hours

    def question(self) -> Question:
        """The question of the form; settings are the options that differ from the defaults."""
        given = {
            "excluded_urgencies": sorted(self.excluded_urgencies.data),
            "ack_target_s": round(self.ack_target.data * 60),
            "transient_s": round(self.transient.data * 60),
            "bands": self._bands(),
            "minimum_group": self.minimum_group.data,
            "teams": sorted(self.teams.data),
            "services": sorted(self.services.data),
        }
        defaults = _DEFAULT.as_json()
        return Question(
            since=self._begin(self.since.data),
            until=self._begin(self.until.data and self.until.data + timedelta(days=1)),
            settings={name: value for name, value in given.items() if value != defaults[name]},
            baseline=self.baseline.data or None,
        )

    def _begin(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def _bands(self) -> dict[str, Any]:
        return {
            "business_start_s": self.business_start.data,
            "business_end_s": self.business_end.data,
            "business_days": sorted(int(day) for day in self.business_days.data),
            "sleep_start_s": self.sleep_start.data,
            "sleep_end_s": self.sleep_end.data,
        }

    def _check_days(self) -> bool:
        first, last = self.whole_days
        collected = f"Collected from {first} to {last}."
        for field in (self.since, self.until):
            if field.errors:
                field.errors = ["Type a day as year-month-day."]
            elif field.data is not None and not first <= field.data <= last:
                field.errors = [f"That day was not collected. {collected}"]
        if self.since.errors or self.until.errors:
            return False
        if self.since.data and self.until.data and self.since.data > self.until.data:
            self.until.errors = ["The last day is before the first day."]
            return False
        return True

    def _check_hours(self) -> bool:
        if any(each.errors for each in (self.business_start, self.business_end)):
            return False
        if self.business_start.data >= self.business_end.data:
            self.business_end.errors = ["Business must end after it begins."]
            return False
        return True


def _places(incidents: Mapping[str, int]) -> list[SelectChoice]:
    return [
        SelectChoice(place, f"{short(place)}, {words.number(number)}")
        for place, number in incidents.items()
    ]
