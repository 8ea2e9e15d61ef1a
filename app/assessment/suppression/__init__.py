"""What may be published of figures over people."""

from app.assessment.suppression.complement import publishable_change
from app.assessment.suppression.rounding import FEW, FEW_RULE
from app.assessment.suppression.suppress import (
    measure_of,
    published,
    suppress,
    suppress_series,
    withheld_cells,
)
from app.assessment.suppression.tables import dominated, dominated_groups, suppress_table

__all__ = [
    "FEW",
    "FEW_RULE",
    "dominated",
    "dominated_groups",
    "measure_of",
    "publishable_change",
    "published",
    "suppress",
    "suppress_series",
    "suppress_table",
    "withheld_cells",
]
