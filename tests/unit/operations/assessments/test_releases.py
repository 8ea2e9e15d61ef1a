"""What was published of figures over people is stored once, and ends with the connection."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Assessment, CollectionRun, FigureRelease
from app.operations.assessments.assess import assess, assess_now, queue_question
from app.operations.assessments.document import document, load
from app.operations.assessments.question import Question
from app.operations.assessments.releases import (
    ReleaseChanged,
    comparable,
    load_releases,
    store_release,
)
from app.operations.assessments.settings import options_from
from app.operations.collection.collect import collect
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import purge
from tests.conftest import ON_SQLITE
from tests.factories.rows import WEEK
from tests.unit.operations.api import Api, records
from tests.unit.operations.conftest import Tenant, run_of
from tests.unit.operations.purges import hurry

pytestmark = ON_SQLITE


def _assessed(tenant: Tenant, api: Api) -> str:
    api.account["incidents"] = records("incidents", 80, days=80.0)
    tenant.connect()
    handle = collect(run_of(tenant).handle)
    assert handle is not None
    assess(handle)
    return handle


def _releases() -> list[FigureRelease]:
    with db.read() as session:
        return list(session.scalars(select(FigureRelease)))


def _again(tenant: Tenant, **settings: Any) -> dict[str, Any]:
    with db.write() as session:
        handle = queue_question(session, tenant.engagement, Question(settings=settings))
    assess(handle)
    with db.read() as session:
        found = session.scalars(select(Assessment).where(Assessment.handle == handle)).one()
        assert found.document is not None
        return found.document


def test_each_set_of_options_has_one_release(tenant: Tenant, api: Api) -> None:
    _assessed(tenant, api)
    _again(tenant)
    assert [each.version for each in _releases()] == [1]
    _again(tenant, ack_target_s=600)
    assert len(_releases()) == 2


def test_a_third_set_in_four_weeks_is_assessed_and_not_released(tenant: Tenant, api: Api) -> None:
    _assessed(tenant, api)
    for target in (600, 900):
        found = _again(tenant, ack_target_s=target)
        assert found["options"]["ack_target_s"] == target
    assert len(_releases()) == 2
    with db.write() as session:
        for each in session.scalars(select(FigureRelease)):
            each.first_at -= timedelta(weeks=4, seconds=1)
    _again(tenant, ack_target_s=900)
    assert len(_releases()) == 3


def test_an_assessment_that_is_not_stored_shows_only_what_is_released(
    tenant: Tenant, api: Api
) -> None:
    _assessed(tenant, api)
    for settings, windows in (({}, True), ({"ack_target_s": 600}, False)):
        with db.read() as session:
            found = assess_now(session, tenant.engagement, Question(settings=settings))
        assert any("window" in each for each in found["metrics"]) is windows
    assert len(_releases()) == 1


def test_a_comparison_shows_figures_over_people_with_the_first_options_alone(
    tenant: Tenant, api: Api
) -> None:
    _assessed(tenant, api)
    with db.read() as session:
        run = session.scalars(select(CollectionRun)).one()
        known = load_releases(session, run)
    (stored,) = known.stored.values()
    _, until = stored.release.window
    first = options_from(stored.options, (until - 8 * WEEK, until - 4 * WEEK))
    second = replace(first, since=until - 4 * WEEK, until=until, as_of=until)
    assert not any(each.people_off for each in comparable(first, second, known))
    middle = until - 2 * WEEK
    overlapping = replace(first, since=until - 6 * WEEK, until=middle, as_of=middle)
    assert all(each.people_off for each in comparable(overlapping, second, known))
    others = [replace(each, ack_target_s=600) for each in (first, second)]
    assert all(each.people_off for each in comparable(others[0], others[1], known))


def test_two_assessments_at_once_do_not_both_change_it(tenant: Tenant, api: Api) -> None:
    _assessed(tenant, api)
    with db.read() as session:
        run = session.scalars(select(CollectionRun)).one()
        loaded = load(session, run, Question(settings={"ack_target_s": 600}), None)
    _, release = document(loaded)
    _again(tenant, ack_target_s=600)
    with pytest.raises(ReleaseChanged), db.write() as session:
        store_release(session, run.epoch_id, release)


def test_it_ends_with_the_connection(
    tenant: Tenant, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    _assessed(tenant, api)
    assert _releases()
    hurry(monkeypatch)
    with db.write() as session:
        gone = disconnect(session, tenant.engagement).purge.handle
    purge(gone)
    assert _releases() == []
