import pytest

from app.assessment.catalogue import BY_ID
from tests.unit.assessment.suppression.cells import declared


@pytest.fixture(autouse=True)
def a_declared_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures of these tests belong to a metric of their own."""
    monkeypatch.setitem(BY_ID, "TEST-01", declared())
