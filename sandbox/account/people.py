"""The two people who can log in, as `/users/me` shows them."""

from sandbox.account.listing import Authorizer
from sandbox.account.references import API, Writer
from sandbox.canaries import leaf

Json = dict[str, object]


def authorizer(role: str, user_id: str, zone: str, teams: list[str], writer: Writer) -> Authorizer:
    """`role` is admin or limited_user; the calendar URLs are credentials, as PagerDuty's are."""
    stem = writer.mint.stem("user", user_id)
    email = f"{leaf(stem, '/email')}@example.com"
    feed = f"https://{writer.subdomain}.pagerduty.com/private/"
    body: Json = {
        **writer.heading("user", user_id, stem),
        "name": f"Responder {leaf(stem, '/name')}",
        "email": email,
        "time_zone": zone,
        "color": "green",
        "role": role,
        "avatar_url": f"https://avatars.example/{leaf(stem, '/avatar_url')}",
        "description": leaf(stem, "/description"),
        "invitation_sent": False,
        "job_title": leaf(stem, "/job_title"),
        "created_via_sso": True,
        "http_cal_url": feed + leaf(stem, "/http_cal_url"),
        "web_cal_url": feed + leaf(stem, "/web_cal_url"),
        "teams": [
            writer.reference("team", team, stem, f"/teams/{n}") for n, team in enumerate(teams)
        ],
        "contact_methods": [_owned(user_id, "email_contact_method", "contact_methods", stem)],
        "notification_rules": [
            _owned(user_id, "assignment_notification_rule", "notification_rules", stem)
        ],
    }
    return Authorizer(role, user_id, email, body)


def _owned(user_id: str, kind: str, path: str, stem: str) -> Json:
    at = f"/{path}/0"
    return {
        "id": user_id,
        "type": f"{kind}_reference",
        "summary": leaf(stem, f"{at}/summary"),
        "self": f"{API}/users/{user_id}/{path}?{leaf(stem, at + '/self')}",
        "html_url": None,
    }
