"""Abilities: asked once an hour to learn whether the grant still stands. Nothing is kept."""

from collectors.fields import AllowListSchema
from collectors.resource import Resource


class AbilitiesSchema(AllowListSchema):
    """Empty on purpose: the status of the answer is all that is read."""


ABILITIES = Resource(
    name="abilities",
    path="/abilities",
    scope="abilities.read",
    purpose="Whether the grant still stands.",
    schema=AbilitiesSchema,
    envelope="abilities",
    paged=False,
    stored=False,
)
