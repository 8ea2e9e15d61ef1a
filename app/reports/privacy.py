"""The declaration as a document: what ``docs/privacy.md`` holds, made from what is enforced."""

from typing import Any

_HEAD = """\
# What Tacit asks PagerDuty for, and what it keeps

Made by `tacit fields --markdown` from the declaration in `collectors/`, which is also what the
requests, the decoders, the database columns and the consent page are made from. A field that is
not in this list is never stored: the answer is decoded by structures that know these fields only.

PagerDuty's scope `read` would allow far more. Tacit's own allow-list, not the scope, is what
keeps it from asking: every request is held against the table below before it leaves.

- Ids are kept as pseudonyms: HMAC-SHA-256 under a key of this connection alone, 16 bytes. They
  are pseudonyms, which whoever holds the key and the id can match; the key is destroyed on
  disconnect.
- Times are kept to the microsecond that PagerDuty sends, as numbers.
- Words are kept as numbers of a closed list; a word that is not in the list becomes "other".
- There is no text column in any table of records: a title has nowhere to go.
"""


def privacy_page(manifest: dict[str, Any], digest: str) -> str:
    """Markdown of the manifest and its SHA-256."""
    parts = [_HEAD, f"Allow-list: `{digest}`\n", *map(_section, manifest["resources"])]
    return "\n".join(parts)


def _section(resource: dict[str, Any]) -> str:
    query = ", ".join(f"`{key}`" for key in resource["query"]) or "none"
    lines = [
        f"## {resource['method']} {resource['path']}",
        "",
        resource["purpose"],
        "",
        f"Query keys: {query}. Scope at PagerDuty: {resource['scope']}.",
        "",
    ]
    if not resource["fields"]:
        return "\n".join([*lines, "Nothing of the answer is read.", ""])
    lines += ["| field | kept as | why |", "|---|---|---|"]
    lines += [
        f"| `{each['name']}` | {each['kind']} | {each['reason']} |" for each in resource["fields"]
    ]
    if all(each["table"] is None for each in resource["fields"]):
        lines += ["", "Read and not stored."]
    return "\n".join([*lines, ""])
