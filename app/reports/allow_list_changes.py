"""Two declarations held against each other: what would be asked and kept that was not before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from app.reports.wording.resource_names import resource_name

Manifest = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of one resource, as the declaration tells it."""

    resource: str
    field: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What ``after`` has and ``before`` had not, and the other way round."""

    asked: tuple[str, ...]
    """Requests: method, path, when, under which scope, with which parameters."""
    asked_no_more: tuple[str, ...]
    kept: tuple[Kept, ...]
    kept_no_more: tuple[Kept, ...]
    promised: tuple[str, ...]
    """What is never requested or stored, in sentences."""
    promised_no_more: tuple[str, ...]

    @property
    def only_words(self) -> bool:
        """The same is asked, kept and promised: what differs is how that is explained or filed."""
        return not any(getattr(self, each.name) for each in fields(self))


def changes(before: Manifest, after: Manifest) -> Changes:
    """From one declaration to the next, each in its own order.

    Declarations are kept for longer than a release lives: of an older one only names, paths,
    methods and kinds are taken for granted.
    """
    asked, asked_no_more = _apart(_requests(before), _requests(after))
    kept, kept_no_more = _apart(_fields(before), _fields(after), _name)
    promised, promised_no_more = _apart(_promises(before), _promises(after))
    return Changes(asked, asked_no_more, kept, kept_no_more, promised, promised_no_more)


def _apart(
    before: Iterator[T], after: Iterator[T], key: Callable[[T], object] = lambda one: one
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """What only the second has, and what only the first."""
    former, newer = list(before), list(after)
    in_former, in_newer = ({key(one) for one in each} for each in (former, newer))
    return (
        tuple(one for one in newer if key(one) not in in_former),
        tuple(one for one in former if key(one) not in in_newer),
    )


def _name(one: Kept) -> tuple[str, str, str]:
    return one.resource, one.field, one.kind


def _requests(manifest: Manifest) -> Iterator[str]:
    for each in manifest.get("resources", ()):
        fixed = each.get("fixed_query", {})
        told = [
            f"{key}={','.join(fixed[key])}" if key in fixed else key
            for key in sorted({*each.get("query", ()), *fixed})
        ]
        asked = f"{each['method']} {each['path']}{''.join(_conditions(each))}"
        yield f"{asked} with {', '.join(told)}" if told else asked
    for each in manifest.get("identity", ()):
        yield f"{each['method']} {each['path']} (kept: {each.get('kept', 'not told')})"


def _conditions(resource: Manifest) -> Iterator[str]:
    parent = resource.get("parent")
    if resource.get("extension"):
        yield " (only by name)"
    if parent and resource.get("fallback"):
        yield f" (only where the list of {resource_name(parent)} is refused)"
    elif parent:
        yield f" (one for each of {resource_name(parent)})"
    if resource.get("scope"):
        yield f" (scope: {resource['scope']})"


def _fields(manifest: Manifest) -> Iterator[Kept]:
    for each in manifest.get("resources", ()):
        for field in each.get("fields", ()):
            kind = str(field["kind"]).replace("_", " ")
            stored = kind if field.get("table") else f"{kind}, used once, not stored"
            yield Kept(resource_name(each["name"]), field["name"], stored, field.get("reason", ""))


def _promises(manifest: Manifest) -> Iterator[str]:
    for each in manifest.get("never_requested", ()):
        yield f"Never requested: {each}"
    for each in manifest.get("never_stored", ()):
        yield f"Never stored: {each}"
