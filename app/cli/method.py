"""`tacit method`: the method appendix, from what the code declares."""

import click

from app.reports.method import chapters, markdown, rules


@click.command()
@click.option("--markdown", "as_markdown", is_flag=True, help="The whole appendix, for a file.")
def method(*, as_markdown: bool) -> None:
    """Print every metric and finding by id and title."""
    if as_markdown:
        click.echo(markdown(), nl=False)
        return
    for chapter in chapters():
        for metric in chapter.metrics:
            click.echo(f"{metric.id}\t{metric.title}")
    for rule in rules():
        click.echo(f"{rule.id}\t{rule.title}")
