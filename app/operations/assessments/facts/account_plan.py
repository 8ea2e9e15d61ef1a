"""What the account has: its plan's abilities, its priorities, its teams."""

from app.operations.assessments.facts.tables import Records
from collectors.resources.abilities import ABILITY
from collectors.vocabularies import OTHER


def abilities(records: Records) -> frozenset[str]:
    """Features of the plan, in PagerDuty's words."""
    names = ABILITY.by_code()
    return frozenset(names[code] for (code,) in records.rows("ability", "word") if code != OTHER)


def priorities(records: Records) -> list[bytes]:
    """Most severe first, as PagerDuty lists them."""
    return [priority for _, priority in records.rows("priority", "position", "id")]


def teams(records: Records) -> list[bytes]:
    """Every team that may be read."""
    return [team for (team,) in records.rows("team", "id")]
