"""`tacit`: every command is there, and none pays for another."""

import re
import subprocess
import sys

import click
from click.testing import CliRunner

from app.cli.commands import main
from tests.servers import environment

LOADED = """
import sys
from app.cli.commands import main
main([*sys.argv[1:], "--help"], standalone_mode=False)
print(*sorted(sys.modules))
"""
PAGES = {"app.web", "app.views", "gunicorn"}
JOBS = {"app.jobs", "app.assessment.engine"}


def _loaded(*command: str) -> set[str]:
    arguments = (sys.executable, "-c", LOADED, *command)
    ended = subprocess.run(arguments, env=environment(), capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_every_command_is_listed_with_what_it_does() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    with click.Context(main) as context:
        for name in main.list_commands(context):
            found = main.get_command(context, name)
            assert found is not None
            assert found.name == name
            assert re.search(rf"^  {name} +{found.get_short_help_str(20)[:8]}", shown, re.MULTILINE)


def test_a_command_that_is_not_there_is_an_error_and_not_a_trace() -> None:
    shown = CliRunner().invoke(main, ["colect"])
    assert shown.exit_code == 2
    assert "No such command 'colect'" in shown.output


def test_what_runs_for_good_loads_what_it_needs() -> None:
    worker, sweep = _loaded("worker"), _loaded("sweep")
    assert worker >= JOBS, "each work-horse would load them again"
    assert not JOBS & sweep
    assert not PAGES & (worker | sweep)
