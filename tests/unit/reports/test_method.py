"""The method appendix is what the code declares."""

from pathlib import Path

from click.testing import CliRunner

from app.assessment.catalogue import METRICS
from app.assessment.findings.rules import RULES
from app.cli.commands import main

APPENDIX = Path("docs/method.md")


def test_the_appendix_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(main, ["method", "--markdown"])
    assert printed.exit_code == 0
    assert APPENDIX.read_text(encoding="utf-8") == printed.output, (
        "tacit method --markdown > docs/method.md"
    )


def test_every_metric_and_finding_stands_in_it_with_its_source() -> None:
    text = APPENDIX.read_text(encoding="utf-8")
    for metric in METRICS:
        _, _, entry = text.partition(f"\n### {metric.id} {metric.title}\n")
        entry = entry.partition("\n### ")[0]
        assert metric.definition in entry
        assert f"- Source: {metric.source}." in entry
        for measure in metric.measures:
            assert f"- `{measure.name}` ({measure.unit}" in entry
    for rule in RULES:
        assert f"\n### {rule.id} {rule.title}\n" in text
        assert rule.definition in text


def test_the_list_names_each_once() -> None:
    printed = CliRunner().invoke(main, ["method"]).output.splitlines()
    assert len(printed) == len(METRICS) + len(RULES)
