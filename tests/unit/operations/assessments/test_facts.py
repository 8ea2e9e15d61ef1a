"""The facts that the engine gets from the collected rows."""

import io
from dataclasses import fields
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from requests.adapters import HTTPAdapter
from sqlalchemy import update
from urllib3 import HTTPResponse

from app.assessment.rows import Facts, Gathered
from app.core.clock import now, to_microseconds
from app.extensions import db
from app.models import RECORD_TABLES
from app.operations.assessments.facts import load_facts
from app.operations.collection.collect import collect
from app.operations.runs.certificate import certificate
from sandbox.application import create_sandbox
from sandbox.settings import SANDBOX_API_KEY, Settings
from tests.unit.operations.api import Api
from tests.unit.operations.conftest import Tenant, run_of


class Sandbox(HTTPAdapter):
    """The sandbox's account without a server in between."""

    def __init__(self) -> None:
        super().__init__()
        self._http: FlaskClient = create_sandbox(Settings(rate_limit=0)).test_client()

    def session(self, _extensions: object = ()) -> requests.Session:
        opened = requests.Session()
        opened.mount("https://", self)
        return opened

    def send(
        self, request: requests.PreparedRequest, *_args: object, **_options: object
    ) -> requests.Response:
        url = urlsplit(str(request.url))
        headers = {name: str(value) for name, value in request.headers.items()}
        headers["Authorization"] = f"Token token={SANDBOX_API_KEY}"
        answer = self._http.get(f"{url.path}?{url.query}", headers=headers)
        response = requests.Response()
        response.status_code = answer.status_code
        response.raw = HTTPResponse(io.BytesIO(answer.data), preload_content=False)
        response.request = request
        return response


def test_every_kind_of_row_is_loaded(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox has some of everything that the engine reads."""
    monkeypatch.setattr("app.operations.collection.collect.rest_session", Sandbox().session)
    epoch = tenant.connect(extensions=("users",))
    assert collect(run_of(tenant).handle) is not None
    with db.read() as session:
        facts = load_facts(session, epoch.id, run_of(tenant))
    empty = {each.name for each in fields(Facts) if not getattr(facts, each.name)}
    assert empty == set()
    assert facts.gathered != Gathered()
    assigned = {each for entry in facts.log_entries for each in entry.assignees}
    assert assigned
    assert assigned <= {each.id for each in facts.responders}


def test_what_pagerduty_no_longer_has_is_not_assessed(tenant: Tenant, api: Api) -> None:
    teams = [{"id": "T1"}]
    api.account["services"][0]["teams"] = api.account["incidents"][0]["teams"] = teams
    api.account["log_entries"][0] |= {"incident": {"id": "P1"}, "assignees": [{"id": "U1"}]}
    epoch = tenant.connect()
    assert collect(run_of(tenant).handle) is not None
    with db.write() as session:
        for name in ("service", "incident", "log_entry", "team"):
            session.execute(update(RECORD_TABLES[name]).values(deleted_at=1))
    with db.read() as session:
        facts = load_facts(session, epoch.id)
    assert not facts.services
    assert not facts.incidents
    assert not facts.log_entries
    assert not facts.teams
    assert facts.escalation_policies


def test_the_certificate_states_what_was_refused(tenant: Tenant, api: Api) -> None:
    api.twists["priorities"] = lambda _: 403
    epoch = tenant.connect()
    collect(run_of(tenant).handle)
    with db.read() as session:
        found = load_facts(session, epoch.id, run_of(tenant)).gathered
        resources = certificate(session, run_of(tenant))["resources"]
    assert found.resources == len(resources)
    assert found.refused == 1
    assert found.short == found.absent == {"priorities"}
    assert found.windows == sum(len(each["windows"]) for each in resources)
    assert found.windows_short >= 1


def test_a_shift_that_never_began_or_never_ends_reaches_beyond_the_window(
    tenant: Tenant, api: Api
) -> None:
    moment = now().replace(microsecond=0) - timedelta(days=7)
    edge, middle = moment.isoformat(), to_microseconds(moment)
    entries = [
        {"start": None, "end": edge, "user": {"id": "U1"}},
        {"start": edge, "end": None, "user": {"id": "U2"}},
        {"user": {"id": "U3"}},
    ]
    api.account["schedules"][0]["final_schedule"] = {"rendered_schedule_entries": entries}
    epoch = tenant.connect()
    assert collect(run_of(tenant).handle) is not None
    run = run_of(tenant)
    since, until = to_microseconds(run.since), to_microseconds(run.until)
    with db.read() as session:
        facts = load_facts(session, epoch.id)
    schedules = {entry.schedule_id for entry in facts.schedule_entries}
    assert len(schedules) == 1
    assert schedules < {schedule.id for schedule in facts.schedules}
    found = [(max(since, each.start), min(until, each.end)) for each in facts.schedule_entries]
    assert sorted(found) == [(since, middle), (since, until), (middle, until)]
