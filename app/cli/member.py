"""`tacit member`: accounts of consultants."""

import os

import click

from app.cli.binding import bind_from_env
from app.core.errors import AppError
from app.extensions import db
from app.operations.accounts.members import add_member, ensure_demo_member


@click.group()
def member() -> None:
    """Make accounts."""


@member.command()
@click.option("--firm", required=True, help="The consultancy; made if it is new.")
@click.option("--email", required=True)
@click.password_option(help="Prompted for when left out.")
def add(firm: str, email: str, password: str) -> None:
    """Make an account for a consultant."""
    bind_from_env()
    try:
        with db.write() as session:
            add_member(session, firm=firm, email=email, password=password)
    except AppError as error:
        raise click.ClickException(f"{error.title}. {error.remedy}") from None
    click.echo("The account is ready.")


@member.command()
@click.option("--email", required=True)
def demo(email: str) -> None:
    """Make the sandbox's account; its password comes in TACIT_DEMO_PASSWORD."""
    config = bind_from_env()
    password = os.environ.get("TACIT_DEMO_PASSWORD", "")
    if config.production:
        raise click.ClickException("There is no demo account in production: tacit member add.")
    with db.write() as session:
        ensure_demo_member(session, email=email, password=password)
