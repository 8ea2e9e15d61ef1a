"""`tacit migrate | purge | fields`: work on the data."""

import json
from datetime import timedelta

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import select

from app.cli.binding import bind_from_env
from app.extensions import db
from app.models import Purge
from app.models.purge import PurgeState
from app.processes.process_list import ROOT
from app.reports.privacy import privacy_page
from app.sweep import finish_purges
from collectors.manifest import manifest, manifest_hash


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    bind_from_env()
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with db.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()


@click.command()
def purge() -> None:
    """Finish every purge that is due, at once."""
    bind_from_env()
    finish_purges(head_start=timedelta(0))
    with db.read() as session:
        due = select(Purge).where(Purge.state == PurgeState.DUE).order_by(Purge.id)
        left = session.scalars(due).all()
    for each in left:
        why = "another process works on it" if each.lease_owner else each.last_code
        click.echo(f"{each.handle}: {why or 'it has just been requested'}")
    if left:
        raise click.ClickException(f"{len(left)} still under way: try again soon.")
    click.echo("No purge is due.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The manifest itself.")
@click.option("--markdown", is_flag=True, help="The page docs/privacy.md.")
def fields(as_json: bool, markdown: bool) -> None:
    """Show every field that is ever kept, and why."""
    if markdown:
        click.echo(privacy_page(manifest(), manifest_hash()), nl=False)
        return
    if as_json:
        click.echo(json.dumps(manifest(), indent=2))
        return
    for resource in manifest()["resources"]:
        name = "  (only if the client allows it by name)" if resource["extension"] else ""
        click.echo(f"{resource['method']} {resource['path']}  {resource['purpose']}{name}")
        for field in resource["fields"]:
            click.echo(f"  {field['name']:<58}{field['kind']:<38}{field['reason']}")
    click.echo(f"allow-list {manifest_hash()}")
