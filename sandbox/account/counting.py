"""How much there is of everything, for one who sees all and for a limited user."""

from sandbox.account.account import Account

_TECHNICAL = "technical_service_reference"
_BUSINESS = "business_service_reference"
_WITH_DETAILS = {"schedules": "schedule_details", "schedules_v3": "schedule_v3_details"}


def counts(account: Account) -> dict[str, object]:
    """Objects by collection; on-calls are those that touch the account's last 90 days.

    `technical_dependencies` and `business_dependencies` are the dependencies that touch at
    least one service of the kind, each counted once.
    """
    return {
        **_seen(account, sees_private=True),
        "people": account.people,
        "visible_to_limited_user": _seen(account, sees_private=False),
    }


def _seen(account: Account, *, sees_private: bool) -> dict[str, int]:
    totals = {
        name: len(listing.select(sees_private=sees_private))
        for name, listing in account.listings.items()
    }
    totals |= {detail: totals[name] for name, detail in _WITH_DETAILS.items()}
    oncalls = account.oncalls().select(sees_private=sees_private, window=account.history)
    return {
        **totals,
        "abilities": len(account.abilities),
        "authorizer": 1,
        "paused_incidents": 1,
        "oncalls": len(oncalls),
        "team_members": _team_members(account, sees_private=sees_private),
        **_dependencies(account, sees_private=sees_private),
    }


def _team_members(account: Account, *, sees_private: bool) -> int:
    teams = account.listings["teams"]
    return sum(
        len(rows)
        for team, rows in account.members.items()
        if teams.find(team, sees_private=sees_private) is not None
    )


def _dependencies(account: Account, *, sees_private: bool) -> dict[str, int]:
    kinds = [
        {edge.supporting[0], edge.dependent[0]}
        for edge in account.edges
        if account.sees_edge(edge, sees_private=sees_private)
    ]
    return {
        "technical_dependencies": sum(_TECHNICAL in ends for ends in kinds),
        "business_dependencies": sum(_BUSINESS in ends for ends in kinds),
        "service_dependencies": len(kinds),
    }
