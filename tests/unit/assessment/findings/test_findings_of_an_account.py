"""From the rows of an account to what is published of it: figures, findings, scorecard."""

from app.assessment.engine import assess
from app.assessment.publish import Published, publish
from app.assessment.rows import Facts
from tests.factories.configuration_rows import edges, estate, policy, service
from tests.factories.rows import DAY, HOUR, MONDAY, incident, name_of, options, rule, shift

QUESTION = options(until=MONDAY + 35 * DAY)


def rows(*, people: int = 1) -> Facts:
    """Two services that depend on each other behind one policy of one level, and its people."""
    names = [f"p{number}" for number in range(people)]
    return estate(
        policies=[policy()],
        rules=[rule(1, "rota1")],
        services=[service("pay", teams=["red"]), service("web", teams=["red"])],
        dependencies=edges("pay>web", "web>pay"),
        rosters={"rota1": names},
        shifts=[
            shift("rota1", MONDAY + day * DAY, MONDAY + (day + 1) * DAY, names[day % people])
            for day in range(35)
        ],
        incidents=[
            incident(f"i{number}", MONDAY + number * 20 * HOUR, resolved=HOUR, service="pay")
            for number in range(40)
        ],
        teams=["red"],
        abilities=["teams"],
    )


def findings_by_id(published: Published) -> dict[str, tuple[str, str, str | None]]:
    """Level, severity and place of each finding by its id; every one of these is made once."""
    return {
        each.id: (each.level, each.severity, None if each.of is None else _name(each.of))
        for each in published.findings
    }


def test_the_configuration_reaches_the_rules() -> None:
    found = findings_by_id(publish(assess(rows(), QUESTION)))
    # Pay raised all incidents of high urgency: it is the critical one.
    assert found["F02"] == ("policy", "Critical", "policy")
    assert found["F04"] == ("policy", "High", "policy")
    assert found["F40"] == ("service", "Critical", "pay")
    assert found["F41"] == ("account", "Low", None)
    assert "F01" not in found


def test_figures_over_few_people_lead_to_no_finding() -> None:
    # Three people are each a third of the time on call, but three are too few to say so of.
    few = publish(assess(rows(people=3), QUESTION))
    assert "F23" not in findings_by_id(few)
    assert {each.withheld for each in few.figures if each.id == "ONC-02"} <= {"PRIV-9", "PRIV-1"}


def test_the_findings_cap_the_scorecard() -> None:
    card = publish(assess(rows(), QUESTION)).scorecard
    (structure,) = (each for each in card.dimensions if each.name == "structure")
    assert structure.cap == 49
    assert structure.capped_by == ("F02", "F40")


def test_all_of_it_is_ready_for_json() -> None:
    said = publish(assess(rows(), QUESTION)).as_json()
    assert [each["id"] for each in said["findings"]][:2] == ["F02", "F40"]
    assert {"metrics", "series", "findings", "scorecard", "withheld"} <= set(said)


def _name(of: str) -> str:
    return name_of(bytes.fromhex(of))
