"""The words of a deletion: its causes, its stages and what became of the token."""

from collections.abc import Mapping

from app.models.purge import Cause, Revocation, Stage

CAUSES: Mapping[str, str] = {
    Cause.DISCONNECT: "It was disconnected.",
    Cause.ENGAGEMENT_ENDED: "The engagement ended.",
    Cause.RETENTION: "The retention period ended.",
    Cause.GRANT_LOST: "PagerDuty no longer accepted the access, and it was not renewed.",
    Cause.FIRM_DELETED: "The account of the consultancy was deleted.",
}
STAGES: Mapping[str, str] = {
    Stage.KEYS: "Keys destroyed",
    Stage.ROWS: "Rows removed",
    Stage.RECOUNT: "Every table counted again",
    Stage.QUEUE: "Queue searched",
    Stage.FILES: "Files searched",
    Stage.REVOCATION: "Access at PagerDuty",
    Stage.RESIDUE: "Disk searched for what deletion leaves",
    Stage.VERIFIED: "All of it checked once more, read-only",
    Stage.RECEIPTED: "Receipt signed",
}
REVOCATIONS: Mapping[str, str] = {
    Revocation.REVOKED: "PagerDuty has withdrawn the token.",
    Revocation.NOT_OFFERED: "Not revoked: PagerDuty offers no way to withdraw a token.",
    Revocation.FAILED: "Not revoked: PagerDuty did not accept the withdrawal, or did not answer.",
    Revocation.UNKNOWN: "Not revoked: the attempt has no known end.",
}
"""A receipt states these sentences, signed."""
