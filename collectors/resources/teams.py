"""Teams: how many there are, and which are private."""

from collectors.fields import AllowListSchema, Id
from collectors.numbers import Code
from collectors.resource import Resource
from collectors.vocabularies import TEAM_ACCESS


class TeamSchema(AllowListSchema):
    TABLE = "team"

    id = Id("team", reason="tell teams apart without naming them", required=True)
    default_role = Code(TEAM_ACCESS, reason="a private team may hide part of the data")


TEAMS = Resource(
    name="teams",
    path="/teams",
    scope="teams.read",
    purpose="The teams that figures are broken down by.",
    without="No figures per team; whether services have an owner is not judged.",
    schema=TeamSchema,
    envelope="teams",
)
