"""The scorecard: components, caps, what is missing, range and bands."""

import pytest

from app.assessment.figures import Figure
from app.assessment.findings.finding import Finding, Severity
from app.assessment.published_figures import PublishedFigures
from app.assessment.scorecard import Scorecard, scorecard
from app.assessment.scorecard.components import READERS
from app.assessment.scorecard.dimension import Dimension
from app.assessment.scorecard.scorecard import band, component_score
from app.assessment.thresholds import THRESHOLDS, Anchor
from tests.unit.assessment.findings.finding_figures import LONG, figure

SOME = figure("incident_count", 120, n=120)
RESPONSE = (
    figure("high_urgency_acked_within_target_rate", 0.75, (0.66, 0.84)),
    figure("high_urgency_tta_median_s", 240.0, (198.0, 276.0)),
    figure("rmst_s", 3 * 3_600.0),
    figure("unowned_share", 0.10),
)
"""The worked example of the definition."""


def scored(*figures: Figure, findings: list[Finding] | None = None) -> Scorecard:
    return scorecard(figures, findings or [], LONG)


def dimension(name: str, card: Scorecard) -> Dimension:
    (found,) = (each for each in card.dimensions if each.name == name)
    return found


def open_finding(
    severity: Severity, room: str = "response", number: str = "F18", of: str | None = None
) -> Finding:
    return Finding(
        id=number,
        title="",
        dimension=room,
        level="account",
        of=of,
        severity=severity,
        confidence="High",
        evidence=(),
        recommendation="",
        source="",
    )


def test_the_response_of_the_worked_example() -> None:
    card = scored(SOME, *RESPONSE)
    response = dimension("response", card)
    # (0.75 - 0.3) / 0.6; (900 - 240) / 780; (12 - 3) / 11; (0.5 - 0.1) / 0.45.
    result = [each.score for each in response.components]
    assert result == pytest.approx([75, 84.615384, 81.818181, 88.888888], rel=1e-6)
    # Weights 40, 20, 25 and 15.
    assert response.score == response.uncapped == pytest.approx(80.7109557, rel=1e-6)
    assert response.band == "strong"
    assert (response.cap, response.capped_by) == (None, ())


def test_an_open_high_finding_caps_at_79_and_a_critical_one_at_49() -> None:
    high = [open_finding("High"), open_finding("Medium", number="F22")]
    response = dimension("response", scored(SOME, *RESPONSE, findings=high))
    assert (response.score, response.cap, response.capped_by) == (79, 79, ("F18",))
    assert response.uncapped == pytest.approx(80.7109557, rel=1e-6)
    assert response.band == "managed"
    assert response.high == 79
    worst = [*high, open_finding("Critical", number="F16"), open_finding("Critical", number="F01")]
    response = dimension("response", scored(SOME, *RESPONSE, findings=worst))
    assert (response.score, response.cap, response.capped_by) == (49, 49, ("F01", "F16"))


def test_a_finding_caps_its_own_dimension_only_and_a_low_score_stays() -> None:
    other = [open_finding("Critical", "noise"), open_finding("Critical", "")]
    assert dimension("response", scored(SOME, *RESPONSE, findings=other)).cap is None
    poor = [figure("high_urgency_acked_within_target_rate", 0.36), *RESPONSE[1:2]]
    card = scored(SOME, *poor, figure("rmst_s", 86_400.0), findings=[open_finding("Critical")])
    # 10, 84.6 and 0 with weights 40, 20 and 25, of 85 in all.
    assert dimension("response", card).score == pytest.approx(24.615384, rel=1e-6)


def test_the_range_comes_from_both_ends_of_every_interval() -> None:
    response = dimension("response", scored(SOME, *RESPONSE))
    ends = [(each.low, each.high) for each in response.components]
    # 0.66 and 0.84 -> 60 and 90; 276 s and 198 s -> 80 and 90; facts stay as they are.
    assert ends[0] == pytest.approx((60, 90))
    assert ends[1] == pytest.approx((80, 90))
    assert ends[2][0] == ends[2][1] == response.components[2].score
    assert response.low == pytest.approx(
        (60 * 40 + 80 * 20 + 81.818181 * 25 + 88.888888 * 15) / 100
    )
    assert response.high == pytest.approx(
        (90 * 40 + 90 * 20 + 81.818181 * 25 + 88.888888 * 15) / 100
    )


def test_without_half_of_the_weight_there_is_no_score_but_a_reason() -> None:
    # 40 of 100 are too few; 40 and 15 are enough, and their mean is over 55.
    alone = dimension("response", scored(SOME, RESPONSE[0]))
    assert (alone.score, alone.low, alone.band) == (None, None, None)
    assert alone.reason == "Less than half of it can be computed."
    two = dimension("response", scored(SOME, RESPONSE[0], RESPONSE[3]))
    assert two.score == pytest.approx((75 * 40 + 88.888888 * 15) / 55)
    assert two.reason == ""
    withheld = figure("rmst_s", None, n=None, withheld="PRIV-1")
    assert dimension("response", scored(SOME, RESPONSE[0], withheld)).score is None


STRUCTURE = (
    figure("services_below_two_levels_share", 0.2),
    figure("services_below_three_people_share", 0.25),
    figure("l1_covered_share", 0.99),
    figure("services_on_direct_user_first_share", 0.0),
    figure("services_with_team_and_dependency_share", 0.3),
)


def test_exactly_half_of_the_weight_is_enough() -> None:
    # Of the structure 30, 25, 25, 10 and 10: the third and the first are 55, the second and the
    # third 50.
    card = scored(SOME, *STRUCTURE[1:3])
    # Services behind three people 0.75 -> 50; cover 0.99 -> 80.
    assert dimension("structure", card).score == pytest.approx(65)


