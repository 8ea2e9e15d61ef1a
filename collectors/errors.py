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
    """402 or 403: the client's plan or the authorizer's role does not give this resource."""

    code = "not_available"


class RequestRefused(CollectorError):
    """PagerDuty calls the request itself wrong (400, 404, 405, 422): repeating cannot help."""

    code = "request_refused"


class Unreachable(CollectorError):
    """Time-outs, resets, 408, 429 or 5xx until the last retry."""

    code = "unreachable"


class UnexpectedShape(CollectorError):
    """An answer that is not the declared JSON; ``detail`` names fields, never values."""

    code = "unexpected_shape"


class TooLarge(CollectorError):
    """A body above the cap (after decompression)."""

    code = "too_large"
