"""Members of a team: how many people it has, as pseudonyms."""

from collectors.fields import AllowListSchema, reference
from collectors.numbers import Code
from collectors.resource import Refresh, Resource
from collectors.vocabularies import TEAM_ROLE


class TeamMemberSchema(AllowListSchema):
    TABLE = "team_member"
    KEYS = ("team_id", "position")
    OWNER = "team"

    user = reference("user", reason="the size of a team")
    role = Code(TEAM_ROLE, reason="an observer answers no incident")


TEAM_MEMBERS = Resource(
    name="team_members",
    path="/teams/{id}/members",
    scope="teams.read",
    purpose=(
        "Who belongs to which team. No figure of this version uses it yet: a figure counts the "
        "people whom it is about."
    ),
    without="Nothing in this version.",
    schema=TeamMemberSchema,
    envelope="members",
    parent="teams",
    refresh=Refresh.DAILY,
)