def test_the_structure_uses_complements_of_shares() -> None:
    structure = dimension("structure", scored(SOME, *STRUCTURE))
    # 0.8 -> 60, 0.75 -> 50, 0.99 -> 80, 1 -> 100, 0.3 -> 0.
    assert [each.score for each in structure.components] == pytest.approx([60, 50, 80, 100, 0])
    assert [each.value for each in structure.components] == pytest.approx(
        [0.8, 0.75, 0.99, 1.0, 0.3]
    )
    assert structure.score == pytest.approx((60 * 30 + 50 * 25 + 80 * 25 + 100 * 10) / 100)


def test_without_incidents_there_is_nothing_to_judge_and_no_hundred() -> None:
    none = figure("incident_count", 0, n=0)
    silent = [figure("transient_share", 0.0), figure("non_actionable_share", 0.0)]
    card = scored(none, *RESPONSE, *silent, *STRUCTURE)
    for name in ("response", "escalation", "noise"):
        assert dimension(name, card).score is None
        assert dimension(name, card).reason == "There is no incident to judge by."
    assert card.score == dimension("structure", card).score


@pytest.mark.parametrize(("seen", "result"), [(0.5, True), (0.49, False), (None, False)])
def test_change_is_judged_only_where_half_of_it_can_be_seen(
    seen: float | None, result: bool
) -> None:
    changes = [figure("change_failure_excess", 0.16), figure("fdrt_median_s", 45_000.0)]
    card = scored(SOME, figure("change_visibility", seen), *changes)
    # (0.30 - 0.16) / 0.28 and (86 400 - 45 000) / 82 800: both 50.
    expected = pytest.approx(50) if result else None
    assert dimension("change", card).score == expected
    assert bool(dimension("change", card).reason) is not result


def test_the_score_is_the_weighted_mean_of_the_shown_dimensions() -> None:
    card = scored(SOME, *RESPONSE, *STRUCTURE)
    response, structure = dimension("response", card), dimension("structure", card)
    assert [each.name for each in card.dimensions if each.score is not None] == [
        "response",
        "structure",
    ]
    # Response weighs 20 and structure 20.
    assert card.score == pytest.approx(((response.score or 0) + (structure.score or 0)) / 2)
    assert card.low == pytest.approx(((response.low or 0) + (structure.low or 0)) / 2)
    assert scored().score is None
    assert scored().band is None


@pytest.mark.parametrize(
    ("x0", "x100", "x", "expected"),
    [
        (0.30, 0.90, 0.60, 50),
        (0.30, 0.90, 0.10, 0),
        (0.30, 0.90, 0.95, 100),
        (900, 120, 510, 50),
        (900, 120, 1_000, 0),
        (900, 120, 60, 100),
    ],
)
def test_an_anchor_works_in_both_directions(
    x0: float, x100: float, x: float, expected: float
) -> None:
    assert component_score(
        Anchor(dimension="", metric="", name="", weight=1, x0=x0, x100=x100), x
    ) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (0, "at risk"),
        (39.9, "at risk"),
        (40, "developing"),
        (59.9, "developing"),
        (60, "managed"),
        (79, "managed"),
        (80, "strong"),
        (100, "strong"),
    ],
)
def test_a_score_has_the_band_that_it_lies_in(score: float, word: str) -> None:
    assert band(score) == word


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(THRESHOLDS.dimensions.values()) == 100
    for name in THRESHOLDS.dimensions:
        assert sum(c.weight for c in THRESHOLDS.components if c.dimension == name) == 100


def test_rests_need_both_kinds_and_flapping_with_storms_is_at_most_everything() -> None:
    def read(name: str, *figures: Figure) -> tuple[float, float, float] | None:
        found = READERS[name](PublishedFigures(figures))
        return None if found is None else (found.value, found.low, found.high)

    between = figure("rest_violations_per_person_month", 0.5, (0.25, 1.0))
    disturbed = figure("interrupted_rest_per_person_month", 1.5, (1.0, 2.0))
    assert read("ONC-07", between, disturbed) == (2.0, 1.25, 3.0)
    assert read("ONC-07", between) is None
    assert read("ONC-07", disturbed) is None
    flaps = figure("flap_share", 0.5, (0.25, 0.75))
    storms = figure("storm_share", 0.25, (0.125, 0.5))
    assert read("NOI-05", flaps, storms) == (0.75, 0.375, 1.0)
    assert read("NOI-05", flaps) is None
    spent = figure("high_urgency_exhausted_rate", 0.02, (0.01, 0.04))
    assert read("ESC-09", spent) == (2.0, 1.0, 4.0)
    assert read("POL-01", figure("services_below_two_levels_share", 0.2, (0.1, 0.4))) == (
        0.8,
        0.6,
        0.9,
    )


def test_the_scorecard_as_json_names_its_thresholds() -> None:
    result = scored(SOME, *RESPONSE, findings=[open_finding("High")]).as_json()
    assert result["thresholds_version"] == THRESHOLDS.version
    response = result["dimensions"][0]
    assert (response["name"], response["cap"], response["capped_by"]) == ("response", 79, ["F18"])
    assert response["confidence"]["word"] in {"High", "Medium", "Low"}
    assert len(response["components"]) == 4


def test_thin_data_takes_the_trust_out_of_every_dimension() -> None:
    whole = figure("log_completeness", 1.0)
    assert dimension("response", scored(SOME, whole, *RESPONSE)).confidence.word == "High"
    thin = [open_finding("Info", "", "F47")]
    card = scored(SOME, whole, *RESPONSE, findings=thin)
    assert {each.confidence.word for each in card.dimensions} == {"Low"}
