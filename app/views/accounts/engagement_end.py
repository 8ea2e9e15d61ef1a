"""The end of an engagement: a day that can be set, changed and removed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired

from app.access.guard import current_member
from app.core.clock import now
from app.extensions import bound, db
from app.models import Engagement
from app.operations.accounts.engagements import find_engagement
from app.operations.deletion.retention import set_end
from app.operations.transactions.fence import open_epoch
from app.reports.wording.words import duration

blueprint = Blueprint("engagement_end", __name__, url_prefix="/engagements")
_YEARS = range(2010, 2101)


class EndForm(FlaskForm):  # type: ignore[misc]
    last_day = DateField("Last day", validators=[InputRequired("Choose the last day.")])
    confirm = BooleanField("Yes, delete it")

    def check_year(self) -> bool:
        """Calendar arithmetic works with this year."""
        if self.last_day.data.year in _YEARS:
            return True
        self.last_day.errors = [f"Choose a day from {_YEARS[0]} to {_YEARS[-1]}."]
        return False


def _after(day: datetime, zone: ZoneInfo) -> datetime:
    """The end of a day in the engagement's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def _deletes_at_once(session: Session, engagement: Engagement, ends_at: datetime) -> bool:
    passed = ends_at + bound.config.deadlines.after_end <= now()
    return passed and open_epoch(session, engagement.id) is not None


def _last_day(engagement: Engagement) -> datetime | None:
    if engagement.ends_at is None:
        return None
    return (engagement.ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(engagement.time_zone))


@blueprint.route("/<handle>/end", methods=["GET", "POST"])
def end(handle: str) -> ResponseReturnValue:
    """Set or remove the day; a day that deletes at once must be confirmed."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
    form = EndForm(last_day=_last_day(engagement))
    if request.method == "POST" and request.form.get("clear"):
        return _store(handle, None)
    if not form.validate_on_submit() or not form.check_year():
        return _page(engagement, form, confirm=False), 400 if form.errors else 200
    ends_at = _after(form.last_day.data, ZoneInfo(engagement.time_zone))
    with db.read() as session:
        unconfirmed = _deletes_at_once(session, engagement, ends_at) and not form.confirm.data
    return (_page(engagement, form, confirm=True), 400) if unconfirmed else _store(handle, ends_at)


def _page(engagement: Engagement, form: EndForm, *, confirm: bool) -> str:
    deadlines = bound.config.deadlines
    return render_template(
        "accounts/engagement_end.html",
        engagement=engagement,
        form=form,
        confirm=confirm,
        after=duration(deadlines.after_end.total_seconds()),
        within=duration(deadlines.confirmation.total_seconds()),
    )


def _store(handle: str, ends_at: datetime | None) -> ResponseReturnValue:
    with db.write() as session:
        set_end(find_engagement(session, current_member().firm_id, handle), ends_at)
    return redirect(url_for("integrations.page", handle=handle), code=303)
