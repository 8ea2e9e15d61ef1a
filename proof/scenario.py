"""A client from connect to deletion, with every kind of fault, and a search at each stop."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context

import requests

from app.database.engine import Database
from app.models import CollectionRun
from proof.controls import Controls
from proof.crawl import Crawl, unseen
from proof.fault_steps import Faults
from proof.installation.consultant import Consultant
from proof.installation.processes import wait_until
from proof.installation.sandboxes import last_midnight
from proof.judge import Verdict, judge, parts
from proof.observed import ObservedInstallation, observed_installation
from proof.planted import Stretch, plant, settings_of
from proof.progress import progress
from proof.registry import SEED, Registry, word
from proof.sinks import Piece, files
from sandbox.canaries import Mint

DAYS = 90
_TIME_OUT = 600.0
_UNLIMITED = "900000"


@dataclass(frozen=True, slots=True)
class Plan:
    """How far a run goes: size of the account, database, kinds of faults (names of `Faults`)."""

    size: str = "reference"
    postgres: bool = False
    faults: tuple[str, ...] = ("errors", "bodies", "silence", "constraint", "memory", "kill")
    pages: int = 600
    """So many at most at each look."""

    def say(self, text: str) -> None:
        """Report the progress."""
        progress(f"{self.size}, {'PostgreSQL' if self.postgres else 'SQLite'}: {text}")


@dataclass(slots=True)
class Run:
    """What one run printed and found."""

    planted: int = 0
    sent: int = 0
    unsent: dict[str, str] = field(default_factory=dict)
    """Markers that the product's sandbox never sent, with their origin: the run proves less."""
    unseen: set[str] = field(default_factory=set)
    """Endpoints of the application that never answered."""
    verdict: Verdict = field(default_factory=Verdict)


def run_scenario(plan: Plan, rules: list[tuple[str, str]]) -> Run:
    """Connect, collect, look at everything, fail in every way, disconnect; search all the while."""
    run_word, end = word(), last_midnight()
    settings = {
        "SANDBOX_SIZE": plan.size,
        "SANDBOX_AS_OF": end.isoformat(),
        "SANDBOX_RATE_LIMIT": _UNLIMITED,
        "SANDBOX_ONCALLS_LIMIT": _UNLIMITED,
        "SANDBOX_CANARIES": run_word,
        "SANDBOX_CANARY_IDS": "1",
        "TACIT_SWEEP_SECONDS": "0.5",
        "TACIT_LEASE_SECONDS": "3",
    }
    mint = Mint(SEED, run_word)
    controls = Controls(mint)
    with observed_installation(settings, postgres=plan.postgres) as installation:
        scenario = Scenario(installation, controls, end, plan)
        scenario.goes()
    plan.say(f"search of {len(scenario.pieces)} pieces")
    registry, sent = scenario.planted, scenario.sent
    registry.origins |= dict.fromkeys(sent - registry.origins.keys(), "sent by the sandbox")
    run = Run(planted=len(registry.origins), sent=len(registry.origins.keys() & sent))
    run.unsent = {one: registry.origins[one] for one in registry.origins.keys() - sent}
    run.unseen = unseen(scenario.crawl.answered, rules)
    run.verdict = judge(scenario.pieces, registry, controls)
    plan.say("done")
    return run


def _sent(installation: ObservedInstallation) -> set[str]:
    response = requests.get(f"{installation.product.sandbox.url}/__sandbox/sent", timeout=60)
    return set(response.text.split())


