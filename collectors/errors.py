"""How a request to PagerDuty can fail. No error carries a value that PagerDuty sent."""


class CollectorError(Exception):
    """A request that brought no usable response.

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

    @property
    def reason(self) -> str:
        """Which of the two."""
        return self.detail


class Gone(CollectorError):
    """404 for one object: it was deleted since its parent's list was read."""

    code = "gone"


class RequestRefused(CollectorError):
    """PagerDuty rejects the request itself (3xx, 400, 404, 405, 422): never retried."""

    code = "request_refused"


class Unreachable(CollectorError):
    """Time-outs, resets, 408, 429 or 5xx until the last retry."""

    code = "unreachable"


class CircuitOpen(CollectorError):
    """PagerDuty failed several times in a row: no request leaves for ``retry_after`` seconds."""

    code = "pagerduty_away"

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__("connection", f"paused for {retry_after:.0f} s")


class UnexpectedShape(CollectorError):
    """A response that is not the declared JSON; ``detail`` names fields, never values."""

    code = "unexpected_shape"


class TooLarge(CollectorError):
    """A body above the cap (after decompression)."""

    code = "too_large"
