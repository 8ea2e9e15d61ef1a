"""Services: which policy answers for which service."""

from collectors.fields import AllowListSchema, Id, reference
from collectors.resource import Resource


class ServiceSchema(AllowListSchema):
    TABLE = "service"

    id = Id("service", reason="tell services apart without naming them", required=True)
    escalation_policy = reference("escalation_policy", reason="which policy answers")


SERVICES = Resource(
    name="services",
    path="/services",
    scope="services.read",
    purpose="Which escalation policy answers for which service.",
    schema=ServiceSchema,
    envelope="services",
)
