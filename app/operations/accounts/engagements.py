"""Opening an engagement: for whom, over which window."""

import re
from datetime import UTC, datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import BadInput, NotFound
from app.models import HANDLE, Engagement, new_handle

SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,95}[a-z0-9])?(\.eu)?")
_FIRST = datetime(2009, 1, 1, tzinfo=UTC)
_HOST = re.compile(r"(?:https?://)?([^./?#@:\s]+(?:\.eu)?)\.pagerduty\.com(?::443)?(?:[/?#].*)?")


def subdomain_of(text: str) -> str:
    """What stands before ``.pagerduty.com``: ``acme``, or ``acme.eu`` in the EU region.

    ``text`` is that, the host, or the address of any page there.
    """
    typed = text.strip().casefold()
    host = _HOST.fullmatch(typed)
    return host.group(1) if host else typed


def open_engagement(
    session: Session,
    *,
    firm_id: int,
    client_name: str,
    subdomain: str,
    since: datetime | None,
    until: datetime | None,
    time_zone: str,
) -> Engagement:
    """A new engagement; without a window, the last 90 days. Raises BadInput."""
    name = client_name.strip()
    if not 0 < len(name) <= 200 or not name.isprintable():
        raise BadInput("The client needs a name", "Give one of up to 200 characters.")
    account = subdomain_of(subdomain)
    if not SUBDOMAIN.fullmatch(account):
        raise BadInput(
            "That is not a PagerDuty subdomain",
            "Give what stands before .pagerduty.com, for example acme or acme.eu.",
        )
    _check_window(since, until)
    if time_zone not in available_timezones():
        raise BadInput("That time zone is unknown", "Give an IANA name, for example Europe/Berlin.")
    engagement = Engagement(
        handle=new_handle(),
        firm_id=firm_id,
        client_name=name,
        subdomain=account,
        since=since,
        until=until,
        time_zone=time_zone,
        created_at=now(),
    )
    session.add(engagement)
    session.flush()  # the caller needs its id
    return engagement


def _check_window(since: datetime | None, until: datetime | None) -> None:
    if (since is None) != (until is None):
        raise BadInput("The window has one end only", "Give both since and until, or neither.")
    if since is None or until is None:
        return
    if since >= until:
        raise BadInput("The window ends before it begins", "Give a since that is before until.")
    if since < _FIRST:
        raise BadInput("The window begins before PagerDuty did", "Give a since from 2009 on.")
    if until > now():
        raise BadInput("The window ends in the future", "Give an until that has passed.")


def list_engagements(session: Session, firm_id: int) -> list[Engagement]:
    """A firm's engagements, newest first."""
    return list(
        session.scalars(
            select(Engagement).where(Engagement.firm_id == firm_id).order_by(Engagement.id.desc())
        )
    )


def find_engagement(session: Session, firm_id: int, handle: str) -> Engagement:
    """One engagement of a firm. Raises NotFound for a foreign one, as for a missing one."""
    found = HANDLE.fullmatch(handle) and session.scalar(
        select(Engagement).where(Engagement.firm_id == firm_id, Engagement.handle == handle)
    )
    if not found:
        raise NotFound
    return found
