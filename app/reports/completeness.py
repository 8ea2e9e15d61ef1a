"""The completeness certificate in words: its verdict, its states and its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.wording.resource_names import resource_names
from app.reports.wording.words import listed

HIDDEN_TEAMS = (
    "The person who connected is neither admin nor owner: what private teams keep to themselves "
    "is not in it, so counts are lower bounds and shares describe what was visible."
)
REASONS: Mapping[str, str] = {
    "plan": "Your client's plan does not include it.",
    "role": "The role of the person who connected does not allow it.",
    "list_moved": "The list kept changing while it was read.",
    "over_cap": "PagerDuty hands out 10,000 records of one list at most, and there are more.",
    "end_not_told": "PagerDuty did not say where the list ends.",
    "request_refused": "PagerDuty refused the request.",
    "unexpected_shape": "PagerDuty answered in a shape this version does not know.",
    "too_large": "An answer was larger than is safe to read.",
    "unreachable": "PagerDuty did not answer for too long.",
    "parent_incomplete": "The list it hangs from did not come whole.",
    "malformed": "Some records could not be read and were skipped.",
    "fewer_than_declared": "PagerDuty handed out fewer than it had declared.",
    "total_not_told": "PagerDuty did not say how many there are.",
    "not_stored": "Some records that came are not stored.",
    "not_read_yet": "It is not read yet.",
}
NOT_READ_YET = "not_read_yet"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word`` is complete, partial, incomplete or collecting; the sentences say what it means."""

    word: str
    title: str
    sentences: tuple[str, ...]


def reasons_in_words(codes: Iterable[str]) -> str:
    """One sentence a reason; a code without words is said to be one."""
    return " ".join(REASONS.get(code, "It stopped for a reason without a name.") for code in codes)


def state_in_words(resource: Mapping[str, Any], *, partial: bool) -> str:
    """The state of one resource; of a limited role nothing is ever called complete alone."""
    if resource["state"] == "complete":
        return "complete for this role" if partial else "complete"
    if resource["state"] == "not_available":
        return "not available"
    return "not read yet" if resource["reasons"] == [NOT_READ_YET] else "incomplete"


def is_collecting(certificate: Mapping[str, Any]) -> bool:
    """Whether the run of this certificate still has something to read."""
    return any(NOT_READ_YET in each["reasons"] for each in certificate["resources"])


def verdict(certificate: Mapping[str, Any], *, partial: bool) -> Verdict:
    """The whole certificate in a title and a few sentences. ``partial``: of a limited role."""
    word, title, first = _word(certificate, partial=partial)
    sentences = [first]
    if partial:
        sentences.append(HIDDEN_TEAMS)
    absent = certificate.get("not_available") or ()
    if absent:
        sentence = listed(resource_names(absent))
        sentences.append(f"Not available to this plan or role: {sentence}.")
    return Verdict(word, title, tuple(sentences))


def _word(certificate: Mapping[str, Any], *, partial: bool) -> tuple[str, str, str]:
    resources = certificate["resources"]
    if is_collecting(certificate):
        sentence = "What PagerDuty has declared and handed out until now; the rest is not read yet."
        return "collecting", "Not read to the end", sentence
    if certificate["complete"]:
        if partial:
            sentence = "Everything that PagerDuty declared to this role is stored."
            return "partial", "Complete for a limited role", sentence
        return "complete", "Complete", "Everything that PagerDuty declared is stored."
    broken = [each["resource"] for each in resources if each["state"] == "incomplete"]
    sentence = (
        f"Not everything that PagerDuty declared is stored: {listed(resource_names(broken))}."
    )
    if not broken:
        sentence = "Neither plan nor role gives what every figure rests on."
    return "incomplete", "Incomplete", sentence if resources else "Nothing was collected."
