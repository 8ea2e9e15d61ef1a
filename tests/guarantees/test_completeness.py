"""Complete, or it says so: no figure without a badge to wear, no reason without words."""

from app.assessment.catalogue import METRICS
from app.models import Reason
from app.operations.runs.windows import RESOURCES
from collectors.layout import layout
from collectors.manifest import COLLECTED
from collectors.resource import Refresh, Shape, Span


def test_what_a_metric_needs_is_a_declared_resource() -> None:
    assert {name for each in METRICS for name in each.rests_on} <= set(RESOURCES)
    assert {each.id for each in METRICS if not each.rests_on} == {"C2", "DQ-06", "DQ-09"}


def test_a_missing_resource_puts_a_badge_on_the_metrics_that_rest_on_it() -> None:
    badges = {
        each.id
        for each in METRICS
        if any(each.lacking({"schedules"}, m.name, "account") for m in each.measures)
    }
    families = {number.partition("-")[0] for number in badges}
    assert families == {"INT", "ESC", "POL", "ONC", "LOAD", "DQ"}
    assert {number for number in badges if number.startswith("INT")} == {
        *(f"INT-{number:02}" for number in (3, 4, 6, 7, 10))
    }


def test_every_resource_says_what_the_assessment_loses_without_it() -> None:
    assert all(each.without.endswith(".") for each in COLLECTED)


def test_what_is_read_since_the_last_run_belongs_to_a_time() -> None:
    """A list without times cannot be continued: it is read whole."""
    timed = {Span.WINDOW, Span.WINDOW_TO_AS_OF}
    for each in COLLECTED:
        assert each.refresh is not Refresh.SINCE_LAST or (each.span in timed and each.moment)


def test_of_a_list_that_is_cut_by_time_each_record_says_when_it_was() -> None:
    """Without it nobody could count whether a window has what it declared."""
    for each in COLLECTED:
        if each.paged and each.span in {Span.WINDOW, Span.WINDOW_TO_AS_OF}:
            columns = {column.name for column in layout(each.schema)[0].columns}
            assert each.clip or each.moment
            assert {*(each.clip or ()), each.moment} - {None} <= columns


def test_a_list_is_either_cut_by_time_or_read_with_an_overlap() -> None:
    """Paging by offset over a list that changes loses records: one of the two must see it."""
    for each in COLLECTED:
        if each.shape is Shape.LIST and each.paged and each.span in {Span.NONE, Span.RENDERED}:
            assert each.parent or "id" in each.schema().fields


def test_no_reason_is_longer_than_its_column() -> None:
    words = list(Reason)
    assert all(len(word) <= 24 for word in words)
