"""`tacit export`: everything stored about a client, as on the client's own page."""

import click
from sqlalchemy import select

from app.cli.binding import bind_from_env
from app.extensions import db
from app.models import Engagement
from app.operations.client.export import export as everything
from app.operations.client.export import schema_text


@click.command()
@click.argument("engagement", required=False)
@click.option("--schema", is_flag=True, help="The JSON schema: docs/client-export.schema.json.")
def export(engagement: str | None, *, schema: bool) -> None:
    """Print everything stored about the client of ENGAGEMENT (its handle) as JSON."""
    if schema:
        click.echo(schema_text(), nl=False)
        return
    if engagement is None:
        raise click.UsageError("Give the handle of an engagement, or --schema.")
    bind_from_env()
    with db.read() as session:
        found = session.scalar(select(Engagement).where(Engagement.handle == engagement))
    if found is None:
        raise click.ClickException("There is no such engagement: give its handle.")
    for piece in everything(found):
        click.echo(piece, nl=False)
