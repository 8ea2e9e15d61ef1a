"""`python -m sandbox` as a process: starts on a free port, serves, stops when told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def test_it_serves_and_stops_cleanly_without_a_word_about_requests() -> None:
    with process("--client-secret", "s3cret") as (started, origin):
        answer = requests.get(f"{origin}/services?limit=1", headers=KEY, timeout=5)
        assert answer.status_code == 200
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
        assert requests.get(f"{origin}/services", headers=KEY, timeout=5).status_code == 200


def test_options_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client secret has no business in a list of processes."""
    monkeypatch.setenv("SANDBOX_CLIENT_SECRET", "from-environment")
    monkeypatch.setenv("SANDBOX_CLIENT_ID", "app-1")
    form = {"grant_type": "refresh_token", "refresh_token": "none"}
    with process() as (_, origin):
        for secret, error in (("from-environment", "invalid_grant"), ("other", "invalid_client")):
            answer = requests.post(
                f"{origin}/oauth/token", data=form, auth=("app-1", secret), timeout=5
            )
            assert answer.json()["error"] == error


def test_the_account_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps({"services": [{"id": "S1", "type": "service"}]}))
    with process("--account", str(path), "--as-of", "2024-05-07T00:00:00Z") as (_, origin):
        answer = requests.get(f"{origin}/services", headers=KEY, timeout=5)
        assert [one["id"] for one in answer.json()["services"]] == ["S1"]


def test_a_file_of_examples_needs_the_name_of_one(tmp_path: Path) -> None:
    path = tmp_path / "examples.json"
    path.write_text(json.dumps({"examples": [{"id": "A", "inputs": {}}]}))
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--account", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert "name one" in ended.stderr
    assert "Traceback" not in ended.stderr
