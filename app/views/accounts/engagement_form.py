"""The form of a new engagement, and the rules that it checks itself."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.core.clock import now
from app.operations.accounts.engagements import SUBDOMAIN, subdomain_of

NINETY_DAYS, TYPED = "last_90_days", "typed"
_FIRST_YEAR = 2010
"""PagerDuty began in 2009; the year after is safe in every time zone."""
_NOT_A_DAY = "Type a day as year-month-day."


def _zones() -> list[SelectChoice]:
    names = sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name)
    return [SelectChoice(name, name.replace("_", " ")) for name in ("UTC", *names)]


class EngagementForm(FlaskForm):  # type: ignore[misc]
    client_name = StringField(
        "Client",
        validators=[
            InputRequired("Type the client's name."),
            Length(max=200, message="Use at most 200 characters."),
        ],
    )
    subdomain = StringField(
        "PagerDuty subdomain",
        filters=[lambda typed: subdomain_of(typed) if typed else typed],
        validators=[
            InputRequired("Type the part before .pagerduty.com."),
            Regexp(
                rf"^{SUBDOMAIN.pattern}\Z",
                message="Use letters, digits and hyphens, as in acme or acme.eu.",
            ),
        ],
    )
    period = RadioField(
        choices=[
            SelectChoice(NINETY_DAYS, "The last 90 days before the collection"),
            SelectChoice(TYPED, "Since and until"),
        ],
        default=NINETY_DAYS,
        validators=[InputRequired("Choose one.")],
    )
    since = DateField("Since", validators=[Optional()])
    until = DateField("Until", validators=[Optional()])
    time_zone = SelectField("Account time zone", choices=_zones, default="UTC")

    def validate(self, extra_validators: object = None) -> bool:
        """Field by field, then what the days mean together."""
        passed: bool = super().validate(extra_validators)
        if self.period.data == TYPED:
            return self._check_days() and passed
        return passed

    def window(self) -> tuple[datetime | None, datetime | None]:
        """``[since, until)`` in UTC, whole days of the chosen zone; None twice for the default."""
        if self.period.data != TYPED:
            return None, None
        zone = ZoneInfo(self.time_zone.data)
        after = self.until.data + timedelta(days=1)
        begin, end = (
            datetime.combine(day, time.min, zone).astimezone(UTC)
            for day in (self.since.data, after)
        )
        return begin, end

    def _check_days(self) -> bool:
        for field, name in ((self.since, "first"), (self.until, "last")):
            if field.errors:
                field.errors = [_NOT_A_DAY]
            elif field.data is None:
                field.errors = [f"Choose the {name} day."]
        if self.since.errors or self.until.errors:
            return False
        if self.since.data.year < _FIRST_YEAR or self.until.data.year > now().year:
            field = self.since if self.since.data.year < _FIRST_YEAR else self.until
            field.errors = [f"Choose a day between {_FIRST_YEAR} and today."]
            return False
        if self.since.data > self.until.data:
            self.until.errors = ["The last day is before the first day."]
            return False
        end = self.window()[1] if not self.time_zone.errors else None
        if end is None or end <= now():
            return True
        self.until.errors = ["The last day must have ended: yesterday at the latest."]
        return False
