"""Errors that a user sees: what happened, and what to do next."""


class AppError(Exception):
    """An error with a page: ``title`` and ``remedy`` are shown, never a value from PagerDuty."""

    status = 500
    title = "Something failed on our side"
    remedy = (
        "Nothing was lost. Try again. If it fails again, tell the operator the time and this page."
    )

    def __init__(self, title: str | None = None, remedy: str | None = None) -> None:
        self.title = title or self.title
        self.remedy = remedy or self.remedy
        super().__init__(self.title)


class NotFound(AppError):
    """The same page for a missing engagement and for one of another firm."""

    status = 404
    title = "There is no such page"
    remedy = "Check the address, or start from your engagements."


class BadInput(AppError):
    """A form or command line that is not valid."""

    status = 400
    title = "The input is not valid"
    remedy = "Go back, correct the input and send it again."


class LoginRefused(AppError):
    """Wrong e-mail or password; the page does not state which."""

    status = 401
    title = "E-mail and password do not match"
    remedy = "Check both and try again."


class TooManyAttempts(AppError):
    """The rate limit of the login."""

    status = 429
    title = "Too many attempts"
    remedy = "Wait five minutes, then try again."


class Busy(AppError):
    """The database did not accept the change in time: nothing was changed."""

    status = 503
    title = "Not accepted, nothing was changed"
    remedy = "The database is busy. Try again in a few seconds."


class NotPromised(AppError):
    """A disconnect that the database did not accept: the epoch is open, nothing is promised."""

    status = 503
    title = "Not accepted, nothing promised"
    remedy = (
        "The database did not accept the deletion, so nothing was deleted. Try again in a few "
        "seconds. To end the access now, the person who allowed it revokes the app on their own "
        "profile page at PagerDuty. Then Tacit can read nothing more, and it deletes what it "
        "collected 72 hours after it notices."
    )


class NotKnown(AppError):
    """A disconnect whose commit got no response: it may be stored or not."""

    status = 503
    title = "Whether the deletion was accepted is not known yet"
    remedy = (
        "The database became unavailable before it responded. Try again in a few seconds: this "
        "does not start a second deletion. Do not rely on the deletion until Tacit has promised "
        "it. To end the access now, the person who allowed it can revoke the app on their own "
        "profile page at PagerDuty."
    )


class ConnectRefused(AppError):
    """A connect attempt that stored nothing; ``code`` is the reason, from a closed list."""

    status = 400

    def __init__(self, code: str, title: str, remedy: str) -> None:
        self.code = code
        super().__init__(title, remedy)


class EpochClosed(Exception):
    """The epoch is closed or deleted: a process that still writes must stop."""


class CollectionStopped(Exception):
    """A deletion is overdue: no process collects until it is done."""


class LeaseLost(Exception):
    """Another process has the lease now: this process must stop."""
