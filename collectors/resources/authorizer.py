"""The authorizer: only the role, to know whether private teams are hidden."""

from collectors.fields import AllowListSchema
from collectors.numbers import Code
from collectors.resource import Resource, Shape
from collectors.vocabularies import ROLE


class AuthorizerSchema(AllowListSchema):
    TABLE = "authorizer"
    KEYS = ("position",)

    role = Code(ROLE, reason="an admin or owner sees every team; others see part")


SEES_EVERYTHING = frozenset({"admin", "owner"})
"""To all others private teams are hidden (PagerDuty support, "Team-based permissions")."""

AUTHORIZER = Resource(
    name="authorizer",
    path="/users/me",
    scope="none named",
    purpose="The role of the person who connects, to say whether the data is partial.",
    without="Whether private teams are hidden is not known.",
    schema=AuthorizerSchema,
    envelope="user",
    shape=Shape.ONE,
    paged=False,
)