class Scenario:
    """One client's way through a product; ``pieces`` are all sinks at every stop.

    After its end ``planted`` is what the second sandbox sent and ``sent`` what the product's
    own sandbox has sent.
    """

    def __init__(
        self, installation: ObservedInstallation, controls: Controls, end: datetime, plan: Plan
    ) -> None:
        self.installation = installation
        self.controls = controls
        self.pieces: list[Piece] = []
        self.planted = Registry(controls.mint)
        self.sent: set[str] = set()
        self.crawl = Crawl(installation.product.url, plan.pages)
        self._end, self._plan = end, plan
        self._client: list[str] = []
        self._seen: set[tuple[str, bytes]] = set()
        self._consultant = Consultant(installation.product)
        self._consultant.wait = _TIME_OUT

    def goes(self) -> None:
        """From the login to the receipt, and on to what is left when all have stopped."""
        self._plan.say("connect")
        self._connects()
        self._hands_over()
        with self._second_sandbox():
            self._plan.say("pages")
            self._looks()
            self._stops()
            with_faults = Faults(self.installation, self._consultant)
            for name in self._plan.faults:
                self._plan.say(name)
                getattr(with_faults, name)()
            self._plan.say("pages")
            self._looks()
            self._stops()
            self._plan.say("disconnect")
            self._disconnects()
            self._looks()
            self._stops()
        self.sent = _sent(self.installation)
        self.installation.product.stop()
        self._keep(files(self.installation.folder))

    def _connects(self) -> None:
        person, end = self._consultant.logs_in(), self._end
        # Our own words come through to pages, rows and reports: a control from end to end.
        person.opens_engagement(
            client_name=f"Acme {self._control('pages')} {self._control('rows')}",
            period="typed",
            since=str((end - timedelta(days=DAYS)).date()),
            until=str((end - timedelta(days=1)).date()),
        )
        self.crawl.keep(person.connects(decision="deny"))
        self.installation.product.sandbox.plant(kind="invalid_grant", path="/oauth/token")
        self.crawl.keep(person.connects())
        self.crawl.keep(person.connects(extensions=("users",)))
        person.waits_for_assessment()

    def _control(self, sink: str) -> str:
        control = self.controls.text(sink, "from end to end")
        return control.token

    @contextmanager
    def _second_sandbox(self) -> Iterator[None]:
        """Another process meanwhile requests from it all that the product was sent."""
        stretch, mint = self._stretch(), self.controls.mint
        settings = settings_of(self._plan.size, mint.word, self._end)
        with ProcessPoolExecutor(1, get_context("forkserver")) as other:
            planting = other.submit(plant, settings, stretch)
            yield
            self.planted = planting.result()

    def _stretch(self) -> Stretch:
        database = Database()
        database.bind(self.installation.product.database_url)
        try:
            with database.read() as session:
                run = session.query(CollectionRun).one()
                return Stretch(run.since, run.until, run.as_of)
        finally:
            database.engine.dispose()

    def _looks(self) -> None:
        """Every page, as the consultant, as the client and as anybody."""
        person = self._consultant
        starts = ["/", "/engagements", person.path(), "/healthz", "/readyz", "/privacy", "/method"]
        # Scripts request these.
        starts += [person.path("/card"), person.path("/assessments/list")]
        self.crawl.all(person.http, *starts)
        self.crawl.all(requests.Session(), "/login", "/privacy", "/deletions", "/oauth/callback")
        self.crawl.open(requests.Session(), "/static/tacit.css")
        self.crawl.all(requests.Session(), *self._client)

    def _hands_over(self) -> None:
        """The client's own way in."""
        person = self._consultant
        made = person.http.post(
            self.installation.product.url + person.path("/client-link"),
            data=person.form(person.path("/card")),
            timeout=30,
        )
        self.crawl.keep(made)
        self._client = [one for one in self.crawl.links(made.text) if one.startswith("/client/")]
        assert self._client, "no link for the client"

    def _stops(self) -> None:
        self._keep(self.installation.snapshot(self.controls))
        self._keep(self.crawl.pieces)
        self.crawl.pieces.clear()

    def _keep(self, pieces: Iterable[Piece]) -> None:
        # Most of a database is at one stop what it was at the last one.
        self.pieces += parts(pieces, self._seen)

    def _disconnects(self) -> None:
        self._consultant.disconnects()
        product = self.installation.product
        wait_until(lambda: product.count("epoch") == 0, _TIME_OUT, "the epoch was never deleted")
        self._consultant.waits_for_card("Deleted")
