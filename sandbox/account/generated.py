"""An account made up from a seed."""

from random import Random

from sandbox import instants
from sandbox.account.configuration import Configuration
from sandbox.account.history import History, tell
from sandbox.account.incidents import Incidents
from sandbox.account.listing import Account
from sandbox.account.log_entries import LogEntries
from sandbox.account.model import Organisation
from sandbox.account.names import Names
from sandbox.account.organisation import Builder
from sandbox.account.people import authorizer
from sandbox.account.references import Writer
from sandbox.account.sizes import SIZES
from sandbox.canaries import Mint

ABILITIES = (
    "teams",
    "read_only_users",
    "service_support_hours",
    "urgencies",
    "coordinated_responding",
)
ROLES = ("admin", "limited_user")


def generate(size_name: str, seed: int, as_of: int, subdomain: str) -> Account:
    """`as_of` in microseconds; the same arguments make the same bytes."""
    size = SIZES[size_name]
    as_of = as_of // instants.SECOND * instants.SECOND
    rng = Random(seed)  # noqa: S311 - reproducible, and guards nothing
    names, writer = Names(seed), Writer(Mint(seed), subdomain)
    organisation = Builder(size, names, rng, as_of).build()
    history = tell(organisation, size, as_of, rng)
    incidents = Incidents(organisation, history, names, writer)
    last = _last_incidents(organisation, history)
    authorizers = {
        role: authorizer(role, one.id, one.zone, [organisation.teams[one.team].id], writer)
        for role, one in zip(ROLES, organisation.people[:2], strict=True)
    }
    return Account(
        id=names.configured("account", 0),
        subdomain=subdomain,
        as_of=as_of,
        people=len(organisation.people),
        teams=len(organisation.teams),
        abilities=ABILITIES,
        authorizers=authorizers,
        shelves={
            **Configuration(organisation, writer, last).shelves(),
            "incidents": incidents.shelf(),
            "log_entries": LogEntries(incidents).shelf(),
        },
    )


def _last_incidents(organisation: Organisation, history: History) -> list[int]:
    last = [0] * len(organisation.services)
    for row in history.incidents:
        last[row.service] = row.created
    return last
