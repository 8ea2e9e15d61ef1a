"""Two declarations held against each other: what would be asked and kept that was not before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.resources import resource_name

Manifest = Mapping[str, Any]


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
    """Requests: method, path and with which parameters."""
    asked_no_more: tuple[str, ...]
    kept: tuple[Kept, ...]
    kept_no_more: tuple[Kept, ...]

    @property
    def only_words(self) -> bool:
        """The same is asked and kept; reasons or explanations are worded anew."""
        return not (self.asked or self.asked_no_more or self.kept or self.kept_no_more)


def changes(before: Manifest, after: Manifest) -> Changes:
    """From one declaration to the next, in the order of the newer one."""
    asked = list(_requests(before)), list(_requests(after))
    fields = list(_fields(before)), list(_fields(after))
    names = tuple({(one.resource, one.field, one.kind) for one in each} for each in fields)
    return Changes(
        asked=tuple(one for one in asked[1] if one not in asked[0]),
        asked_no_more=tuple(one for one in asked[0] if one not in asked[1]),
        kept=tuple(one for one in fields[1] if _name(one) not in names[0]),
        kept_no_more=tuple(one for one in fields[0] if _name(one) not in names[1]),
    )


def _name(one: Kept) -> tuple[str, str, str]:
    return one.resource, one.field, one.kind


def _requests(manifest: Manifest) -> Iterator[str]:
    for each in manifest["resources"]:
        fixed = each["fixed_query"]
        told = [
            f"{key}={','.join(fixed[key])}" if key in fixed else key
            for key in sorted({*each["query"], *fixed})
        ]
        named = " (only by name)" if each["extension"] else ""
        asked = f"{each['method']} {each['path']}{named}"
        yield f"{asked} with {', '.join(told)}" if told else asked
    for each in manifest.get("identity", ()):
        yield f"{each['method']} {each['path']}"


def _fields(manifest: Manifest) -> Iterator[Kept]:
    for each in manifest["resources"]:
        for field in each["fields"]:
            kind = str(field["kind"]).replace("_", " ")
            stored = kind if field["table"] else f"{kind}, used once, not stored"
            yield Kept(resource_name(each["name"]), field["name"], stored, field["reason"])
