"""Members of a team: how many people stand behind it, as pseudonyms."""

from collectors.fields import AllowListSchema, reference
from collectors.numbers import Code
from collectors.resource import Refresh, Resource
from collectors.vocabularies import TEAM_ROLE


class TeamMemberSchema(AllowListSchema):
    TABLE = "team_member"
    KEYS = ("team_id", "position")
    OWNER = "team"

    user = reference("user", reason="the size of the group that a figure is about")
    role = Code(TEAM_ROLE, reason="an observer answers no incident")


TEAM_MEMBERS = Resource(
    name="team_members",
    path="/teams/{id}/members",
    scope="teams.read",
    purpose="The size of each team, so that no figure is shown about too few people.",
    without="Figures about the people of one team are not shown.",
    schema=TeamMemberSchema,
    envelope="members",
    parent="teams",
    refresh=Refresh.DAILY,
)
