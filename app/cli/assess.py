"""`tacit assess`: an assessment of what is collected, with the options of the page."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from app.assessment.options import HOUR, URGENCIES
from app.cli.binding import bind_from_env
from app.cli.instant import Instant
from app.core.errors import AppError
from app.extensions import db
from app.models import Engagement
from app.operations.assessments.assess import assess_now
from app.operations.assessments.question import Question
from app.reports.completeness import reasons_in_words, state_in_words, verdict
from app.reports.figures import lacking_of
from app.reports.wording.resource_names import resource_name
from app.reports.wording.withheld import not_collected
from app.reports.wording.words import listed, number

_RANGE = re.compile(r"(\d{1,2})(?::00)?-(\d{1,2})(?::00)?")
_DAYS = re.compile(r"[1-7](-[1-7])?(,[1-7](-[1-7])?)*")
_NONE = "none"


class _Hours(click.ParamType[tuple[int, int]]):
    """Two whole hours of the local day, as seconds."""

    name = "hours"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Parse, or fail with what is wanted."""
        found = _RANGE.fullmatch(str(value))
        if found is None:
            self.fail("give whole hours like 08:00-18:00", param, ctx)
        begin, end = int(found[1]), int(found[2])
        return begin * HOUR, end * HOUR


class _Weekdays(click.ParamType[list[int]]):
    """ISO weekdays, Monday 1."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[int]:
        """Parse, or fail with what is wanted."""
        if _DAYS.fullmatch(str(value)) is None:
            self.fail("give weekdays like 1-5 or 1,3,5, Monday being 1", param, ctx)
        days: set[int] = set()
        for part in str(value).split(","):
            first, _, last = part.partition("-")
            days.update(range(int(first), int(last or first) + 1))
        return sorted(days)


@click.command()
@click.argument("engagement")
@click.option("--since", type=Instant())
@click.option("--until", type=Instant())
@click.option("--as-of", type=Instant())
@click.option(
    "--exclude-urgency",
    "excluded_urgencies",
    type=click.Choice([*sorted(URGENCIES), _NONE]),
    multiple=True,
    help="Left out of the DORA metrics; several times, or none. Default: low.",
)
@click.option("--ack-target", type=click.IntRange(min=0), help="In minutes.")
@click.option("--transient", type=click.IntRange(min=0), help="Transient below; in minutes.")
@click.option("--business", type=_Hours(), help="For example 08:00-18:00.")
@click.option("--business-days", type=_Weekdays(), help="For example 1-5, Monday being 1.")
@click.option("--sleep", type=_Hours(), help="For example 22:00-08:00.")
@click.option("--minimum-group", type=int, help="People behind a published figure over people.")
@click.option("--team", "teams", multiple=True, help="A pseudonym of the report; several times.")
@click.option("--service", "services", multiple=True, help="The same, of services.")
@click.option(
    "--integration",
    "change_integrations",
    multiple=True,
    help="The same, of integrations whose change events are deployments.",
)
@click.option("--baseline", help="Handle of the assessment to compare with.")
@click.option("--json", "as_json", is_flag=True, help="The whole report as data.")
def assess(
    engagement: str,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    baseline: str | None,
    *,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Assess what is collected for ENGAGEMENT (its handle), over any window inside it."""
    question = Question(since, until, as_of, settings_of(**chosen), baseline)
    bind_from_env()
    try:
        with db.read() as session:
            found = session.scalar(select(Engagement).where(Engagement.handle == engagement))
            if found is None:
                raise click.ClickException("There is no such engagement: give its handle.")
            document = assess_now(session, found, question)
    except AppError as error:
        raise click.ClickException(f"{error.title}. {error.remedy}") from None
    if as_json:
        click.echo(json.dumps(document, indent=2))
        return
    for line in figure_lines(document):
        click.echo(line)
    for line in completeness_lines(document):
        click.echo(line)


def settings_of(
    *,
    excluded_urgencies: Sequence[str],
    ack_target: int | None,
    transient: int | None,
    business: tuple[int, int] | None,
    business_days: list[int] | None,
    sleep: tuple[int, int] | None,
    minimum_group: int | None,
    **places: Sequence[str],
) -> dict[str, Any]:
    """The options that were given, as a question has them."""
    bands: dict[str, Any] = {}
    for name, hours in (("business", business), ("sleep", sleep)):
        if hours is not None:
            bands[f"{name}_start_s"], bands[f"{name}_end_s"] = hours
    if business_days is not None:
        bands["business_days"] = business_days
    found: dict[str, Any] = {name: sorted(ids) for name, ids in places.items() if ids}
    if excluded_urgencies:
        found["excluded_urgencies"] = sorted({*excluded_urgencies} - {_NONE})
    for name, minutes in (("ack_target_s", ack_target), ("transient_s", transient)):
        if minutes is not None:
            found[name] = minutes * 60
    if bands:
        found["bands"] = bands
    if minimum_group is not None:
        found["minimum_group"] = minimum_group
    return found


def figure_lines(document: dict[str, Any]) -> list[str]:
    """The figures of the whole account as lines; those of teams and so on are in the JSON."""
    lines = []
    for metric in document["metrics"]:
        if metric["scope"]["level"] != "account":
            continue
        rule, lacking = metric.get("withheld"), lacking_of(metric)
        value = "no data" if metric["value"] is None else f"{metric['value']:g} {metric['unit']}"
        if metric.get("not_collected"):
            value = not_collected(metric["not_collected"])
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
