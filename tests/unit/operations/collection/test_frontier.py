"""Several requests at once, each page stored in its place, no object requested twice."""

from collections.abc import Iterable

from app.models import Window
from app.operations.collection.frontier import Frontier
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.request import WindowRequest
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


def _next(frontier: Frontier, most: int = 99) -> list[WindowRequest]:
    found: list[WindowRequest] = []
    while len(found) < most and (request := frontier.next()) is not None:
        found.append(request)
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


def test_only_the_first_page_is_requested_while_the_length_is_unknown() -> None:
    frontier = _frontier(_window(1, "incidents"))
    assert [request.offset for request in _next(frontier)] == [0]


def test_every_lists_first_page_comes_before_any_second_page() -> None:
    frontier = _frontier(
        _window(1, "incidents", offset=100, declared=400), _window(2, "log_entries")
    )
    first, *others = _next(frontier, 3)
    assert (first.window_id, first.offset) == (2, 0)
    assert [(request.window_id, request.offset) for request in others] == [(1, 100), (1, 200)]


def test_pages_are_requested_ahead_and_stored_in_order() -> None:
    window = _window(1, "incidents", offset=100, declared=450)
    frontier = _frontier(window)
    requests = _next(frontier)
    assert [request.offset for request in requests] == [100, 200, 300, 400]
    for request in reversed(requests[1:]):
        frontier.add_response(request, Page(received=100))
    assert list(_stored(frontier)) == []
    frontier.add_response(requests[0], Page(received=100))
    assert list(_stored(frontier)) == [100, 200, 300, 400]


def test_after_a_short_page_the_next_request_begins_where_it_ended() -> None:
    window = _window(1, "incidents", offset=100, declared=400)
    frontier = _frontier(window)
    requests = _next(frontier)
    for request in requests:
        frontier.add_response(request, Page(received=100))
    stored = frontier.ready()
    assert stored is not None
    task, first, _ = stored
    assert isinstance(task, ListRequests)
    assert first is requests[0]
    task.set_window(_window(1, "incidents", offset=160, declared=400))
    assert frontier.ready() is None
    assert [each.offset for each in _next(frontier)] == [160, 260, 360]


def test_pages_of_a_list_that_may_move_overlap_by_one_record() -> None:
    window = _window(1, "services", offset=100, declared=250, edge=b"e" * 16)
    requests = _next(_frontier(window))
    assert [(each.query()["offset"], each.overlap) for each in requests] == [
        ("99", 1),
        ("198", 1),
    ]


def test_no_page_is_requested_beyond_the_cap() -> None:
    requests = _next(_frontier(_window(1, "incidents", offset=9_800, declared=15_000)))
    assert [request.offset for request in requests] == [9_800, 9_900]
    assert all(
        int(request.query()["offset"]) + int(request.query()["limit"]) <= 10_000
        for request in requests
    )


def test_responses_that_wait_for_an_earlier_page_do_not_pile_up() -> None:
    frontier = _frontier(_window(1, "incidents", offset=100, declared=9_900))
    stuck, *others = _next(frontier, 20)
    for request in others:
        frontier.add_response(request, Page(received=100))
    assert frontier.next() is None
    frontier.add_response(stuck, Page(received=100))
    assert len(list(_stored(frontier))) == 20
    assert frontier.next() is not None


def test_objects_wait_for_their_parents_list_and_take_its_ids_from_memory() -> None:
    services, edges = _window(1, "services"), _window(2, "technical_dependencies")
    frontier = _frontier(services, edges)
    assert [request.resource.name for request in _next(frontier)] == ["services"]
    frontier.add_ids("services", _ids("PA", "PB"), first=True)
    frontier.sync([edges], {})
    requests = _next(frontier)
    assert [request.resource.name for request in requests] == ["technical_dependencies"] * 2
    assert {request.owner.raw for request in requests if request.owner} == {"PA", "PB"}


def test_a_parents_list_read_only_in_part_by_this_process_is_listed_again() -> None:
    services = _window(1, "services", offset=100, declared=150, edge=b"e" * 16)
    edges = _window(2, "technical_dependencies")
    frontier = _frontier(services, edges)
    frontier.add_ids("services", _ids("PZ"), first=False)
    frontier.sync([edges], {})
    assert [request.listing for request in _next(frontier)] == [True]


def test_an_id_shows_itself_nowhere() -> None:
    request = WindowRequest(
        1, ListRequests(_window(1, "services")).resource, owner=_ids("PSECRET")[0]
    )
    assert "PSECRET" not in repr(request)
