"""Another window, other options: assessed from what is collected, without another request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from app.core.errors import BadInput
from app.extensions import db
from app.models import Assessment, CollectionRun, FailureCode
from app.operations.assessments.assess import assess, assess_now, queue_question
from app.operations.assessments.question import Question
from app.operations.collection.collect import collect
from app.operations.collection.refresh import refresh
from app.operations.collection.resume import resume
from app.operations.connection.status import connection_status
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import purge
from app.operations.transactions.failures import MOST_ATTEMPTS
from tests.conftest import ON_SQLITE
from tests.unit.operations.api import Api, records
from tests.unit.operations.conftest import Tenant, run_of
from tests.unit.operations.purges import hurry

pytestmark = ON_SQLITE

Load = Callable[..., Any]


def _collected(tenant: Tenant, api: Api, *, days: float = 80.0) -> str:
    """Incidents of one service, collected and assessed; the handle of the assessment."""
    api.account["incidents"] = [
        {**each, "service": {"id": "PSERVICES0", "type": "service_reference"}}
        for each in records("incidents", 160, days=days)
    ]
    tenant.connect()
    handle = collect(run_of(tenant).handle)
    assert handle is not None
    assess(handle)
    return handle


def _asks(tenant: Tenant, question: Question) -> str:
    with db.write() as session:
        return queue_question(session, tenant.engagement, question)


def _kept(handle: str) -> Assessment:
    with db.read() as session:
        return session.scalars(select(Assessment).where(Assessment.handle == handle)).one()


def _document(handle: str) -> dict[str, Any]:
    found = _kept(handle)
    assert (found.state, found.code) == ("done", None)
    assert found.document is not None
    return found.document


def _incidents(document: dict[str, Any]) -> float:
    (found,) = (
        each["value"]
        for each in document["metrics"]
        if each["measure"] == "incident_count" and each["scope"] == {"level": "account"}
    )
    return float(found)


def _runs() -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(CollectionRun)) or 0


def _weeks(tenant: Tenant, first: int, last: int) -> Question:
    """Whole weeks, counted from the start of what is collected."""
    since = run_of(tenant).since
    return Question(since + timedelta(weeks=first), since + timedelta(weeks=last))


def test_another_window_is_assessed_without_collecting_again(tenant: Tenant, api: Api) -> None:
    whole = _collected(tenant, api)
    api.requests.clear()
    handle = _asks(tenant, _weeks(tenant, 4, 12))
    assert _kept(handle).state == "queued"
    assess(handle)
    part, chosen = _document(handle), _weeks(tenant, 4, 12)
    assert chosen.since is not None
    assert part["window"]["since"] == chosen.since.isoformat().replace("+00:00", "Z")
    # One incident in twelve hours, 80 days long; eight weeks hold 112 of them.
    assert _incidents(_document(whole)) == 160
    assert _incidents(part) == 112
    assert api.requests == []
    assert _runs() == 1


def test_options_are_in_the_document_and_change_what_they_are_about(
    tenant: Tenant, api: Api
) -> None:
    whole = _collected(tenant, api)
    handle = _asks(tenant, Question(settings={"ack_target_s": 60, "teams": ["f" * 32]}))
    assess(handle)
    document = _document(handle)
    assert document["options"]["ack_target_s"] == 60
    assert document["options"]["teams"] == ["f" * 32]
    assert _document(whole)["options"]["ack_target_s"] == 300
    assert (_incidents(_document(whole)), _incidents(document)) == (160, 0)


@pytest.mark.parametrize("entry", [queue_question, assess_now])
@pytest.mark.parametrize(
    "question",
    [
        Question(settings={"ack_target_s": -1}),
        Question(settings={"teams": ["not hexadecimal"]}),
        Question(baseline="0" * 16),
    ],
)
def test_what_cannot_be_assessed_is_refused_and_nothing_is_queued(
    tenant: Tenant, api: Api, question: Question, entry: Load
) -> None:
    _collected(tenant, api)
    with db.write() as session, pytest.raises(BadInput):
        entry(session, tenant.engagement, question)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 1


def test_where_nothing_is_collected_nothing_is_assessed(tenant: Tenant, api: Api) -> None:
    with db.write() as session, pytest.raises(BadInput, match="Nothing is collected"):
        queue_question(session, tenant.engagement, Question())
    tenant.connect()
    with db.write() as session, pytest.raises(BadInput, match="under way"):
        queue_question(session, tenant.engagement, Question())


def test_nothing_is_assessed_while_rows_are_still_changing(tenant: Tenant, api: Api) -> None:
    _collected(tenant, api)
    with db.write() as session:
        assert refresh(session, tenant.engagement) is not None
    with db.write() as session, pytest.raises(BadInput, match="under way"):
        queue_question(session, tenant.engagement, Question())


def test_no_refresh_begins_while_an_assessment_is_active(tenant: Tenant, api: Api) -> None:
    _collected(tenant, api)
    handle = _asks(tenant, Question())
    with db.write() as session:
        assert refresh(session, tenant.engagement) is None
    assess(handle)
    with db.write() as session:
        assert refresh(session, tenant.engagement) is not None


def test_a_baseline_puts_a_comparison_into_the_document(tenant: Tenant, api: Api) -> None:
    assert _document(_collected(tenant, api))["comparison"] is None
    before = _asks(tenant, _weeks(tenant, 0, 6))
    assess(before)
    since = run_of(tenant).since
    after = Question(
        since + timedelta(weeks=6), since + timedelta(weeks=12), settings={}, baseline=before
    )
    handle = _asks(tenant, after)
    assess(handle)
    compared = _document(handle)["comparison"]
    assert (compared["baseline"], compared["comparable"]) == (before, True)
    volume = next(each for each in compared["changes"] if each["measure"] == "incident_count")
    assert volume["baseline"]["value"] == _incidents(_document(before))
    assert volume["followup"]["value"] == _incidents(_document(handle)) == 84


def test_a_baseline_with_other_options_says_why_it_does_not_compare(
    tenant: Tenant, api: Api
) -> None:
    _collected(tenant, api)
    before = _asks(tenant, _weeks(tenant, 0, 6))
    assess(before)
    since = run_of(tenant).since
    handle = _asks(
        tenant,
        Question(
            since + timedelta(weeks=6),
            since + timedelta(weeks=12),
            settings={"ack_target_s": 60},
            baseline=before,
        ),
    )
    assess(handle)
    compared = _document(handle)["comparison"]
    assert (compared["comparable"], compared["changes"]) == (False, [])
    assert "ack_target_s" in compared["reason"]


def test_a_baseline_is_the_window_it_was_made_of_not_that_of_a_later_run(
    tenant: Tenant, api: Api
) -> None:
    """Without a window of its own an assessment has that of its run, which moves on."""
    first = _collected(tenant, api)
    old = run_of(tenant)
    with db.write() as session:
        run = session.get_one(CollectionRun, old.id)
        for name in ("since", "until", "as_of", "queued_at"):
            setattr(run, name, getattr(run, name) - timedelta(days=7))
    with db.write() as session:
        fresh = refresh(session, tenant.engagement)
    assert fresh is not None
    second = collect(fresh.handle)
    assert second is not None
    assess(second)
    # What the older window began with is forgotten: there is nothing left to compare with.
    with db.write() as session, pytest.raises(BadInput, match="wider than what was collected"):
        queue_question(session, tenant.engagement, Question(baseline=first))


def test_a_foreign_assessment_is_no_baseline(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = _collected(tenant, api)
    with db.write() as session:
        gone = disconnect(session, tenant.engagement).purge.handle
    tenant.connect(account="POTHER")
    handle = collect(run_of(tenant).handle)
    assert handle is not None
    assess(handle)
    with db.write() as session, pytest.raises(BadInput, match="does not exist"):
        queue_question(session, tenant.engagement, Question(baseline=foreign))
    hurry(monkeypatch)
    assert purge(gone)


def test_an_unfinished_assessment_is_no_baseline(tenant: Tenant, api: Api) -> None:
    _collected(tenant, api)
    waiting = _asks(tenant, Question())
    with db.write() as session, pytest.raises(BadInput, match="does not exist"):
        queue_question(session, tenant.engagement, Question(baseline=waiting))


def test_an_assessment_whose_baseline_was_deleted_fails_once_and_says_so(
    tenant: Tenant, api: Api
) -> None:
    baseline = _collected(tenant, api)
    handle = _asks(tenant, Question(baseline=baseline))
    with db.write() as session:
        session.execute(delete(Assessment).where(Assessment.handle == baseline))
    assess(handle)
    failed = _kept(handle)
    assert (failed.state, failed.code, failed.document) == ("failed", FailureCode.REFUSED, None)
    assert (failed.lease_owner, failed.lease_until) == (None, None)
    assess(handle)
    assert _kept(handle).attempts == 1
    with db.read() as session:
        assert connection_status(session, tenant.engagement).assessment_failed


def test_assessing_again_repeats_the_question_unless_it_was_refused(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = _collected(tenant, api)
    handle = _asks(tenant, _weeks(tenant, 2, 4))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("app.operations.assessments.assess.document", broken)
        with pytest.raises(ZeroDivisionError):
            assess(handle)
    again = _resumed(tenant)
    assert _kept(again).question == _weeks(tenant, 2, 4).as_json()
    assess(again)

    refused = _asks(tenant, Question(baseline=baseline))
    with db.write() as session:
        session.execute(delete(Assessment).where(Assessment.handle == baseline))
    assess(refused)
    plain = _resumed(tenant)
    assert _kept(plain).question is None
    assess(plain)
    assert _incidents(_document(plain)) == 160


def _resumed(tenant: Tenant) -> str:
    with db.write() as session:
        due = resume(session, tenant.engagement)
    assert due is not None
    return due[1]


def test_an_assessment_that_kills_its_worker_is_given_up(tenant: Tenant, api: Api) -> None:
    _collected(tenant, api)
    handle = _asks(tenant, Question())
    with db.write() as session:
        row = session.scalars(select(Assessment).where(Assessment.handle == handle)).one()
        row.attempts = MOST_ATTEMPTS
    assess(handle)
    assert (_kept(handle).state, _kept(handle).code) == ("failed", FailureCode.GAVE_UP)


def test_assessments_and_their_questions_die_with_the_epoch(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    _collected(tenant, api)
    assess(_asks(tenant, _weeks(tenant, 0, 6)))
    waiting = _asks(tenant, _weeks(tenant, 1, 7))
    with db.write() as session:
        gone = disconnect(session, tenant.engagement).purge.handle
    assess(waiting)
    assert _kept(waiting).state == "queued"
    hurry(monkeypatch)
    assert purge(gone)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 0
