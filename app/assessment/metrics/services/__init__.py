"""SVC: services, their dependencies, and where the load gathers."""

from app.assessment.metric import Metric
from app.assessment.metrics.services.co_incidents import criticality, lift
from app.assessment.metrics.services.concentration import concentration, pareto, pareto_curve
from app.assessment.metrics.services.dependencies import (
    blast_radius,
    depth,
    edges,
    fan,
    nodes,
    unmapped,
)
from app.assessment.series import Series

METRICS: tuple[Metric, ...] = (
    pareto,
    fan,
    depth,
    blast_radius,
    lift,
    concentration,
    unmapped,
    criticality,
)
SERIES: tuple[Series, ...] = (pareto_curve, nodes, edges)
