"""The completeness certificate in words: its verdict, its states and its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.models import Reason
from app.reports.wording.resource_names import resource_names
from app.reports.wording.words import listed

HIDDEN_TEAMS = (
    "The person who connected is neither admin nor owner, so data of private teams may be missing: "
    "counts are lower bounds, and shares describe what was visible."
)
REASONS: Mapping[str, str] = {
    "plan": "Your client's plan does not include it.",
    "role": "The role of the person who connected does not allow it.",
    "list_moved": "The list kept changing while it was read.",
    "over_cap": "PagerDuty returns at most 10,000 records of one list, and there are more.",
    "end_not_told": "PagerDuty did not state where the list ends.",
    "request_refused": "PagerDuty refused the request.",
    "unexpected_shape": "PagerDuty responded in a form that this version does not know.",
    "too_large": "A response was larger than is safe to read.",
    "unreachable": "PagerDuty did not respond for too long.",
    "parent_incomplete": "The list that it depends on is incomplete.",
    "malformed": "Some records could not be read and were skipped.",
    "fewer_than_declared": "PagerDuty returned fewer records than it had declared.",
    "total_not_told": "PagerDuty did not state how many there are.",
    "not_stored": "Some received records are not stored.",
    "not_read_yet": "It has not been read yet.",
}
NOT_READ_YET = "not_read_yet"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word`` is complete, partial, incomplete or collecting; the sentences say what it means."""

    word: str
    title: str
    sentences: tuple[str, ...]


def reasons_in_words(codes: Iterable[str]) -> str:
    """One sentence per reason; an unknown code has a sentence of its own."""
    return " ".join(REASONS.get(code, "It stopped for a reason without a name.") for code in codes)


def state_in_words(resource: Mapping[str, Any], *, partial: bool) -> str:
    """The state of one resource; for a limited role never just complete."""
    if resource["state"] == "complete":
        return "complete for this role" if partial else "complete"
    if resource["state"] == "not_available":
        return "not available"
    return "not read yet" if resource["reasons"] == [NOT_READ_YET] else "incomplete"


def is_collecting(certificate: Mapping[str, Any]) -> bool:
    """Whether the run of this certificate still has something to read."""
    return any(NOT_READ_YET in each["reasons"] for each in certificate["resources"])


def verdict(certificate: Mapping[str, Any], *, partial: bool) -> Verdict:
    """The certificate in a title and a few sentences. ``partial``: read by a limited role."""
    word, title, first = _word(certificate, partial=partial)
    sentences = [first]
    if partial:
        sentences.append(HIDDEN_TEAMS)
    refused = _refused(certificate)
    if refused:
        sentences.append(f"PagerDuty refused: {listed(resource_names(refused))}.")
    planned = [name for name in certificate["not_available"] if name not in refused]
    if planned:
        sentences.append(f"Not in the plan: {listed(resource_names(planned))}.")
    return Verdict(word, title, tuple(sentences))


def _refused(certificate: Mapping[str, Any]) -> list[str]:
    """The resources that the account has, though nothing of them was given."""
    absent = certificate["not_available"]
    why = {each["resource"]: each["reasons"] for each in certificate["resources"]}
    return [name for name in absent if why[name] != [Reason.PLAN]]


def _word(certificate: Mapping[str, Any], *, partial: bool) -> tuple[str, str, str]:
    resources = certificate["resources"]
    if is_collecting(certificate):
        sentence = "What PagerDuty has declared and returned until now; the rest is not read yet."
        return "collecting", "Not read completely yet", sentence
    if certificate["complete"]:
        if partial:
            sentence = "Everything that PagerDuty declared to this role is stored."
            return "partial", "Complete for a limited role", sentence
        if _refused(certificate):
            sentence = "Everything that PagerDuty gave is stored."
            return "partial", "Complete but for what was refused", sentence
        return "complete", "Complete", "Everything that PagerDuty declared is stored."
    broken = [each["resource"] for each in resources if each["state"] == "incomplete"]
    sentence = (
        f"Not everything that PagerDuty declared is stored: {listed(resource_names(broken))}."
    )
    if not broken:
        sentence = "Records that most figures rest on are missing."
    return "incomplete", "Incomplete", sentence if resources else "Nothing was collected."
