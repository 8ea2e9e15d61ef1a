"""`tacit assess` has the options of the page."""

from typing import Any, Self

import click
import pytest
from click.testing import CliRunner

from app.cli import assess as module
from app.core.errors import BadInput
from app.operations.assessments.question import Question
from app.operations.assessments.settings import SETTINGS, setting

TEAM, SERVICE, TOOL = ("1" * 32, "2" * 32, "3" * 32)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions that reach the engine; each ends there."""
    found: list[Question] = []

    def assess_now(_session: object, _engagement: object, question: Question) -> dict[str, Any]:
        found.append(question)
        raise BadInput

    class Session:
        def scalar(self, _query: object) -> object:
            return self

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(module, "assess_now", assess_now)
    monkeypatch.setattr(module, "bind_from_env", lambda: None)
    monkeypatch.setattr("app.cli.assess.db.read", Session)
    return found


def test_every_option_of_the_page_is_an_option_of_the_command(questions: list[Question]) -> None:
    given = (
        "--exclude-urgency high --exclude-urgency low --ack-target 10 --transient 2 "
        "--business 7:00-19:00 --business-days 1-4,6 --sleep 23-7 --minimum-group 8 "
        f"--team {TEAM} --service {SERVICE} --integration {TOOL} --baseline abc"
    )
    CliRunner().invoke(module.assess, ["0123", *given.split()], catch_exceptions=False)
    (question,) = questions
    assert question.baseline == "abc"
    assert question.settings == {
        "excluded_urgencies": ["high", "low"],
        "ack_target_s": 600,
        "transient_s": 120,
        "bands": {
            "business_start_s": 7 * 3600,
            "business_end_s": 19 * 3600,
            "business_days": [1, 2, 3, 4, 6],
            "sleep_start_s": 23 * 3600,
            "sleep_end_s": 7 * 3600,
        },
        "minimum_group": 8,
        "teams": [TEAM],
        "services": [SERVICE],
        "change_integrations": [TOOL],
    }
    assert set(question.settings) == SETTINGS
    for name, value in question.settings.items():
        setting(name, value)


def test_without_options_the_question_is_that_of_the_collection(questions: list[Question]) -> None:
    CliRunner().invoke(module.assess, ["0123"], catch_exceptions=False)
    assert questions == [Question()]


def test_no_urgency_may_be_left_out(questions: list[Question]) -> None:
    CliRunner().invoke(module.assess, ["0123", "--exclude-urgency", "none"])
    assert questions[0].settings == {"excluded_urgencies": []}


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--business", "8:30-18:00", "give whole hours like 08:00-18:00"),
        ("--sleep", "at night", "give whole hours like 08:00-18:00"),
        ("--business-days", "Mon-Fri", "give weekdays like 1-5"),
        ("--exclude-urgency", "medium", "is not one of"),
    ],
)
def test_a_value_that_cannot_be_read_says_what_is_wanted(
    option: str, value: str, said: str, questions: list[Question]
) -> None:
    ended = CliRunner().invoke(module.assess, ["0123", option, value])
    assert ended.exit_code == click.UsageError.exit_code
    assert said in ended.output
    assert questions == []
