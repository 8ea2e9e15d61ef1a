"""`tacit`: one command for every process and every errand."""

import click

from app.cli.data import assess, fields, migrate, purge
from app.cli.examples import examples
from app.cli.export import export
from app.cli.firm import firm
from app.cli.keys import keys
from app.cli.member import member
from app.cli.method import method
from app.cli.sandbox import sandbox
from app.cli.up import up
from app.cli.verify import verify
from app.cli.work import sweep, worker
from app.config import load_env_file


@click.group()
def main() -> None:
    """Assess how a company answers its incidents without reading a single one."""
    load_env_file()


for command in (
    assess,
    examples,
    export,
    fields,
    keys,
    firm,
    member,
    method,
    migrate,
    purge,
    sandbox,
    sweep,
    up,
    verify,
    worker,
):
    main.add_command(command)
