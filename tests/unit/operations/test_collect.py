"""A run stores each record once, knows what is missing, and never hangs unseen."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import func, select, update

from app.clock import now
from app.extensions import db, keystore
from app.models import RECORD_TABLES, Assessment, CollectionRun, Connection, Token
from app.operations import collect as collecting
from app.operations.assess import assess
from app.operations.check import check
from app.operations.collect import collect
from app.operations.completeness import completeness
from app.operations.disconnect import disconnect
from app.operations.failures import MOST_ATTEMPTS
from app.operations.lost import mark_lost
from app.operations.resume import resume
from app.operations.status import connection_status
from app.queues import Job
from collectors.manifest import COLLECTED
from tests.unit.operations.conftest import World

Answer = Callable[[str, dict[str, str]], dict[str, Any] | int]
_ENVELOPES = {resource.path: resource.envelope for resource in COLLECTED}


class Api(HTTPAdapter):
    """PagerDuty as a function of path and query: a body, or a status."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[str] = []

    def send(
        self, request: requests.PreparedRequest, *_args: object, **_options: object
    ) -> requests.Response:
        url = urlsplit(str(request.url))
        query = dict(pair.split("=", 1) for pair in url.query.split("&") if "=" in pair)
        self.asked.append(url.path)
        answer = self.answer(url.path, query)
        response = requests.Response()
        response.status_code = answer if isinstance(answer, int) else 200
        response.raw = io.BytesIO(b"" if isinstance(answer, int) else json.dumps(answer).encode())
        response.request = request
        return response


def _records(path: str, count: int) -> list[dict[str, Any]]:
    stamp = (now() - timedelta(days=1)).isoformat()
    return [
        {"id": f"{path.strip('/')}{number}", "created_at": stamp, "type": "trigger_log_entry"}
        for number in range(count)
    ]


def _plain(path: str, query: dict[str, str]) -> dict[str, Any]:
    """Three records everywhere."""
    return {_ENVELOPES[path]: _records(path, 3), "more": False, "total": 3}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api(_plain)

    def session() -> requests.Session:
        opened = requests.Session()
        opened.mount("https://", made)
        return opened

    monkeypatch.setattr(collecting, "rest_session", session)
    monkeypatch.setattr("app.operations.check.rest_session", session)
    monkeypatch.setattr("collectors.client.time.sleep", lambda _: None)
    return made


def _run(world: World) -> CollectionRun:
    with db.read() as session:
        return session.scalars(select(CollectionRun)).one()


def _complete(world: World) -> dict[str, Any]:
    with db.read() as session:
        return completeness(session, _run(world).id)


def test_everything_declared_is_stored_and_said_to_be_complete(world: World, api: Api) -> None:
    world.connect()
    assert collect(_run(world).handle) is not None
    found = _complete(world)
    assert found["complete"] is True
    assert [each["stored"] for each in found["resources"]] == [3] * len(COLLECTED)
    assert _run(world).state == "done"
    assert _run(world).requests == len(COLLECTED)


@pytest.mark.parametrize(
    "odd",
    [
        {"more": False},
        {"total": 3},
        {"more": False, "total": 4},
        {"more": True, "total": 3, "empty": True},
    ],
    ids=["no total", "no more", "one less than declared", "more, but nothing comes"],
)
def test_what_pagerduty_does_not_vouch_for_is_not_complete(
    world: World, api: Api, odd: dict[str, Any]
) -> None:
    def answer(path: str, query: dict[str, str]) -> dict[str, Any]:
        if path != "/services":
            return _plain(path, query)
        later = "empty" in odd and query["offset"] != "0"
        return {"services": [] if later else _records(path, 3), **odd}

    api.answer = answer
    world.connect()
    collect(_run(world).handle)
    found = _complete(world)
    assert found["complete"] is False
    assert [each["resource"] for each in found["resources"] if not each["complete"]] == ["services"]


def test_a_list_that_changes_while_it_is_paged_is_not_complete(world: World, api: Api) -> None:
    def answer(path: str, query: dict[str, str]) -> dict[str, Any]:
        if path != "/services":
            return _plain(path, query)
        first = query["offset"] == "0"
        records = _records(path, 150)[:100] if first else _records(path, 150)[100:]
        return {"services": records, "more": first, "total": 150 if first else 151}

    api.answer = answer
    world.connect()
    collect(_run(world).handle)
    services = next(e for e in _complete(world)["resources"] if e["resource"] == "services")
    assert (services["declared"], services["received"]) == (150, 150)
    assert services["complete"] is False


def test_a_window_above_the_cap_is_halved_until_it_fits(world: World, api: Api) -> None:
    def answer(path: str, query: dict[str, str]) -> dict[str, Any]:
        if path != "/incidents":
            return _plain(path, query)
        days = (_instant(query["until"]) - _instant(query["since"])) / timedelta(days=1)
        total = int(days * 200)
        return {"incidents": [], "more": False, "total": total}

    api.answer = answer
    world.connect()
    collect(_run(world).handle)
    incidents = next(e for e in _complete(world)["resources"] if e["resource"] == "incidents")
    assert incidents["windows"] == 2
    assert incidents["declared"] == 18_000
    assert incidents["complete"] is False


def _instant(text: str) -> Any:
    return type(now()).fromisoformat(unquote(text))


