"""`tacit`: one command for every process and every errand."""

import os

import click
from dotenv import load_dotenv

from app.cli.data import assess, fields, migrate, purge
from app.cli.member import member
from app.cli.sandbox import sandbox
from app.cli.up import up
from app.cli.work import sweep, worker
from app.processes import ROOT


@click.group()
def main() -> None:
    """Assess how a company answers its incidents without reading a single one."""
    # TACIT_ENV_FILE= (empty) reads no file: a test must not meet the keys of a real PagerDuty.
    if name := os.environ.get("TACIT_ENV_FILE", ".env"):
        load_dotenv(ROOT / name)


for command in (assess, fields, member, migrate, purge, sandbox, sweep, up, worker):
    main.add_command(command)
