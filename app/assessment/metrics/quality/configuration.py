"""Whether the configuration is still that of the window."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.scopes import Scope


@metric(
    "DQ-11",
    "Configuration drift",
    Measure("configuration_drift_count", "Known to have changed in the window", "count"),
    levels="ES",
    chart="table",
    needs=(),
)
def configuration_drift(account: Account, scope: Scope) -> Iterable[Value]:
    """Whether a policy or schedule is known to have changed inside the window. Not known: audit
    records are not collected, and neither is what the configuration was before; paths and levels
    are read from the policies as they stand today."""
    return (Value("configuration_drift_count", None, 0),)
