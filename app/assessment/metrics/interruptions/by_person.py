"""Amounts of single people: for checks in memory and for nothing else (P2)."""

from app.assessment.account import Account
from app.assessment.hours import BANDS, Band
from app.assessment.interruptions.by_person import Interrupted
from app.assessment.interruptions.nights import longest_run
from app.assessment.scopes import scopes_of


def interruptions_by_user(account: Account) -> dict[bytes, int]:
    """INT-02 of each person who was interrupted."""
    return {person: len(starts) for person, starts in _everybody(account).starts.items()}


def interruptions_by_user_band(account: Account) -> dict[bytes, dict[Band, int]]:
    """INT-03 of each person who was interrupted; every band, also with 0."""
    found = _everybody(account)
    bands = {band: found.in_band(band) for band in BANDS}
    return {
        person: {band: round(bands[band].get(person, 0)) for band in BANDS}
        for person in found.people
    }


def disturbed_nights_by_user(account: Account) -> dict[bytes, int]:
    """INT-06: disturbed nights of each person who was interrupted."""
    return {person: len(nights) for person, nights in _everybody(account).nights.items()}


def longest_disturbed_run_by_user(account: Account) -> dict[bytes, int]:
    """INT-06: most consecutive disturbed nights of each person who was interrupted."""
    return {person: longest_run(nights) for person, nights in _everybody(account).nights.items()}


def _everybody(account: Account) -> Interrupted:
    return account.interruptions.of(scopes_of(account, "account")[0])
