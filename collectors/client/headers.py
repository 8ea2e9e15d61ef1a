"""What status and headers of an answer mean; its body is read elsewhere."""

from collections.abc import Mapping

from collectors.client.gate import Told
from collectors.errors import CollectorError, Gone, NotAvailable, RequestRefused

_MOST = 1_000_000
"""No limit and no reset is higher; what is, is nonsense and not believed."""


def told(headers: Mapping[str, str]) -> Told | None:
    """The ``ratelimit-*`` headers, or None where one is absent or makes no sense."""
    limit = _number(headers.get("ratelimit-limit"))
    remaining = _number(headers.get("ratelimit-remaining"))
    reset = _number(headers.get("ratelimit-reset"))
    if limit is None or remaining is None or reset is None or limit < 1 or reset < 0:
        return None
    return Told(int(limit), max(0, int(remaining)), reset)


def _number(header: str | None) -> float | None:
    try:
        value = float(header) if header is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < _MOST else None


def passing(status: int) -> bool:
    """Whether the same request may be answered later: 408 and 5xx."""
    return status == 408 or status >= 500


def refusal(resource: str, status: int, *, single: bool) -> CollectorError:
    """What a status that is neither 2xx nor passing means; ``single``: one object was asked for."""
    if status == 402:
        return NotAvailable(resource, "plan")
    if status == 403:
        return NotAvailable(resource, "role")
    if status == 404 and single:
        return Gone(resource)
    return RequestRefused(resource, f"status {status}")
