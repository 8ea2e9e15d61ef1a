"""`python -m sandbox` as a process: starts on a free port, serves, stops on a signal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests

KEY = {"Authorization": "Token token=u+sandboxReadOnlyKey"}


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "sandbox", "--port", "0", *options]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert started.stdout is not None
        yield started, started.stdout.readline().split()[-1]
    finally:
        started.kill()
        started.communicate()


def test_the_sandbox_serves_and_stops_without_logging_requests() -> None:
    with process("--client-secret", "s3cret") as (started, origin):
        response = requests.get(f"{origin}/services?limit=1", headers=KEY, timeout=5)
        assert response.status_code == 200
        requests.get(f"{origin}/oauth/authorize?client_id=x&state=told", timeout=5)
        started.terminate()
        out, err = started.communicate(timeout=5)
        assert (started.returncode, out, err) == (0, "", "")


def test_a_planted_reset_kills_the_connection() -> None:
    with process() as (_, origin):
        requests.post(f"{origin}/__sandbox/faults", json={"kind": "reset"}, timeout=5)
        lost = False
        try:
            requests.get(f"{origin}/services", headers=KEY, timeout=5)
        except requests.ConnectionError:
            lost = True
        assert lost
        (noted,) = request_counts(origin)["requests"]
        assert (noted["path"], noted["status"]) == ("/services", 0)
        assert requests.get(f"{origin}/services", headers=KEY, timeout=5).status_code == 200


def plant(origin: str, **fault: Any) -> None:
    requests.post(f"{origin}/__sandbox/faults", json=fault, timeout=5).raise_for_status()


def request_counts(origin: str) -> Any:
    return requests.get(f"{origin}/__sandbox/requests", timeout=5).json()


def test_four_connections_are_kept_and_served_side_by_side() -> None:
    """Each keeps its connection over forty pages; the request counts show four at once."""
    together = Barrier(4)

    def reads(origin: str, start: int) -> set[str]:
        found: set[str] = set()
        with requests.Session() as session:
            session.headers.update(KEY)
            session.trust_env = False
            together.wait(timeout=30)
            for offset in range(start, start + 200, 5):
                path = f"{origin}/log_entries?limit=5&offset={offset}"
                with session.get(path, timeout=30) as response:
                    found |= {row["id"] for row in response.json()["log_entries"]}
            assert connections(session, origin) == 1
        return found

    with process("--rate-limit", "0", "--latency-ms", "20") as (_, origin):
        with ThreadPoolExecutor(4) as threads:
            parts = list(threads.map(lambda n: reads(origin, n * 200), range(4)))
        assert len(set().union(*parts)) == 800
        assert request_counts(origin)["max_in_flight"] == 4
        assert request_counts(origin)["by_path"]["/log_entries"] == 160


def connections(session: requests.Session, origin: str) -> int:
    """How many the session has opened so far."""
    manager = session.get_adapter(origin).poolmanager  # type: ignore[attr-defined] # it has one
    return sum(manager.pools[key].num_connections for key in manager.pools.keys())  # noqa: SIM118 - no mapping


@pytest.mark.parametrize("kind", ["hang", "half"])
def test_a_server_that_hangs_goes_on_serving_others_and_stops_on_a_signal(kind: str) -> None:
    with process() as (started, origin):
        plant(origin, kind=kind, path="/services", seconds=60, times=2)
        # Once the client gives up; the second time the server is stopped meanwhile.
        silent = False
        try:
            requests.get(f"{origin}/services", headers=KEY, timeout=0.5)
        except (requests.Timeout, requests.ConnectionError):
            silent = True
        assert silent
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(requests.get, f"{origin}/services", headers=KEY, timeout=20)
            assert requests.get(f"{origin}/abilities", headers=KEY, timeout=5).status_code == 200
            started.terminate()
            out, err = started.communicate(timeout=5)
            assert (started.returncode, out, err) == (0, "", "")
            assert waiting.exception(timeout=10) is not None


def test_a_response_may_end_before_its_stated_length() -> None:
    with process() as (_, origin):
        plant(origin, kind="short", path="/services")
        cut = False
        try:
            requests.get(f"{origin}/services", headers=KEY, timeout=5)
        except requests.exceptions.ChunkedEncodingError:
            cut = True
        assert cut
        assert requests.get(f"{origin}/services", headers=KEY, timeout=5).status_code == 200


def test_a_body_without_a_length_comes_in_chunks() -> None:
    with process() as (_, origin):
        plant(origin, kind="oversize", bytes=200_000, headers=False)
        response = requests.get(f"{origin}/services", headers=KEY, timeout=5)
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert len(response.content) == 200_000


def test_options_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client secret has no business in a list of processes."""
    monkeypatch.setenv("SANDBOX_CLIENT_SECRET", "from-environment")
    monkeypatch.setenv("SANDBOX_CLIENT_ID", "app-1")
    form = {"grant_type": "refresh_token", "refresh_token": "none"}
    with process() as (_, origin):
        for secret, error in (("from-environment", "invalid_grant"), ("other", "invalid_client")):
            response = requests.post(
                f"{origin}/oauth/token", data=form, auth=("app-1", secret), timeout=5
            )
            assert response.json()["error"] == error


def test_a_file_of_examples_needs_the_name_of_one(tmp_path: Path) -> None:
    path = tmp_path / "examples.json"
    path.write_text(json.dumps({"examples": [{"id": "A", "inputs": {}}]}))
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--account", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert "name one" in ended.stderr
    assert "Traceback" not in ended.stderr
