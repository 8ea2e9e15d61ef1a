"""What `tacit up` decides before it starts anything."""

import os
import socket
import stat
from pathlib import Path

import pytest

from app.core import queue_server
from app.core.config import ConfigError
from app.processes import ports
from app.processes.child import Child
from app.processes.process_list import process_list
from tests.servers import QueueServer, environment, free_port

REAL = {"PAGERDUTY_CLIENT_ID": "an-app", "PAGERDUTY_CLIENT_SECRET": "its secret"}


def every_child(environ: dict[str, str]) -> dict[str, Child]:
    planned = process_list(environ)
    kept = (planned.queue, planned.sandbox, *planned.before, *planned.processes)
    return {child.name: child for child in kept if child is not None}


def test_without_a_pagerduty_app_the_sandbox_stands_in() -> None:
    children = every_child(environment(PORT="8100", SANDBOX_PORT="8101"))
    web = children["web"].environment
    sandbox = children["sandbox"].environment
    assert web["PAGERDUTY_IDENTITY_URL"] == "http://localhost:8101"
    assert web["TACIT_BASE_URL"] == "http://127.0.0.1:8100"
    assert sandbox["SANDBOX_REDIRECT_URI"] == "http://127.0.0.1:8100/oauth/callback"
    assert sandbox["SANDBOX_CLIENT_SECRET"] == web["PAGERDUTY_CLIENT_SECRET"]


def test_with_a_pagerduty_app_the_same_command_talks_to_the_real_one() -> None:
    planned = process_list(environment(**REAL))
    assert planned.sandbox is None
    assert planned.demo_password is None
    assert [child.name for child in planned.before] == ["migrate"]
    assert "PAGERDUTY_API_URL" not in planned.processes[0].environment


def test_production_never_starts_a_sandbox_or_a_demo_login() -> None:
    planned = process_list(environment(TACIT_ENV="production"))
    assert planned.sandbox is None
    assert planned.demo_password is None


def test_half_of_a_pagerduty_app_is_refused() -> None:
    with pytest.raises(ConfigError, match="PAGERDUTY_CLIENT_SECRET is missing"):
        process_list(environment(PAGERDUTY_CLIENT_ID="an-app"))


@pytest.mark.parametrize("value", ["0", "65536", "80a", "-1"])
def test_a_port_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(ConfigError, match="SANDBOX_PORT must be a port number"):
        process_list(environment(SANDBOX_PORT=value))


def test_a_queue_of_the_operators_is_used_instead_of_ours() -> None:
    children = every_child(environment(REDIS_URL="redis://127.0.0.1:6379/0"))
    assert "queue" not in children
    assert children["urgent"].environment["REDIS_URL"] == "redis://127.0.0.1:6379/0"


def test_queue_server_and_sandbox_learn_none_of_our_secrets() -> None:
    secrets = {"TACIT_MASTER_KEY": "the key", "DATABASE_URL": "postgresql://a:b@c/d"}
    children = every_child(environment(**secrets))
    for name in ("queue", "sandbox"):
        assert not set(secrets.values()) & set(children[name].environment.values())
    assert children["web"].environment["TACIT_MASTER_KEY"] == "the key"


def test_no_secret_stands_in_a_list_of_processes() -> None:
    """`ps` shows the command line of every process to every user."""
    children = every_child(environment())
    password = children["member"].environment["TACIT_DEMO_PASSWORD"]
    secret = children["web"].environment["PAGERDUTY_CLIENT_SECRET"]
    shown = " ".join(part for child in children.values() for part in child.command)
    assert password not in shown
    assert secret not in shown


def test_a_taken_port_is_named_together_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=f"Port {port} is taken.*SANDBOX_PORT"):
            ports.require_free("localhost", port, "SANDBOX_PORT")


def test_a_free_port_is_fine() -> None:
    port = free_port()
    ports.require_free("localhost", port, "PORT")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        assert taken.getsockname()[1] == port


def test_a_long_instance_path_moves_the_socket_and_keeps_finding_it(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    path = queue_server.socket_path(long)
    assert len(os.fsencode(path)) < 100
    assert path == queue_server.socket_path(long)
    assert path != queue_server.socket_path(tmp_path / ("y" * 100))
    assert queue_server.socket_path(Path("/srv/tacit")) == Path("/srv/tacit/q.sock")


def test_the_socket_folder_is_ours_alone(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    queue_server.prepare(folder / "q.sock")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(queue_server.NoQueueServer, match="belongs to another user"):
        queue_server.prepare(tmp_path / "link" / "q.sock")


def test_without_any_queue_server_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(queue_server, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(queue_server.NoQueueServer, match="install redis-server or valkey-server"):
        queue_server.find_server()


def test_the_queue_server_answers_on_its_socket_and_leaves_nothing_on_disk(
    short_folder: Path,
) -> None:
    server = QueueServer(short_folder)
    try:
        assert queue_server.responds(server.socket)
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    finally:
        server.process.end()
    assert not queue_server.responds(server.socket)
    assert {path.name for path in short_folder.iterdir()} <= {"q.sock", "queue.log"}
