"""An account made up from a seed."""

from functools import cache
from random import Random

from sandbox import instants
from sandbox.account.account import Account
from sandbox.account.business import Business
from sandbox.account.changes import ChangeEvents, Priorities
from sandbox.account.company import Company
from sandbox.account.history import History, make_history
from sandbox.account.incidents import Incidents
from sandbox.account.listing import Listing
from sandbox.account.live_listing import LiveListing
from sandbox.account.log_entries import LogEntries
from sandbox.account.maintenance import Maintenance
from sandbox.account.model import Organisation
from sandbox.account.names import Names
from sandbox.account.oncalls import Oncalls
from sandbox.account.organisation import Builder
from sandbox.account.people import Users, authorizer
from sandbox.account.policies import Policies
from sandbox.account.references import Writer
from sandbox.account.schedules import Schedules
from sandbox.account.services import Services
from sandbox.account.shift_schedules import ShiftSchedules
from sandbox.account.sizes import Size
from sandbox.account.teams import Teams
from sandbox.canaries import Mint

ABILITIES = (
    "teams",
    "priorities",
    "read_only_users",
    "service_support_hours",
    "urgencies",
    "coordinated_responding",
    "team_responders",
    "auto_pause_notifications",
    "quantum_paging",
    "carrier_pigeon_fallback",
)
"""The last two are in no list of PagerDuty's: an account may always have some that we know not."""

ROLES = ("admin", "limited_user")


def generate(
    size: Size,
    seed: int,
    as_of: int,
    subdomain: str,
    *,
    word: str = "",
    canary_ids: bool = False,
) -> Account:
    """`as_of` in microseconds; the same arguments make the same bytes.

    `word` goes into every canary; with `canary_ids` every id is one.
    """
    as_of = as_of // instants.SECOND * instants.SECOND
    rng = Random(seed)  # noqa: S311 - reproducible, and guards nothing
    mint = Mint(seed, word)
    names, writer = Names(seed, mint if canary_ids else None), Writer(mint, subdomain)
    organisation = Builder(size, names, rng, as_of).build()
    company = Company(organisation, names, writer, as_of)
    teams = organisation.teams
    history = make_history(organisation, size, as_of, rng)
    incidents = Incidents(organisation, history, names, writer)
    listings = [
        *_configuration(company, history, rng),
        incidents.listing(),
        LogEntries(incidents).listing(),
    ]
    return Account(
        id=names.configured("account", 0),
        subdomain=subdomain,
        as_of=as_of,
        people=len(organisation.people),
        abilities=ABILITIES,
        authorizers={
            one.role: authorizer(one, [teams[one.team].id], writer)
            for one in organisation.people[: len(ROLES)]
        },
        listings={listing.name: LiveListing(listing) for listing in listings},
        oncalls=cache(lambda: LiveListing(Oncalls(company).listing())),
        members=Teams(company).members(),
        edges=Business(company).edges(),
    )


def _configuration(company: Company, history: History, rng: Random) -> list[Listing]:
    last = _last_incidents(company.organisation, history)
    return [
        Services(company, last).listing(),
        Policies(company).listing(),
        Schedules(company).listing(),
        ShiftSchedules(company).listing(),
        Priorities(company).listing(),
        Teams(company).listing(),
        Users(company).listing(),
        Business(company).listing(),
        Maintenance(company, rng).listing(),
        ChangeEvents(company, rng).listing(),
    ]


def _last_incidents(organisation: Organisation, history: History) -> list[int]:
    last = [0] * len(organisation.services)
    for row in history.incidents:
        last[row.service] = row.created
    return last
