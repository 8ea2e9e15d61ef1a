"""With CI=true nothing may be skipped but what reads ../shared where that is absent."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _forbidden(node: pytest.Item | pytest.Collector) -> bool:
    excused = node.get_closest_marker("shared") is not None and not SHARED.is_dir()
    return os.environ.get("CI") == "true" and not excused


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure that says why it was one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _forbidden(item):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longreprtext}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that skips itself as a whole."""
    report = yield
    if report.skipped and _forbidden(collector):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longreprtext}"
    return report
