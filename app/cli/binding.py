"""Set-up of every command that needs the database."""

import os

import click

from app.core.config import Config, ConfigError
from app.core.hygiene import leave_nothing
from app.core.logs import filter_loggers, filter_python_output
from app.extensions import bind


def bind_from_env() -> Config:
    """Bind database, queue and keystore from the environment; a wrong setting ends the command."""
    leave_nothing()
    filter_loggers()
    filter_python_output()
    try:
        config = Config.from_env(os.environ)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    bind(config)
    return config
