"""`tacit`: one command for every process and every task."""

import gc
from importlib import import_module

import click

from app.core.config import load_env_file

_MODULES = {
    "assess": "assess",
    "examples": "examples",
    "export": "export",
    "fields": "data",
    "firm": "firm",
    "keys": "keys",
    "member": "member",
    "method": "method",
    "migrate": "data",
    "purge": "data",
    "sandbox": "sandbox",
    "sweep": "sweep",
    "up": "up",
    "verify": "verify",
    "worker": "worker",
}


class _Commands(click.Group):
    """Loads only the requested command: the others would double the start time."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in _MODULES:
            return None
        # Nothing that is imported becomes garbage: to look for it all the while costs a sixth of
        # the start.
        gc.disable()
        found: click.Command = getattr(import_module(f"app.cli.{_MODULES[name]}"), name)
        gc.enable()
        return found


@click.group(cls=_Commands)
def main() -> None:
    """Assess how a company answers its incidents without reading a single one."""
    load_env_file()
