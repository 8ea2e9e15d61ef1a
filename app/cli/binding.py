"""Commands that need the database start here."""

import os

import click

from app.config import Config, ConfigError
from app.extensions import bind
from app.hygiene import leave_nothing
from app.logs import gate, gate_python


def bind_from_env() -> Config:
    """Bind database, queue and keystore from the environment; a wrong setting ends the command."""
    leave_nothing()
    gate()
    gate_python()
    try:
        config = Config.from_env(os.environ)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    bind(config)
    return config
