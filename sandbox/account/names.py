"""Opaque identifiers that look like PagerDuty's and follow from the seed."""

from dataclasses import dataclass

from sandbox.canaries import Mint, token

_WITHOUT_Y = str.maketrans("Y", "8")
"""No identifier may happen to contain the canary prefix."""


@dataclass(frozen=True, slots=True)
class Names:
    """With `mint` every identifier is a canary as well, and longer than PagerDuty's."""

    seed: int
    mint: Mint | None = None

    def configured(self, kind: str, number: int) -> str:
        """Seven characters: services, users, schedules and the like."""
        if self.mint is not None:
            return "P" + self.mint.whole(kind, str(number))
        return "P" + token(f"{self.seed}:{kind}:{number}", 6).translate(_WITHOUT_Y)

    def recorded(self, kind: str, number: int) -> str:
        """Fourteen characters: incidents (`Q…`) and log entries (`R…`)."""
        if self.mint is not None:
            return ("Q" if kind == "incident" else "R") + self.mint.whole(kind, str(number))
        text = token(f"{self.seed}:{kind}:{number}", 13).translate(_WITHOUT_Y)
        return ("Q" if kind == "incident" else "R") + text

    def long(self, kind: str, number: int) -> str:
        """Twenty-six characters: everything of a shift-based schedule, and change events."""
        if self.mint is not None:
            return "0" + self.mint.whole(kind, str(number))
        halves = (token(f"{self.seed}:{kind}:{number}:{half}", 13) for half in "ab")
        return "".join(halves).translate(_WITHOUT_Y)

    def edge(self, number: int) -> str:
        """Sixteen characters: service dependencies."""
        if self.mint is not None:
            return "D" + self.mint.whole("edge", str(number))
        return "D" + token(f"{self.seed}:edge:{number}", 15).translate(_WITHOUT_Y)
