"""For any account: the published figures reveal nobody."""

from collections import defaultdict
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.figures import Figure
from app.assessment.suppression import suppress
from tests.unit.assessment.suppression.cells import ADDITIVE, cell

K = 5
KEYS = ("business", "off", "sleep")
Amounts = dict[str, float]
People = dict[tuple[str, str], Amounts]

amounts = st.sampled_from([0.0, 0.0, 1.0, 2.0, 5.0, 40.0])
parts = st.fixed_dictionaries(dict.fromkeys(KEYS, amounts))
companies = st.lists(st.tuples(st.sampled_from("abcd"), parts), min_size=1, max_size=24)


def cells_of(company: list[tuple[str, dict[str, float]]]) -> list[Figure]:
    """Account and teams, in all and by band; a person is in one team."""
    groups: People = defaultdict(dict)
    for number, (team, part) in enumerate(company):
        name = f"p{number}"
        for key in KEYS:
            if part[key]:
                for place in ("", team):
                    groups[place, key][name] = part[key]
                    groups[place, ""][name] = groups[place, ""].get(name, 0) + part[key]
    return [
        cell(ADDITIVE, people, of=place or None, key=key or None)
        for (place, key), people in sorted(groups.items())
    ]


def shown(figures: list[Figure]) -> list[Figure]:
    kept = suppress(figures, K)
    return [raw for raw, each in zip(figures, kept, strict=True) if each.value is not None]


def differing(one: Figure, others: list[Figure]) -> int:
    """People whose part in ``one`` is not what the ``others`` make together."""
    left: defaultdict[bytes, float] = defaultdict(float)
    for figure, sign in [(one, 1), *((other, -1) for other in others)]:
        for person, amount in (figure.people or {}).items():
            left[person] += sign * amount
    return sum(abs(amount) > 1e-9 for amount in left.values())


@given(companies)
def test_no_published_cell_is_about_fewer_than_k(company: list[tuple[str, Amounts]]) -> None:
    assert all(len(each.people or {}) >= K for each in shown(cells_of(company)))


@given(companies)
def test_no_difference_of_two_published_cells_isolates_fewer_than_k(
    company: list[tuple[str, Amounts]],
) -> None:
    for one, other in combinations(shown(cells_of(company)), 2):
        assert differing(one, [other]) == 0 or differing(one, [other]) >= K


@given(companies)
def test_no_total_minus_its_published_parts_isolates_fewer_than_k(
    company: list[tuple[str, Amounts]],
) -> None:
    figures = shown(cells_of(company))
    for total in figures:
        places = [f for f in figures if f.of is not None and f.key == total.key]
        keys = [f for f in figures if f.key is not None and f.of == total.of]
        for found in (places if total.of is None else [], keys if total.key is None else []):
            if found:
                assert differing(total, found) == 0 or differing(total, found) >= K


placed = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("12-"), amounts),
    min_size=6,
    max_size=30,
)


@given(placed)
def test_no_total_minus_its_published_parts_of_a_level_isolates_fewer_than_k(
    company: list[tuple[str, str, str, float]],
) -> None:
    """Policies lie in teams, and some of what happened in no whole week."""
    groups: People = defaultdict(dict)
    for number, (team, policy, week, amount) in enumerate(company):
        for place in (("account", ""), ("team", team), ("policy", team + policy), ("week", week)):
            if amount and place != ("week", "-"):
                groups[place][f"p{number}"] = amount
    figures = shown(
        [
            cell(ADDITIVE, people, of=of or None, level=level)
            for (level, of), people in sorted(groups.items())
        ]
    )
    for total in figures:
        for level in ("team", "policy", "week"):
            inside = [f for f in figures if f.level == level and _within(f, total)]
            if total.level in {"account", "team"} and inside and total.level != level:
                assert differing(total, inside) == 0 or differing(total, inside) >= K


def _within(part: Figure, total: Figure) -> bool:
    return set(part.people or {}) <= set(total.people or {})


@given(companies, st.randoms(use_true_random=False))
def test_the_order_of_the_figures_changes_nothing(
    company: list[tuple[str, Amounts]], random: object
) -> None:
    figures = cells_of(company)
    mixed = list(figures)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    names = [{(f.of, f.key, f.value, f.withheld) for f in suppress(x, K)} for x in (figures, mixed)]
    assert names[0] == names[1]
