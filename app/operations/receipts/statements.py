"""What promises, receipts and breaches state: plain values, for the ledger to sign."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.build import build
from app.core.clock import wire
from app.models import Download, Purge
from app.models.purge import Revocation, Stage
from app.reports.wording.deletion import REVOCATIONS

Statement = dict[str, Any]

PROVES = (
    "That Tacit stated this, as one entry of a log that is only ever appended to.",
    "That not one bit of it was changed since.",
)
CANNOT_PROVE = (
    "That no copy exists anywhere else.",
    "That files downloaded before are deleted: they are listed, and whoever has them decides.",
    "That the operator made no backup or snapshot outside of Tacit.",
    "That the database's clock, which gave the times, was right.",
)
BY_HAND = (
    "At PagerDuty, the person who allowed the access opens their own profile page and revokes the "
    "app's access there."
)
NOT_SEARCHED = "not searched"
MAY_NOT = "The role that Tacit has at the database may not read these files."


def promised(purge: Purge) -> Statement:
    """What is promised at the disconnect."""
    return {**_about(purge), **_build(purge)}


def broken(purge: Purge, promise: str | None) -> Statement:
    """That the deadline passed before the deletion was done, and the stages that are done."""
    return {
        **_about(purge),
        "stages": exact(purge.stages),
        "promise": promise,
        **_build(purge),
    }


def receipted(session: Session, purge: Purge, promise: str | None) -> Statement:
    """What was deleted and checked, stage by stage; ``promise`` is the hash of its entry.

    Raises ValueError for a purge that is not finished.
    """
    if purge.finished_at is None:
        raise ValueError("the purge has no end yet")
    return {
        **_about(purge),
        "keys_destroyed_at": purge.keys_destroyed_at and wire(purge.keys_destroyed_at),
        "finished_at": wire(purge.finished_at),
        "late": purge.finished_at > purge.deadline_at,
        "rows": exact(purge.rows),
        "stages": exact(purge.stages),
        "recheck": _found(purge, Stage.RECOUNT),
        "residue": _residue(purge),
        "revocation": _revocation(purge),
        "downloads": _downloads(session, purge),
        "promise": promise,
        "proves": list(PROVES),
        "cannot_prove": list(CANNOT_PROVE),
        **_build(purge),
    }


def _about(purge: Purge) -> Statement:
    return {
        "purge": purge.handle,
        "connection": purge.epoch_handle,
        "cause": purge.cause,
        "requested_at": wire(purge.requested_at),
        "deadline_at": wire(purge.deadline_at),
    }


def _build(purge: Purge) -> Statement:
    found = build()
    return {
        "allow_list_hash": purge.allow_list_hash,
        "build": {"version": found.version, "sources": found.sources},
    }


def _found(purge: Purge, stage: str) -> Statement | None:
    """What a stage found; None where it never ran."""
    if stage not in purge.stages:
        return None
    return {name: exact(fact) for name, fact in purge.stages[stage].items() if name != "at"}


def _residue(purge: Purge) -> Statement | None:
    found = _found(purge, Stage.RESIDUE)
    if found is not None and NOT_SEARCHED in found.values():
        return {**found, "why": MAY_NOT}
    return found


def _revocation(purge: Purge) -> Statement:
    outcome = purge.revocation or Revocation.UNKNOWN
    return {
        "outcome": str(outcome),
        "said": REVOCATIONS[outcome],
        "by_hand": None if outcome == Revocation.REVOKED else BY_HAND,
    }


def _downloads(session: Session, purge: Purge) -> list[Statement]:
    """Files downloaded before: no purge can delete them."""
    found = session.scalars(
        select(Download).where(Download.epoch_handle == purge.epoch_handle).order_by(Download.id)
    )
    return [
        {
            "file": each.file,
            "at": wire(each.made_at),
            "size": each.size,
            "sha256": each.sha256.hex(),
        }
        for each in found
    ]


def exact(value: Any) -> Any:
    """The same with every float as its digits: canonical JSON has no spelling for floats."""
    if isinstance(value, dict):
        return {str(name): exact(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [exact(member) for member in value]
    return repr(value) if isinstance(value, float) else value
