"""The question of an assessment: stored as it is, refused with the name of what is wrong."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.assessment.options import AssessmentOptions, Bands
from app.core.clock import to_microseconds
from app.core.errors import BadInput
from app.models import CollectionRun
from app.operations.assessments.question import Question, bounded, options_of, question_of
from app.operations.assessments.settings import SETTINGS

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
UNTIL = datetime(2024, 3, 25, tzinfo=UTC)
RUN = CollectionRun(since=SINCE, until=UNTIL, as_of=UNTIL + timedelta(hours=1))
TEAM = "0123456789abcdef0123456789abcdef"


def _options(**settings: Any) -> AssessmentOptions:
    return options_of(RUN, "Europe/Berlin", Question(settings=settings))


def test_a_question_is_stored_and_read_back_unchanged() -> None:
    question = Question(
        since=SINCE + timedelta(days=7),
        until=UNTIL - timedelta(microseconds=1),
        as_of=UNTIL,
        settings={
            "teams": [TEAM],
            "exclude_transient": False,
            "bands": {"business_days": [7, 1], "sleep_start_s": 0},
        },
        baseline="0123456789abcdef",
    )
    assert question_of(json.loads(json.dumps(question.as_json()))) == question


@pytest.mark.parametrize("kept", [None, {}, Question().as_json()])
def test_without_a_question_the_run_and_the_defaults_apply(kept: dict[str, Any]) -> None:
    question = question_of(kept)
    assert question == Question()
    assert options_of(RUN, "Europe/Berlin", question) == AssessmentOptions(
        since=to_microseconds(SINCE),
        until=to_microseconds(UNTIL),
        as_of=to_microseconds(UNTIL) + 3600 * 1_000_000,
        time_zone="Europe/Berlin",
    )


def test_a_bound_without_a_value_is_that_of_its_own_run() -> None:
    later = Question(since=SINCE + timedelta(days=7))
    assert bounded(later, RUN) == Question(SINCE + timedelta(days=7), UNTIL, RUN.as_of)


def test_every_option_can_be_set() -> None:
    question: dict[str, Any] = {
        "excluded_urgencies": [],
        "ack_target_s": 600,
        "transient_s": 60,
        "bands": {
            "business_start_s": 25_200,
            "business_end_s": 61_200,
            "business_days": [5, 1, 2],
            "sleep_start_s": 82_800,
            "sleep_end_s": 21_600,
        },
        "minimum_group": 3,
        "teams": [TEAM],
        "services": ["f" * 32],
        "change_integrations": ["0" * 32],
    }
    assert set(question) == SETTINGS
    found = _options(**question)
    assert found.bands == Bands(
        business_start_s=25_200,
        business_end_s=61_200,
        business_days=(1, 2, 5),
        sleep_start_s=82_800,
        sleep_end_s=21_600,
    )
    assert (found.excluded_urgencies, found.ack_target_s, found.transient_s) == ((), 600, 60)
    assert (found.minimum_group, found.teams) == (3, (bytes.fromhex(TEAM),))


def test_bands_go_by_the_hour() -> None:
    """Moved by minutes, two assessments would show when a single call came."""
    with pytest.raises(BadInput) as refused:
        _options(bands={"sleep_start_s": 79_200 + 900})
    assert "sleep_start_s must be a whole hour" in refused.value.remedy


@pytest.mark.parametrize(
    ("bounds", "people_off"),
    [
        ({}, False),
        ({"since": datetime(2024, 1, 8, tzinfo=UTC) - timedelta(hours=1)}, False),  # a Monday there
        ({"since": datetime(2024, 1, 8, tzinfo=UTC)}, True),
        ({"until": UNTIL - timedelta(days=1)}, True),
        ({"as_of": UNTIL + timedelta(minutes=5)}, True),
    ],
)
def test_a_window_cut_inside_a_week_publishes_nothing_about_people(
    bounds: dict[str, datetime], people_off: bool
) -> None:
    assert options_of(RUN, "Europe/Berlin", Question(**bounds)).people_off is people_off  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["teams", "services"])
def test_a_choice_of_teams_or_services_publishes_nothing_about_people(name: str) -> None:
    assert _options(**{name: [TEAM]}).people_off


def test_bands_set_in_part_keep_the_other_defaults() -> None:
    assert _options(bands={"sleep_end_s": 7 * 3600}).bands == Bands(sleep_end_s=7 * 3600)


def test_order_and_repetition_of_a_list_mean_nothing() -> None:
    other = "f" * 32
    assert _options(teams=[TEAM, other]) == _options(teams=[other, TEAM, other])
    assert _options(excluded_urgencies=["low", "high"]) == _options(
        excluded_urgencies=["high", "low"]
    )


_NUMBERS = sorted(SETTINGS - {"teams", "services", "change_integrations", "bands"})
_WHOLE = [each for each in _NUMBERS if each not in {"excluded_urgencies", "exclude_transient"}]
_IDS = ("teams", "services", "change_integrations")
_NO_IDS: tuple[object, ...] = (
    TEAM,
    [TEAM[:-2]],
    ["g" * 32],
    [TEAM, 5],
    None,
    {TEAM: 1},
    [[]],
)
_NO_WHOLE: tuple[object, ...] = (-1, 1.5, "5", None, True, [5])
_WRONG: list[tuple[str, object]] = [
    *((name, value) for name in _WHOLE for value in _NO_WHOLE),
    *((name, 10**8) for name in _WHOLE if name.endswith(("_s", "_min"))),
    *((name, value) for name in _IDS for value in _NO_IDS),
    *(("excluded_urgencies", value) for value in ("low", ["urgent"], [5], None)),
    *(("exclude_transient", value) for value in (0, 1, "yes", None)),
    ("minimum_group", 2),
    ("flap_min_incidents", 0),
    ("storm_threshold", 0),
]


@pytest.mark.parametrize(("name", "value"), _WRONG)
def test_an_option_of_the_wrong_type_or_size_is_refused_by_its_name(
    name: str, value: object
) -> None:
    with pytest.raises(BadInput) as refused:
        _options(**{name: value})
    assert name in refused.value.remedy


@pytest.mark.parametrize(
    ("bands", "name"),
    [
        ({"business_start_s": -1}, "business_start_s"),
        ({"business_end_s": 86_401}, "business_end_s"),
        ({"sleep_start_s": 90_000}, "sleep_start_s"),
        ({"sleep_end_s": -3600}, "sleep_end_s"),
        ({"sleep_end_s": 3600.0}, "sleep_end_s"),
        ({"business_start_s": 64_800}, "business_start_s"),
        ({"sleep_start_s": 28_800}, "sleep_start_s"),
        ({"business_days": []}, "business_days"),
        ({"business_days": [0]}, "business_days"),
        ({"business_days": [8]}, "business_days"),
        ({"business_days": [1, 1]}, "business_days"),
        ({"business_days": ["1"]}, "business_days"),
        ({"business_days": 5}, "business_days"),
        ({"lunch_start_s": 0}, "lunch_start_s"),
        ([8, 18], "bands"),
        (None, "bands"),
    ],
)
def test_bands_that_make_no_day_or_no_week_are_refused(bands: object, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        _options(bands=bands)
    assert name in refused.value.remedy


def test_bands_may_reach_from_midnight_to_midnight() -> None:
    found = _options(bands={"business_start_s": 0, "business_end_s": 86_400}).bands
    assert (found.business_start_s, found.business_end_s) == (0, 86_400)


@pytest.mark.parametrize("name", ["seed", "since", "time_zone", "colour"])
def test_what_is_no_option_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        _options(**{name: 5})
    assert name in refused.value.remedy


@pytest.mark.parametrize(
    "question",
    [
        Question(since=SINCE - timedelta(microseconds=1)),
        Question(until=UNTIL + timedelta(microseconds=1)),
        Question(as_of=RUN.as_of + timedelta(microseconds=1)),
    ],
)
def test_a_window_wider_than_what_was_collected_is_refused_with_what_there_is(
    question: Question,
) -> None:
    with pytest.raises(BadInput, match="wider than what was collected") as refused:
        options_of(RUN, "Etc/UTC", question)
    assert "2024-01-01T00:00:00Z to 2024-03-25T00:00:00Z" in refused.value.remedy


@pytest.mark.parametrize(
    ("question", "name"),
    [
        (Question(since=UNTIL), "since"),
        (Question(since=SINCE + timedelta(days=2), until=SINCE + timedelta(days=1)), "since"),
        (Question(as_of=UNTIL - timedelta(seconds=1)), "as_of"),
    ],
)
def test_an_impossible_window_is_refused(question: Question, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        options_of(RUN, "Etc/UTC", question)
    assert name in refused.value.remedy


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        options_of(RUN, "Mars/Olympus", Question())
    assert "time_zone" in refused.value.remedy
