"""The certificate as its page shows it: a verdict, and one entry a resource in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.completeness import reasons_in_words, state_in_words, verdict
from app.reports.wording import words
from app.reports.wording.resource_names import resource_name


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource: its state, what its reasons mean, and its numbers as they stand."""

    name: str
    state: str
    warns: bool
    why: str
    numbers: Mapping[str, Any]
    windows: list["WindowEntry"]


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """One stretch that was asked for; ``span`` is empty for a list without times."""

    span: str
    why: str
    fields: str
    carried: bool
    numbers: Mapping[str, Any]


def completeness_page(document: Mapping[str, Any] | None) -> dict[str, Any]:
    """``document`` is a report, or the certificate of a run that has none yet.

    What is incomplete comes first, then the order in which it was collected.
    """
    if document is None or not document["completeness"]["resources"]:
        return {"certificate": None}
    certificate, partial = document["completeness"], bool(document.get("partial"))
    return {
        "certificate": certificate,
        "verdict": verdict(certificate, partial=partial),
        "entries": sorted(
            (_entry(each, partial=partial) for each in certificate["resources"]),
            key=lambda entry: not entry.warns,
        ),
        "document": document if "allow_list_hash" in document else None,
    }


def _entry(resource: Mapping[str, Any], *, partial: bool) -> Entry:
    state = state_in_words(resource, partial=partial)
    return Entry(
        name=resource_name(resource["resource"]),
        state=state,
        warns=state == "incomplete",
        why=reasons_in_words(resource["reasons"]),
        numbers=resource,
        windows=[_window(each) for each in resource["windows"]],
    )


def _window(window: Mapping[str, Any]) -> WindowEntry:
    bounded = window["since"] and window["until"]
    return WindowEntry(
        span=words.exact_span(window["since"], window["until"]) if bounded else "",
        why=reasons_in_words(window["reasons"]),
        fields=words.listed(window["fields"]),
        carried=bool(window["carried"]),
        numbers=window,
    )
