"""A client of an installation: an engagement, its rows, and how it disconnects."""
# ruff: noqa: S608 - the values are handles of ours

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, text

from app.queues import Job
from tests.functional.collection import IN_FLIGHT, WAITING, repeated_pages
from tests.functional.consultant import Consultant
from tests.servers import wait_until

WAIT_SECONDS = 90.0
"""The longest wait for another process, on a busy machine."""
MOST_BEGINNINGS = 3
"""Of one loss: what fails at once, once more while the lost one starts, and once overtaken."""


@cache
def engine(url: str) -> Engine:
    """One per database, for what a test looks at behind the product's back."""
    return create_engine(url, poolclass=NullPool)


class Client(Consultant):
    """One engagement of one consultant, and what the database has of it."""

    def rows(self, statement: str) -> list[Any]:
        """Rows behind the product's back; one column comes as plain values."""
        with engine(self.product.database_url).connect() as connection:
            found = connection.execute(text(statement)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    @property
    def epoch(self) -> str:
        """SQL of the id of its newest epoch."""
        return (
            "(SELECT e.id FROM epoch e JOIN connection c ON c.id = e.connection_id"
            " JOIN engagement g ON g.id = c.engagement_id"
            f" WHERE g.handle = '{self.engagement}' ORDER BY e.created_at DESC LIMIT 1)"
        )

    def select(self, what: str, table: str, where: str = "true") -> list[Any]:
        """Columns of its rows in a table that hangs from the newest epoch."""
        return self.rows(f'SELECT {what} FROM "{table}" WHERE epoch_id = {self.epoch} AND {where}')

    def count(self, table: str) -> int:
        """Its rows in a table."""
        return int(self.select("count(*)", table)[0])

    def rows_left(self) -> int:
        """Rows of its incidents and log entries, and of its question."""
        return sum(self.count(table) for table in ("incident", "log_entry", "token", "window"))

    def run_state(self) -> str:
        """The state of its only collection."""
        (state,) = self.select("state", "collection_run")
        return str(state)

    def deaths(self) -> int:
        """How often a job of its only collection began and ended without a word."""
        (run,) = self.select("handle", "collection_run")
        words = self.product.words()
        said = {
            word: words.count(f'"event":"job_{word}","job":"{Job.COLLECT}","id":"{run}"')
            for word in ("started", "finished")
        }
        return said["started"] - said["finished"]

    def assert_hardly_repeated(self, losses: int) -> None:
        """Of its only collection, so often lost, what was under way each time; no more."""
        (run,) = self.select("handle", "collection_run")
        begun = self.product.words().count(f'"event":"run_started","run":"{run}"')
        assert 0 < begun <= 1 + losses * MOST_BEGINNINGS
        assert repeated_pages(self.product) <= (begun - 1) * (IN_FLIGHT + WAITING)

    def purges(self, columns: str) -> list[Any]:
        """Columns of its purges, oldest first."""
        return self.rows(
            f"SELECT {columns} FROM purge WHERE engagement_id ="
            f" (SELECT id FROM engagement WHERE handle = '{self.engagement}') ORDER BY id"
        )

    def connected(self) -> bool:
        """Whether it has an epoch that is open."""
        return bool(
            self.rows(
                "SELECT e.handle FROM epoch e JOIN connection c ON c.id = e.connection_id"
                " JOIN engagement g ON g.id = c.engagement_id"
                f" WHERE g.handle = '{self.engagement}' AND e.closed_at IS NULL"
            )
        )

    def asks_to_disconnect(self) -> int:
        """Confirm the disconnect; the status of the answer, 0 where none came."""
        form = self.form(self.path("/disconnect"))
        return self.sends_disconnect(form)

    def sends_disconnect(self, form: dict[str, str]) -> int:
        """The same with a form that was opened before."""
        try:
            response = self.http.post(
                self.product.url + self.path("/disconnect"),
                data={**form, "confirm": "yes"},
                allow_redirects=False,
                timeout=30,
            )
        except OSError:
            # The errors of requests are of this class: the server process died.
            return 0
        return response.status_code

    def leaves_at_last(self, seconds: float) -> None:
        """Send it until it is accepted; a refused disconnect promises nothing."""

        def accepted() -> bool:
            status = self.asks_to_disconnect()
            if status == HTTPStatus.SERVICE_UNAVAILABLE:
                assert self.connected()
                assert self.purges("handle") == []
            return status == HTTPStatus.SEE_OTHER

        wait_until(accepted, seconds, "the disconnect was never accepted")

    def waits_until_gone(self) -> None:
        """Until each of its purges has its receipt."""
        try:
            wait_until(
                lambda: set(self.purges("state")) == {"done"}, WAIT_SECONDS, "it was not finished"
            )
        except AssertionError:
            # The row of the purge says what blocks it.
            assert self.purges("last_code, attempts, lease_owner, stages") == []

    def waits(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        """As ``wait_until``; a failure shows the state and the logs of the processes."""
        try:
            wait_until(condition, seconds, what)
        except AssertionError as error:
            state = (self.product.states(), self.select("*", "collection_run"))
            error.add_note(f"{state}\n{self.product.words()[-4000:]}")
            raise

    def waits_for_assessment(self) -> "Client":
        """Asks the database until there is one, and the card once: each look at it costs."""
        self.waits(
            lambda: self.select("id", "assessment", "state = 'done'"), WAIT_SECONDS, "no assessment"
        )
        super().waits_for_assessment()
        return self

    def assert_everything_once(self) -> None:
        """Stored is declared, each row once; one run and one assessment, both done."""
        self.product.sandbox.heal()
        self.waits_for_assessment()
        certificate = self.report()["completeness"]
        assert certificate["complete"] is True
        stored = {each["resource"]: each["stored"] for each in certificate["resources"]}
        counts = self.product.sandbox.counts()
        assert self.count("log_entry") == stored["log_entries"] == counts["log_entries"]
        assert self.count("incident") == stored["incidents"] == counts["incidents"]
        assert self.select("state", "collection_run") == ["done"]
        assert self.select("state", "assessment") == ["done"]
