"""Dependencies of a technical service: the edges of the graph, in both directions."""

from collectors.fields import AllowListSchema, Id, One
from collectors.numbers import Code
from collectors.resource import Refresh, Resource
from collectors.vocabularies import SERVICE_KIND


class ServiceEndSchema(AllowListSchema):
    type = Code(SERVICE_KIND, reason="technical or business service")
    id = Id(None, reason="join the edge with its services")


class DependencySchema(AllowListSchema):
    TABLE = "service_dependency"

    id = Id("service_dependency", reason="an edge is told by both its ends", required=True)
    supporting_service = One(ServiceEndSchema, reason="what is depended on")
    dependent_service = One(ServiceEndSchema, reason="what depends on it")


TECHNICAL_DEPENDENCIES = Resource(
    name="technical_dependencies",
    path="/service_dependencies/technical_services/{id}",
    scope="services.read",
    purpose="Which service depends on which; PagerDuty has no list of all edges.",
    without="No dependency graph: blast radius and cycles are not known.",
    schema=DependencySchema,
    envelope="relationships",
    paged=False,
    parent="services",
    refresh=Refresh.DAILY,
)
