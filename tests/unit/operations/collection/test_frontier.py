"""Several requests at once, each page stored in its place, no object asked for twice."""

from collections.abc import Iterable

from app.models import Window
from app.operations.collection.frontier import Frontier
from app.operations.collection.list_requests import ListAsks
from app.operations.collection.object_requests import ObjectAsks
from app.operations.collection.request import Ask
from collectors.decode import Page
from collectors.objects import ObjectId


def _window(number: int, resource: str, **columns: object) -> Window:
    defaults = {
        "state": "open",
        "offset": 0,
        "failures": 0,
        "objects_done": 0,
        "edge": None,
        "since": None,
        "until": None,
    }
    return Window(id=number, resource=resource, **{**defaults, **columns})


def _asked(frontier: Frontier, most: int = 99) -> list[Ask]:
    found: list[Ask] = []
    while len(found) < most and (ask := frontier.next()) is not None:
        found.append(ask)
    return found


def _ids(*names: str) -> list[ObjectId]:
    return [ObjectId(name, name[::-1].encode().ljust(16, b"-")) for name in names]


def _frontier(*windows: Window, done: dict[int, set[bytes]] | None = None) -> Frontier:
    made = Frontier(4)
    made.sync(windows, done or {})
    return made


def _stored(frontier: Frontier) -> Iterable[int]:
    while (found := frontier.ready()) is not None:
        yield found[1].offset


def test_only_the_first_page_is_asked_while_the_length_is_unknown() -> None:
    frontier = _frontier(_window(1, "incidents"))
    assert [ask.offset for ask in _asked(frontier)] == [0]


def test_every_lists_first_page_comes_before_any_second_page() -> None:
    frontier = _frontier(
        _window(1, "incidents", offset=100, declared=400), _window(2, "log_entries")
    )
    first, *others = _asked(frontier, 3)
    assert (first.window_id, first.offset) == (2, 0)
    assert [(ask.window_id, ask.offset) for ask in others] == [(1, 100), (1, 200)]


def test_pages_are_asked_ahead_and_stored_in_order() -> None:
    window = _window(1, "incidents", offset=100, declared=450)
    frontier = _frontier(window)
    asks = _asked(frontier)
    assert [ask.offset for ask in asks] == [100, 200, 300, 400]
    for ask in reversed(asks[1:]):
        frontier.arrived(ask, Page(received=100))
    assert list(_stored(frontier)) == []
    frontier.arrived(asks[0], Page(received=100))
    assert list(_stored(frontier)) == [100, 200, 300, 400]


def test_a_short_page_has_what_follows_asked_again_from_where_it_ended() -> None:
    window = _window(1, "incidents", offset=100, declared=400)
    frontier = _frontier(window)
    asks = _asked(frontier)
    for ask in asks:
        frontier.arrived(ask, Page(received=100))
    stored = frontier.ready()
    assert stored is not None
    task, first, _ = stored
    assert isinstance(task, ListAsks)
    assert first is asks[0]
    task.landed(_window(1, "incidents", offset=160, declared=400))
    assert frontier.ready() is None
    assert [each.offset for each in _asked(frontier)] == [160, 260, 360]


def test_a_list_that_may_move_is_asked_with_its_last_record_again() -> None:
    window = _window(1, "services", offset=100, declared=250, edge=b"e" * 16)
    asks = _asked(_frontier(window))
    assert [(ask.query()["offset"], ask.overlap) for ask in asks] == [("99", 1), ("198", 1)]


def test_no_page_is_asked_beyond_the_cap() -> None:
    asks = _asked(_frontier(_window(1, "incidents", offset=9_800, declared=15_000)))
    assert [ask.offset for ask in asks] == [9_800, 9_900]
    assert all(int(ask.query()["offset"]) + int(ask.query()["limit"]) <= 10_000 for ask in asks)


def test_answers_that_wait_for_an_earlier_page_do_not_pile_up() -> None:
    frontier = _frontier(_window(1, "incidents", offset=100, declared=9_900))
    stuck, *others = _asked(frontier, 20)
    for ask in others:
        frontier.arrived(ask, Page(received=100))
    assert frontier.next() is None
    frontier.arrived(stuck, Page(received=100))
    assert len(list(_stored(frontier))) == 20
    assert frontier.next() is not None


def test_objects_wait_for_their_parents_list_and_take_its_ids_from_memory() -> None:
    services, edges = _window(1, "services"), _window(2, "technical_dependencies")
    frontier = _frontier(services, edges)
    assert [ask.resource.name for ask in _asked(frontier)] == ["services"]
    frontier.learn("services", _ids("PA", "PB"), first=True)
    frontier.sync([edges], {})
    asks = _asked(frontier)
    assert [ask.resource.name for ask in asks] == ["technical_dependencies"] * 2
    assert {ask.owner.raw for ask in asks if ask.owner} == {"PA", "PB"}


def test_a_resume_lists_the_parents_again_and_leaves_out_what_is_done() -> None:
    edges = _window(2, "technical_dependencies", objects=3, objects_done=1)
    frontier = _frontier(edges, done={2: {_ids("PB")[0].pseudonym}})
    (listing,) = _asked(frontier)
    assert listing.listing
    assert listing.resource.name == "services"
    (task,) = frontier.tasks
    assert isinstance(task, ObjectAsks)
    listed = Page(received=3, ids=_ids("PA", "PB", "PC"), more=False, total=3)
    frontier.arrived(listing, listed)
    stored = frontier.ready()
    assert stored is not None
    assert stored[1] is listing
    assert isinstance(stored[2], Page)
    task.listed(listing, stored[2])
    assert [ask.owner.raw for ask in _asked(frontier) if ask.owner] == ["PA", "PC"]
    assert task.objects == 3


def test_a_parents_list_read_only_in_part_by_this_process_is_listed_again() -> None:
    services = _window(1, "services", offset=100, declared=150, edge=b"e" * 16)
    edges = _window(2, "technical_dependencies")
    frontier = _frontier(services, edges)
    frontier.learn("services", _ids("PZ"), first=False)
    frontier.sync([edges], {})
    assert [ask.listing for ask in _asked(frontier)] == [True]


def test_an_id_shows_itself_nowhere() -> None:
    ask = Ask(1, ListAsks(_window(1, "services")).resource, owner=_ids("PSECRET")[0])
    assert "PSECRET" not in repr(ask)
