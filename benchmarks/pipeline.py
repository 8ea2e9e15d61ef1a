"""Page bytes in memory to rows in SQLite, on one core: decode, pseudonyms and store, no network."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from app.core.clock import now
from app.core.config import Config
from app.extensions import bind, db
from app.models import RECORD_TABLES, Base, CollectionRun, Window
from app.operations.accounts.engagements import open_engagement
from app.operations.accounts.members import add_member
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.pages import store_response
from app.operations.collection.run_lease import RunLease
from app.operations.connection.authorise import Authorised
from app.operations.connection.connect import connect
from app.operations.connection.id_token import Account
from app.operations.grant.grant import Grant
from app.operations.transactions.lease import claim, new_owner
from benchmarks.figures import Figure, at_least, progress
from benchmarks.pages import Slice, log_entry_pages
from benchmarks.yardstick import decode_yardstick_s, insert_yardstick_s
from collectors.decode import decode_page
from collectors.envelope import decoder_of
from collectors.pseudonyms import Pseudonyms
from collectors.resources.log_entries import LOG_ENTRIES, LogEntrySchema

_ROUNDS = 3


@cache
def entries_per_second() -> float:
    """Log entries a second, best of three; every round fills a database of its own."""
    slices = log_entry_pages("reference")
    progress(f"pipeline: {sum(len(each.pages) for each in slices)} pages in memory")
    best = max(_stored_per_second(slices) for _ in range(_ROUNDS))
    progress(f"pipeline: {best:,.0f} log entries/s, best of {_ROUNDS}")
    return best


def measure() -> Iterable[Figure]:
    """The speed from pages in memory to stored rows."""
    speed = entries_per_second()
    figure = at_least("collection.log_entries_per_s", speed, "log entries/s", 8000)
    yield figure.beside(_plain_per_second())
    yield at_least("collection.decode_speedup", _speedup(), "x Schema.load", 20)


def _plain_per_second() -> float:
    """Log entries a second that plain Python decodes and plain SQLite stores."""
    pages = [body for each in log_entry_pages("small") for body in each.pages]
    entries = sum(decode_page(LOG_ENTRIES, body, _pseudonyms()).received for body in pages)
    with tempfile.TemporaryDirectory(prefix="tacit-bench-") as folder:
        return entries / (decode_yardstick_s(pages) + insert_yardstick_s(Path(folder), entries))


def _stored_per_second(slices: list[Slice]) -> float:
    with tempfile.TemporaryDirectory(prefix="tacit-bench-") as folder:
        lease, windows = _installation(Path(folder), slices)
        pseudonyms = _pseudonyms()
        began = time.perf_counter()
        for window, each in zip(windows, slices, strict=True):
            _store_all(lease, window, each.pages, pseudonyms)
        seconds = time.perf_counter() - began
        with db.read() as session:
            stored = session.scalar(select(func.count()).select_from(RECORD_TABLES["log_entry"]))
            ended = {state for (state,) in session.execute(select(Window.state).distinct())}
        db.engine.dispose()
    if not stored or ended != {"done"}:
        raise RuntimeError(f"the pipeline stored {stored} log entries, windows are {ended}")
    return stored / seconds


def _store_all(
    lease: RunLease, window: Window, pages: Iterable[bytes], pseudonyms: Pseudonyms
) -> None:
    """Every page as a run stores it, from the bytes of the response to the commit."""
    task = ListRequests(window)
    for body in pages:
        request = task.next()
        if request is None:
            raise RuntimeError("a page more than the window declares")
        task.add_response(request, decode_page(LOG_ENTRIES, body, pseudonyms, first=request.offset))
        found = task.ready()
        if found is None or isinstance(found[1], Exception):
            raise RuntimeError("the page did not come back")
        store_response(lease, task, found[0], found[1])


def _installation(folder: Path, slices: list[Slice]) -> tuple[RunLease, list[Window]]:
    """A database with one leased run, and a window for each slice."""
    environment = {"TACIT_INSTANCE": str(folder), "REDIS_URL": f"unix://{folder}/none"}
    bind(Config.from_env({**environment, "TACIT_LEASE_SECONDS": "3600"}))
    Base.metadata.create_all(db.engine)
    grant = Grant("access", "refresh", now() + timedelta(hours=1))
    authorised = Authorised(Account("PACCOUNT", "acme", "us"), grant, partial=False)
    with db.write() as session:
        member = add_member(session, firm="Firm", email="a@firm.example", password="x" * 12)
        engagement = open_engagement(
            session,
            firm_id=member.firm_id,
            client_name="Acme",
            subdomain="acme",
            since=slices[0].since,
            until=slices[-1].until,
            time_zone="UTC",
        )
        run = connect(session, engagement, authorised)
        if run is None:
            raise RuntimeError("no run was queued")
        lease = RunLease(run.id, run.epoch_id, new_owner())
        claim(session, CollectionRun, run.id, lease.owner)
        windows = [_window(run, each) for each in slices]
        session.add_all(windows)
    return lease, windows


def _window(run: CollectionRun, each: Slice) -> Window:
    return Window(
        epoch_id=run.epoch_id,
        run_id=run.id,
        resource=LOG_ENTRIES.name,
        since=each.since,
        until=each.until,
    )


def _speedup() -> float:
    """Answer bytes to declared, checked objects: the fast way against JSON and ``Schema.load``.

    The fast and the slow decoder of ``collectors.envelope``. CPU seconds: no disk, no
    network. What both share, pseudonyms and flat rows, is reported beside it.
    """
    pages = [body for each in log_entry_pages("small") for body in each.pages]
    decoder = decoder_of(LOG_ENTRIES, LogEntrySchema)
    fast = _cpu_seconds(lambda: [decoder.fast(body) for body in pages])
    slow = _cpu_seconds(lambda: [decoder.slow(body) for body in pages])
    if not all(decoder.fast(body) for body in pages):
        raise RuntimeError("the sandbox sends what only the slow way reads")
    whole = _cpu_seconds(lambda: _decode(pages))
    entries = sum(decode_page(LOG_ENTRIES, body, _pseudonyms()).received for body in pages)
    progress(
        f"a log entry: {fast / entries * 1e6:.1f} us decoded, {slow / entries * 1e6:.1f} us by "
        f"Schema.load, {whole / entries * 1e6:.1f} us with pseudonyms as rows"
    )
    return slow / fast


def _pseudonyms() -> Pseudonyms:
    return Pseudonyms(os.urandom(32))


def _decode(pages: list[bytes]) -> None:
    pseudonyms = _pseudonyms()
    for body in pages:
        decode_page(LOG_ENTRIES, body, pseudonyms)


def _cpu_seconds(work: Callable[[], object]) -> float:
    """Best of three."""
    found = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)
