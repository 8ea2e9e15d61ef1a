"""`tacit migrate | purge | fields | assess`: work on the data."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import select

from app.cli.binding import bind_from_env
from app.core.errors import AppError
from app.extensions import db
from app.models import Engagement, Purge
from app.models.purge import PurgeState
from app.operations.assessments.assess import assess_now
from app.operations.assessments.question import Question
from app.processes.process_list import ROOT
from app.reports.completeness import reasons_in_words, state_in_words, verdict
from app.reports.figures import lacking_of
from app.reports.privacy import privacy_page
from app.reports.wording.resource_names import resource_name
from app.reports.wording.words import listed, number
from app.sweep import finish_purges
from collectors.manifest import manifest, manifest_hash


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; without an offset it is UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse, or fail with what is wanted."""
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("give an ISO time like 2026-03-01T00:00:00Z", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


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


@click.command()
@click.argument("engagement")
@click.option("--since", type=Instant())
@click.option("--until", type=Instant())
@click.option("--as-of", type=Instant())
@click.option("--json", "as_json", is_flag=True, help="The whole report as data.")
def assess(
    engagement: str,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Assess what is collected for ENGAGEMENT (its handle), over any window inside it."""
    bind_from_env()
    try:
        with db.read() as session:
            found = session.scalar(select(Engagement).where(Engagement.handle == engagement))
            if found is None:
                raise click.ClickException("There is no such engagement: give its handle.")
            document = assess_now(session, found, Question(since, until, as_of))
    except AppError as error:
        raise click.ClickException(f"{error.title}. {error.remedy}") from None
    if as_json:
        click.echo(json.dumps(document, indent=2))
        return
    for line in figure_lines(document):
        click.echo(line)
    for line in completeness_lines(document):
        click.echo(line)


def figure_lines(document: dict[str, Any]) -> list[str]:
    """The figures of the whole account as lines; those of teams and so on are in the JSON."""
    lines = []
    for metric in document["metrics"]:
        if metric["scope"]["level"] != "account":
            continue
        rule, lacking = metric.get("withheld"), lacking_of(metric)
        value = "no data" if metric["value"] is None else f"{metric['value']:g} {metric['unit']}"
        said = f"withheld ({rule})" if rule else f"{value}  n={metric['n']}"
        mark = f"  incomplete data: {listed(lacking)}" if lacking else ""
        key = metric["scope"].get("key", "")
        lines.append(f"{metric['id']:<8}{metric['measure']:<40}{key:<34}{said}{mark}")
    return lines


def completeness_lines(document: dict[str, Any]) -> list[str]:
    """The certificate as lines: its verdict, then declared and stored of every resource."""
    certificate, partial = document["completeness"], document["partial"]
    said = verdict(certificate, partial=partial)
    lines = [f"{said.title}. {' '.join(said.sentences)}"]
    for each in certificate["resources"]:
        counts = f"{number(each['declared'])} declared, {number(each['stored'])} stored"
        state = state_in_words(each, partial=partial)
        why = reasons_in_words(each["reasons"])
        lines.append(f"  {resource_name(each['resource']):<34}{counts:<40}{state}  {why}".rstrip())
    return lines
