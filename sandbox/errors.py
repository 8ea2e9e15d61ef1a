"""PagerDuty's error answers: `{"error": {"message", "code", "errors"}}`.

Codes and messages as in the developer documentation (REST API, "Errors"); every message
carries a canary, because a client that logs one has leaked.
"""

from dataclasses import dataclass
from typing import cast

from sandbox.canaries import Mint

Json = dict[str, object]

ACCESS_DENIED = 403
BAD_REQUEST = 400
PAYMENT_REQUIRED = 402
NOT_FOUND = 404
MISSING_SCOPE = 0

MESSAGES = {
    MISSING_SCOPE: "Token missing required scopes",
    2000: "Internal Server Error",
    2001: "Invalid Input Provided",
    2002: "Arguments Caused Error",
    2004: "Invalid Date Provided",
    2005: "Invalid Date Range",
    2006: "Authentication failed",
    2010: "Access Denied",
    2014: "Account does not have the ability",
    2016: "Request Timed Out",
    2020: "Rate Limit Exceeded",
    2100: "Not Found",
    2101: "Method Not Allowed",
}


class BadFieldError(ValueError):
    """A field of a request to the back door that has no valid value."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field!r} has no valid value")
        self.field = field


class RefusalError(Exception):
    """A request that PagerDuty would answer with an error body.

    `detail` goes into `errors`; it is a sentence of ours and never a value of the request.
    `field` is the parameter at fault, which the endpoints below `/v3` name.
    """

    def __init__(self, status: int, code: int, detail: str, field: str = "base") -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field


@dataclass(frozen=True, slots=True)
class ErrorBodies:
    mint: Mint

    def body(self, code: int, detail: str) -> Json:
        kind = str(code)
        error: Json = {
            "message": f"{MESSAGES[code]} {self.mint.leaf('error', kind, '/error/message')}",
            "code": code,
            "errors": [f"{detail} {self.mint.leaf('error', kind, '/error/errors/0')}"],
        }
        if code == MISSING_SCOPE:
            error["required_scopes"] = "read"
        return {"error": error}

    def by_field(self, code: int, detail: str, field: str) -> Json:
        """The body of the endpoints below `/v3`, where `errors` is a mapping."""
        plain = self.body(code, detail)["error"]
        marker = self.mint.leaf("error", str(code), "/error/errors/0")
        return {"error": {**cast("Json", plain), "errors": {field: [f"{detail} {marker}"]}}}

    def html(self) -> str:
        """What a page stands for that came instead of an answer."""
        return self.mint.leaf("error", "html", "/body")

    def blank(self) -> str:
        """The one key of an answer that is almost all blank."""
        return self.mint.leaf("error", "blank", "/key")

    def oauth(self) -> str:
        """What an error of the token endpoint carries in its description."""
        return self.mint.leaf("error", "oauth", "/error_description")
