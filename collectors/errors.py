"""What can go wrong at PagerDuty's door. No error carries a value that PagerDuty sent."""


class CollectorError(Exception):
    """A request that did not bring a usable answer.

    ``code`` is one of ours, from a closed list; ``resource`` the name of a declared resource.
    """

    code = "collector_error"

    def __init__(self, resource: str, detail: str = "") -> None:
        self.resource = resource
        self.detail = detail
        super().__init__(f"{self.code}: {resource}{': ' + detail if detail else ''}")


class EgressRefused(CollectorError):
    """The request is not on the allow-list; it never left this process."""

    code = "egress_refused"


class TokenRejected(CollectorError):
    """401 after a refresh was tried: the grant was revoked or has expired."""

    code = "token_rejected"


class NotAvailable(CollectorError):
    """The client's plan (402) or the authorizer's role (403) does not give this resource.

    ``reason`` is ``plan`` or ``role``.
    """

    code = "not_available"

    def __init__(self, resource: str, reason: str) -> None:
        self.reason = reason
        super().__init__(resource, reason)


class Gone(CollectorError):
    """404 for one object: it was deleted since its parent's list was read."""

    code = "gone"


class RequestRefused(CollectorError):
    """PagerDuty calls the request itself wrong (3xx, 400, 404, 405, 422): never repeated."""

    code = "request_refused"


class Unreachable(CollectorError):
    """Time-outs, resets, 408, 429 or 5xx until the last retry."""

    code = "unreachable"


class CircuitOpen(CollectorError):
    """PagerDuty failed again and again: nothing is asked for ``retry_at`` seconds from now."""

    code = "pagerduty_away"

    def __init__(self, retry_at: float) -> None:
        self.retry_at = retry_at
        super().__init__("connection", f"rests for {retry_at:.0f} s")


class UnexpectedShape(CollectorError):
    """An answer that is not the declared JSON; ``detail`` names fields, never values."""

    code = "unexpected_shape"


class TooLarge(CollectorError):
    """A body above the cap (after decompression)."""

    code = "too_large"
