"""People as `/users` and `/users/me` show them: almost all of it is nobody else's business."""

from dataclasses import dataclass

from sandbox.account.account import Authorizer
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Person
from sandbox.account.references import API, Writer
from sandbox.canaries import leaf


def profile(one: Person, teams: list[str], writer: Writer) -> Json:
    """A full User object, without the calendar addresses that only `/users/me` has."""
    stem = writer.mint.stem("user", one.id)
    return {
        **writer.heading("user", one.id, stem),
        "name": f"Responder {leaf(stem, '/name')}",
        "email": f"{leaf(stem, '/email')}@example.com",
        "time_zone": one.zone,
        "color": "green",
        "role": one.role,
        "avatar_url": f"https://avatars.example/{leaf(stem, '/avatar_url')}",
        "description": leaf(stem, "/description"),
        "invitation_sent": False,
        "job_title": leaf(stem, "/job_title"),
        "created_via_sso": True,
        "teams": [
            writer.reference("team", team, stem, f"/teams/{n}") for n, team in enumerate(teams)
        ],
        "contact_methods": [_owned(one.id, "email_contact_method", "contact_methods", stem)],
        "notification_rules": [
            _owned(one.id, "assignment_notification_rule", "notification_rules", stem)
        ],
    }


def authorizer(one: Person, teams: list[str], writer: Writer) -> Authorizer:
    """Its role is admin or limited_user; the calendar URLs are credentials, as PagerDuty's are."""
    stem = writer.mint.stem("user", one.id)
    body = profile(one, teams, writer)
    body["http_cal_url"] = writer.feed(stem, "/http_cal_url")
    body["web_cal_url"] = writer.feed(stem, "/web_cal_url")
    return Authorizer(one.role, one.id, str(body["email"]), body)


def _owned(user_id: str, kind: str, path: str, stem: str) -> Json:
    at = f"/{path}/0"
    return {
        "id": user_id,
        "type": f"{kind}_reference",
        "summary": leaf(stem, f"{at}/summary"),
        "self": f"{API}/users/{user_id}/{path}?{leaf(stem, at + '/self')}",
        "html_url": None,
    }


@dataclass(frozen=True, slots=True)
class Users:
    company: Company

    def listing(self) -> Listing:
        """People are not hidden with their team."""
        people = self.company.organisation.people
        ids = [one.id for one in people]
        return self.company.listing("users", ids, self.render, [None] * len(ids))

    def render(self, number: int, _: Shape) -> Json:
        made = self.company.organisation
        one = made.people[number]
        return profile(one, [made.teams[one.team].id], self.company.writer)
