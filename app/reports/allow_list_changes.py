"""Two declarations compared: what would be requested and stored that was not before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from app.reports.wording.resource_names import resource_name

Manifest = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredField:
    """One field of one resource, as the declaration states it."""

    resource: str
    field: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What ``after`` has and ``before`` had not, and the other way round."""

    requested: tuple[str, ...]
    """Requests: method, path, when, under which scope, with which parameters."""
    no_longer_requested: tuple[str, ...]
    stored: tuple[StoredField, ...]
    no_longer_stored: tuple[StoredField, ...]
    promised: tuple[str, ...]
    """What is never requested or stored, in sentences."""
    no_longer_promised: tuple[str, ...]

    @property
    def only_wording(self) -> bool:
        """The same is requested, stored and promised: only the explanation or the order differs."""
        return not any(getattr(self, each.name) for each in fields(self))


def changes(before: Manifest, after: Manifest) -> Changes:
    """From one declaration to the next, each in its own order.

    A stored declaration may be of an older release: only its names, paths, methods and kinds are
    certain to exist.
    """
    requested, no_longer_requested = _apart(_requests(before), _requests(after))
    stored, no_longer_stored = _apart(_fields(before), _fields(after), _name)
    promised, no_longer_promised = _apart(_promises(before), _promises(after))
    return Changes(
        requested=requested,
        no_longer_requested=no_longer_requested,
        stored=stored,
        no_longer_stored=no_longer_stored,
        promised=promised,
        no_longer_promised=no_longer_promised,
    )


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


def _name(one: StoredField) -> tuple[str, str, str]:
    return one.resource, one.field, one.kind


def _requests(manifest: Manifest) -> Iterator[str]:
    for each in manifest.get("resources", ()):
        fixed = each.get("fixed_query", {})
        parameters = [
            f"{key}={','.join(fixed[key])}" if key in fixed else key
            for key in sorted({*each.get("query", ()), *fixed})
        ]
        requested = f"{each['method']} {each['path']}{''.join(_conditions(each))}"
        yield f"{requested} with {', '.join(parameters)}" if parameters else requested
    for each in manifest.get("identity", ()):
        yield f"{each['method']} {each['path']} (kept: {each.get('kept', 'not stated')})"


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


def _fields(manifest: Manifest) -> Iterator[StoredField]:
    for each in manifest.get("resources", ()):
        for field in each.get("fields", ()):
            kind = str(field["kind"]).replace("_", " ")
            stored = kind if field.get("table") else f"{kind}, used once, not stored"
            yield StoredField(
                resource_name(each["name"]), field["name"], stored, field.get("reason", "")
            )


def _promises(manifest: Manifest) -> Iterator[str]:
    for each in manifest.get("never_requested", ()):
        yield f"Never requested: {each}"
    for each in manifest.get("never_stored", ()):
        yield f"Never stored: {each}"
