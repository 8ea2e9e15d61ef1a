"""Dependencies of a business service: edges that no technical service shows."""

from collectors.resource import Refresh, Resource
from collectors.resources.technical_dependencies import DependencySchema

BUSINESS_DEPENDENCIES = Resource(
    name="business_dependencies",
    path="/service_dependencies/business_services/{id}",
    scope="services.read",
    purpose="Which business service depends on which.",
    without="Edges between business services are missing from the dependency graph.",
    schema=DependencySchema,
    envelope="relationships",
    paged=False,
    parent="business_services",
    refresh=Refresh.DAILY,
)
