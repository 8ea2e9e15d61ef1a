"""What the engine is told of rows that say less than it needs."""

from datetime import timedelta

from app.clock import now, to_microseconds
from app.extensions import db
from app.operations.collect import collect
from app.operations.facts import load_facts
from tests.unit.operations.api import Api
from tests.unit.operations.conftest import World, run_of


def test_a_shift_that_never_began_or_never_ends_reaches_beyond_the_window(
    world: World, api: Api
) -> None:
    moment = now().replace(microsecond=0) - timedelta(days=7)
    edge, middle = moment.isoformat(), to_microseconds(moment)
    entries = [
        {"start": None, "end": edge, "user": {"id": "U1"}},
        {"start": edge, "end": None, "user": {"id": "U2"}},
        {"user": {"id": "U3"}},
    ]
    api.account["schedules"][0]["final_schedule"] = {"rendered_schedule_entries": entries}
    epoch = world.connect()
    assert collect(run_of(world).handle) is not None
    run = run_of(world)
    since, until = to_microseconds(run.since), to_microseconds(run.until)
    with db.read() as session:
        facts = load_facts(session, epoch.id)
    schedules = {entry.schedule_id for entry in facts.schedule_entries}
    assert len(schedules) == 1
    assert schedules < set(facts.schedules)
    found = [(max(since, each.start), min(until, each.end)) for each in facts.schedule_entries]
    assert sorted(found) == [(since, middle), (since, until), (middle, until)]
