"""`tacit examples`: worked examples through collectors and engine, value by value."""

import json
from pathlib import Path
from typing import Any

import click

from app.examples.check import check
from app.examples.declared import schema


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--schema", "as_schema", is_flag=True, help="The file docs/examples.schema.json.")
def examples(file: Path | None, *, as_schema: bool) -> None:
    """Compute the examples of FILE and compare each expected value; 1 where one differs.

    One line of JSON for each: example, key, value, expected, equal. Needs no database and no
    network. docs/examples.schema.json is the shape of FILE.
    """
    if as_schema:
        click.echo(json.dumps(schema(), indent=2))
        return
    if file is None:
        raise click.UsageError("Name a file.")
    different = False
    for outcome in check(_read(file), lambda said: click.echo(said, err=True)):
        different |= not outcome.equal
        click.echo(json.dumps(outcome.as_json()))
    if different:
        raise SystemExit(1)


def _read(file: Path) -> dict[str, Any]:
    # The error would contain parts of the file: it must not leave this block.
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        read = None
    document: dict[str, Any] = read if isinstance(read, dict) else {}
    if not isinstance(document.get("examples"), list) or not document["examples"]:
        raise click.ClickException('There is no list "examples" in that file.')
    return document