def test_schedules_are_never_divided_by_time(world: World, api: Api) -> None:
    def answer(path: str, query: dict[str, str]) -> dict[str, Any]:
        if path != "/schedules":
            return _plain(path, query)
        return {"schedules": _records(path, 3), "more": False, "total": 10_001}

    api.answer = answer
    world.connect()
    collect(_run(world).handle)
    assert api.asked.count("/schedules") == 1
    assert _complete(world)["complete"] is False


def test_a_resource_the_plan_lacks_is_recorded_and_no_failure(world: World, api: Api) -> None:
    api.answer = lambda path, query: 402 if path == "/schedules" else _plain(path, query)
    world.connect()
    assert collect(_run(world).handle) is not None
    found = {each["resource"]: each for each in _complete(world)["resources"]}
    assert found["schedules"]["available"] is False
    assert found["services"]["complete"] is True


def test_a_late_worker_cannot_spoil_the_run_of_its_successor(world: World, api: Api) -> None:
    world.connect()

    def taken_over(path: str, query: dict[str, str]) -> int:
        with db.write() as session:
            session.execute(
                update(CollectionRun).values(
                    lease_owner="successor", lease_until=now() + timedelta(minutes=1)
                )
            )
        return 400

    api.answer = taken_over
    assert collect(_run(world).handle) is None
    run = _run(world)
    assert (run.state, run.lease_owner, run.code) == ("running", "successor", None)


def test_a_disconnect_ends_the_retries_of_a_run(world: World, api: Api) -> None:
    world.connect()

    def gone(path: str, query: dict[str, str]) -> int:
        with db.write() as session:
            disconnect(session, world.engagement)
        return 503

    api.answer = gone
    assert collect(_run(world).handle) is None
    assert len(api.asked) == 1


def test_missing_keys_fail_the_run_and_say_so(world: World, api: Api) -> None:
    epoch = world.connect()
    keystore.destroy(epoch.handle)
    collect(_run(world).handle)
    assert (_run(world).state, _run(world).code) == ("failed", "key_missing")


def test_a_run_that_never_gets_anywhere_is_given_up(world: World, api: Api) -> None:
    world.connect()
    with db.write() as session:
        session.execute(update(CollectionRun).values(attempts=MOST_ATTEMPTS))
    assert collect(_run(world).handle) is None
    assert (_run(world).state, _run(world).code) == ("failed", "gave_up")
    with db.write() as session:
        assert resume(session, world.engagement) == (Job.COLLECT, _run(world).handle)
    assert collect(_run(world).handle) is not None


def test_an_unexpected_error_is_seen_on_the_card(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(collecting, "store_page", broken)
    with pytest.raises(ZeroDivisionError):
        collect(_run(world).handle)
    assert (_run(world).state, _run(world).code) == ("failed", "internal_error")


def test_a_refused_token_marks_only_the_connect_it_came_from(world: World, api: Api) -> None:
    epoch = world.connect()
    with db.write() as session:
        before = session.scalars(select(Connection.connected_at)).one()
        session.execute(update(Connection).values(connected_at=now()))
        mark_lost(session, epoch.id, "revoked", before)
    with db.read() as session:
        assert connection_status(session, world.engagement).state == "connected"


def test_a_check_notices_a_revoked_grant(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect()
    api.answer = lambda path, query: 401
    monkeypatch.setattr("app.operations.tokens._ask", lambda _: None)
    with db.read() as session:
        handle = session.scalars(select(Connection.handle)).one()
    check(handle)
    with db.read() as session:
        status = connection_status(session, world.engagement)
        assert (status.state, status.lost_reason) == ("lost", "revoked")
        assert session.scalar(select(func.count()).select_from(Token)) == 1


def test_a_failed_assessment_is_seen_and_can_be_repeated(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect()
    handle = collect(_run(world).handle)
    assert handle is not None

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("app.operations.assess.compute", broken)
        with pytest.raises(ZeroDivisionError):
            assess(handle)
    with db.read() as session:
        assert connection_status(session, world.engagement).assessment_failed
    with db.write() as session:
        due = resume(session, world.engagement)
    assert due is not None
    assert due[0] is Job.ASSESS
    assess(due[1])
    with db.read() as session:
        status = connection_status(session, world.engagement)
        assert status.assessment_ready
        assert not status.assessment_failed


def test_an_assessment_under_a_sealed_epoch_reads_nothing(world: World, api: Api) -> None:
    world.connect()
    handle = collect(_run(world).handle)
    assert handle is not None
    with db.write() as session:
        disconnect(session, world.engagement)
    assess(handle)
    with db.read() as session:
        assert session.scalars(select(Assessment.state)).one() == "queued"


def test_a_list_that_became_shorter_leaves_no_old_rows(world: World, api: Api) -> None:
    def policy(rules: int) -> Answer:
        def answer(path: str, query: dict[str, str]) -> dict[str, Any]:
            if path != "/escalation_policies":
                return _plain(path, query)
            targets = [{"id": "PU1", "type": "user_reference"}]
            rule = {"escalation_delay_in_minutes": 5, "targets": targets}
            record = {"id": "PEP1", "escalation_rules": [rule] * rules}
            return {"escalation_policies": [record], "more": False, "total": 1}

        return answer

    for rules in (3, 0):
        api.answer = policy(rules)
        world.connect(partial=rules == 3)
        with db.read() as session:
            newest = session.scalars(
                select(CollectionRun).order_by(CollectionRun.id.desc())
            ).first()
        assert newest is not None
        collect(newest.handle)
        for table in ("escalation_rule", "escalation_target"):
            with db.read() as session:
                count = select(func.count()).select_from(RECORD_TABLES[table])
                assert session.scalar(count) == rules
