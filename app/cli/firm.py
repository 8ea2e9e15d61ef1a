"""`tacit firm`: deletes a consultancy."""

import click

from app.cli.binding import bind_from_env
from app.core.errors import AppError, Busy, NotPromised
from app.extensions import db
from app.operations.accounts.firms import delete_firm, find_firm
from app.operations.deletion.disconnect import carry_out


@click.group()
def firm() -> None:
    """Delete consultancies."""


@firm.command()
@click.argument("name_or_id")
@click.confirmation_option(
    prompt="This deletes its accounts, engagements and everything collected. Go on?"
)
def delete(name_or_id: str) -> None:
    """Delete the firm NAME_OR_ID: accounts, engagements, everything collected for it."""
    bind_from_env()
    try:
        with db.write() as session:
            ended = delete_firm(session, find_firm(session, name_or_id))
    except Busy:
        raise click.ClickException(f"{NotPromised.title}. {Busy.remedy}") from None
    except AppError as error:
        raise click.ClickException(f"{error.title}. {error.remedy}") from None
    for each in ended:
        carry_out(each)
    click.echo(
        "No member of the firm can log in any more. Its rows are removed after its last deletion."
    )
    for each in ended:
        click.echo(f"Deleting, receipt {each.purge.handle}, by {each.purge.deadline_at:%F %T} UTC.")
