"""The declaration as a document: what ``docs/privacy.md`` contains, made from what is enforced."""

from typing import Any

_HEAD = """\
# What Tacit requests from PagerDuty, and what it keeps

Made by `tacit fields --markdown` from the declaration in `collectors/`, which is also what the
requests, the decoders, the database columns and the consent page are made from. A field that is
not in this list is never stored: a response is decoded by structures that know these fields only.

PagerDuty's scope `read` would allow far more. Tacit's own allow-list, not the scope, is
the limit: every request is compared with the table below before it leaves.

- Ids are kept as pseudonyms: HMAC-SHA-256 under a key of this connection alone, 16 bytes. They
  are pseudonyms, which the key and the id together can match; the key is destroyed on
  disconnect.
- Times are kept to the microsecond that PagerDuty sends, as numbers.
- Words are kept as numbers of a closed list; a word that is not in the list becomes "other".
- Time zones and words of a plan are numbers of closed lists too; a time of day is seconds since
  midnight; of a list of integrations only its length is kept.
- There is no text column in any table of records: a title has nowhere to go.
"""

_IDENTITY = """\
## PagerDuty's identity host

Where access is granted and taken back. Nothing else of it is reached, and none of these calls has
a query.

| request | why | what is kept |
|---|---|---|"""
_WHEN_ALLOWED = "An extension: requested only where the client allowed it by name."


def privacy_page(manifest: dict[str, Any], digest: str) -> str:
    """Markdown of the manifest and its SHA-256."""
    parts = [_HEAD, f"Allow-list: `{digest}`\n", *map(_section, manifest["resources"])]
    return "\n".join([*parts, _IDENTITY, *map(_call, manifest["identity"]), ""])


def _call(call: dict[str, Any]) -> str:
    return f"| `{call['method']} {call['path']}` | {call['purpose']} | {call['kept']} |"


def _requested(resource: dict[str, Any]) -> list[str]:
    said = [f"{key}: `{', '.join(values)}`." for key, values in resource["fixed_query"].items()]
    if resource["parent"]:
        only = " where its list is refused" if resource["fallback"] else ""
        said.insert(0, f"Asked once for each of `{resource['parent']}`{only}.")
    return said


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _section(resource: dict[str, Any]) -> str:
    query = ", ".join(f"`{key}`" for key in resource["query"]) or "none"
    lines = [
        f"## {resource['method']} {resource['path']}",
        "",
        *([f"**{_WHEN_ALLOWED}**", ""] if resource["extension"] else []),
        " ".join([resource["purpose"], *_requested(resource)]),
        "",
        f"Where plan or role do not give it: {_lower(resource['without'])}",
        "",
        f"Query keys: {query}. Scope at PagerDuty: {resource['scope']}.",
        "",
    ]
    lines += ["| field | kept as | why |", "|---|---|---|"]
    lines += [
        f"| `{each['name']}` | {each['kind']} | {each['reason']} |" for each in resource["fields"]
    ]
    return "\n".join([*lines, ""])
