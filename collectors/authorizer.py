"""The authorizer: the role alone, to know whether private teams are hidden from us."""

from collectors.fields import AllowListSchema, Code
from collectors.resource import Resource
from collectors.vocabularies import ROLE


class AuthorizerSchema(AllowListSchema):
    role = Code(ROLE, reason="an admin or owner sees every team; others see part")


AUTHORIZER = Resource(
    name="authorizer",
    path="/users/me",
    scope="none named",
    purpose="The role of the person who connects, to say whether the data is partial.",
    schema=AuthorizerSchema,
    envelope="user",
    paged=False,
    stored=False,
)
