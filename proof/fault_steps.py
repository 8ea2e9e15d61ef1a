"""Faults of every kind, one collection after the other: each has its chance to say something."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from proof.installation.consultant import Consultant
from proof.installation.processes import wait_until
from proof.observed import ObservedInstallation
from proof.planted import ERRORS, HTML_AT, status_of

_MIB = 1 << 20
_SETTLE = 2.0
_BEGUN = 0.7
"""Seconds that a work-horse takes to its first pages."""
_ROOM = 2 * _MIB
_TIME_OUT = 240.0
BODIES: tuple[dict[str, object], ...] = (
    {"kind": "truncated", "path": "/incidents", "after": 1, "times": 2},
    {"kind": "wrong_type", "path": "/services", "field": "teams"},
    {"kind": "malformed_record", "path": "/incidents", "after": 3},
    {"kind": "short", "path": "/change_events"},
    {"kind": "half", "path": "/escalation_policies", "seconds": 1},
    {"kind": "wrong_type", "path": "/maintenance_windows", "field": "*", "times": 50},
    {"kind": "oversize", "path": "/business_services", "times": 50},
    {"kind": "bomb", "path": "/oncalls", "bytes": 50_000_000, "times": 50},
    {"kind": "redirect", "path": "/priorities", "times": 50},
    {"kind": "reset", "path": "/users", "times": 2},
    {"kind": "slow", "path": "/schedules", "seconds": 2},
)
"""Parser, validator, sizes, lines: as many at once as there are endpoints."""


class Faults:
    """One product and its consultant, who presses "refresh" again and again."""

    def __init__(self, installation: ObservedInstallation, consultant: Consultant) -> None:
        self._installation = installation
        self._product = installation.product
        self._consultant = consultant

    def errors(self) -> None:
        """Every error body of PagerDuty's, each from another endpoint."""
        for code, path in ERRORS.items():
            self._product.sandbox.plant(kind="status", path=path, status=status_of(code), code=code)
        self._product.sandbox.plant(kind="html", path=HTML_AT)
        self._collect()

    def bodies(self) -> None:
        """Bodies that no parser or validator takes."""
        for fault in BODIES:
            self._product.sandbox.plant(**fault)
        self._collect()

    def silence(self) -> None:
        """An answer that never comes: the client's own time-out ends it."""
        self._product.sandbox.plant(kind="hang", path="/teams", seconds=30)
        self._collect()

    def constraint(self) -> None:
        """Rows that the database refuses; PostgreSQL would quote them."""
        with self._refusing_rows():
            self._collect()
        self._collect()

    def memory(self) -> None:
        """A worker that cannot begin for want of memory, then one that has none left for a page."""
        worker = self._product["collect"]
        parent = psutil.Process(worker.popen.pid)
        _limit(parent, parent.memory_info().vms + _ROOM)
        self._press()
        time.sleep(_SETTLE)
        for each in worker.family():
            _limit(each, psutil.RLIM_INFINITY)
        self._wait()
        self._in_the_middle()
        for horse in worker.below():
            _limit(horse, horse.memory_info().vms)
        self._wait()

    def _in_the_middle(self) -> None:
        """Press, and return when a work-horse waits for its next page of incidents."""
        self._product.sandbox.plant(kind="slow", path="/incidents", seconds=0.5, times=40)
        self._press()
        wait_until(self._product["collect"].below, _TIME_OUT, "no work-horse")
        time.sleep(_BEGUN)

    def kill(self) -> None:
        """`kill -9` of the work-horse in the middle of a page, then of worker and horse."""
        self._in_the_middle()
        for whole in (False, True):
            worker = self._product["collect"]
            wait_until(worker.below, _TIME_OUT, "no work-horse")
            time.sleep(_BEGUN)
            if whole:
                worker.crash()
                self._product.start_one("collect")
            else:
                for horse in worker.below():
                    horse.kill()
        self._wait()

    def _collect(self) -> None:
        self._press()
        self._wait()

    def _press(self) -> None:
        form = self._consultant.form(self._consultant.path("/card"))
        url = self._product.url + self._consultant.path("/collect")
        self._consultant.http.post(url, data=form, timeout=30).raise_for_status()

    def _wait(self) -> None:
        wait_until(self._quiet, _TIME_OUT, "the run never ended")
        self._product.sandbox.heal()

    def _quiet(self) -> bool:
        states = self._product.select("SELECT state FROM collection_run")
        waits = self._product.select("SELECT state FROM assessment")
        return not {"queued", "running"} & {*states, *waits}

    @contextmanager
    def _refusing_rows(self) -> Iterator[None]:
        if self._installation.postgres is None:
            begin = (
                "CREATE TRIGGER proof_fault BEFORE INSERT ON incident "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            end = "DROP TRIGGER proof_fault"
        else:
            begin = (
                "ALTER TABLE incident ADD CONSTRAINT proof_fault CHECK (created_at < 0) NOT VALID"
            )
            end = "ALTER TABLE incident DROP CONSTRAINT proof_fault"
        self._product.execute(begin)
        try:
            yield
        finally:
            self._product.execute(end)


def _limit(process: psutil.Process, size: int) -> None:
    """Let a process have so many bytes of addresses, unless it has ended."""
    with suppress(psutil.NoSuchProcess):
        process.rlimit(psutil.RLIMIT_AS, (size, psutil.RLIM_INFINITY))
