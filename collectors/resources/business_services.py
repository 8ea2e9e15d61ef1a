"""Business services: nodes of the dependency graph."""

from collectors.fields import AllowListSchema, Id, reference
from collectors.resource import Resource


class BusinessServiceSchema(AllowListSchema):
    TABLE = "business_service"

    id = Id("business_service", reason="tell services apart without naming them", required=True)
    team = reference("team", reason="which team owns it")


BUSINESS_SERVICES = Resource(
    name="business_services",
    path="/business_services",
    scope="services.read",
    purpose="Which business services depend on technical ones.",
    without="Business services are missing from the dependency graph.",
    schema=BusinessServiceSchema,
    envelope="business_services",
)
