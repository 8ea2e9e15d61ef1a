"""How a request to PagerDuty can fail. No error carries a value that PagerDuty sent."""

from enum import StrEnum


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


class Loss(StrEnum):
    """Why a grant no longer works, as far as PagerDuty's responses show it."""

    REVOKED = "revoked"
    """A token with time left was rejected, and not renewed."""
    EXPIRED = "expired"
    """The token's time was over, and it was not renewed."""
    RESPONSE_LOST = "response_lost"
    """A response that may have brought the next refresh token never arrived."""


class TokenRejected(CollectorError):
    """401 after a refresh was tried, or a refused refresh: the grant is lost."""

    code = "token_rejected"

    def __init__(self, resource: str, detail: str = "", loss: Loss = Loss.REVOKED) -> None:
        self.loss = loss
        super().__init__(resource, detail)


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
    """PagerDuty rejects the request itself: 400, 404, 405 and 422 at once, 3xx again and again."""

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
