"""What a user can be told: what happened, and what to do next."""


class AppError(Exception):
    """An error with a page: ``title`` and ``remedy`` are shown, never a value from PagerDuty."""

    status = 500
    title = "Something failed on our side"
    remedy = "Nothing was lost. Try again; if it stays, tell the operator the time and this page."

    def __init__(self, title: str | None = None, remedy: str | None = None) -> None:
        self.title = title or self.title
        self.remedy = remedy or self.remedy
        super().__init__(self.title)


class NotFound(AppError):
    """Missing and foreign look alike."""

    status = 404
    title = "There is no such page"
    remedy = "Check the address, or start from your engagements."


class BadInput(AppError):
    """A form or command line that cannot be taken."""

    status = 400
    title = "That cannot be taken"
    remedy = "Go back, correct the input and send it again."


class LoginRefused(AppError):
    """Wrong e-mail or password; which of the two is not told."""

    status = 401
    title = "E-mail and password do not match"
    remedy = "Check both and try again."


class TooManyAttempts(AppError):
    """The throttle of the login."""

    status = 429
    title = "Too many attempts"
    remedy = "Wait five minutes, then try again."


class Busy(AppError):
    """The database did not take the change in time: nothing of it was done."""

    status = 503
    title = "Not accepted, nothing was changed"
    remedy = "The database is busy. Try again in a few seconds."


class NotPromised(AppError):
    """A disconnect that the database did not take: no epoch was closed, so nothing is promised."""

    status = 503
    title = "Not accepted, nothing promised"
    remedy = (
        "The database did not take the deletion, and nothing of it was done. Try again in a few "
        "seconds. If it must end now: at PagerDuty, the person who allowed the access revokes the "
        "app on their own profile page. Nothing more can be read then, and what was collected is "
        "deleted 72 hours after Tacit notices."
    )


class NotKnown(AppError):
    """A disconnect whose commit the database did not answer: it may stand or not."""

    status = 503
    title = "Whether it was accepted is not known yet"
    remedy = (
        "The database went away in the middle of the answer. Ask again in a few seconds: asked "
        "twice, it is the same deletion. Until this page says that it is promised, count on "
        "nothing: at PagerDuty, the person who allowed the access can revoke the app on their own "
        "profile page."
    )


class ConnectRefused(AppError):
    """A connect attempt that stored nothing; ``code`` says why, from a closed list."""

    status = 400

    def __init__(self, code: str, title: str, remedy: str) -> None:
        self.code = code
        super().__init__(title, remedy)


class EpochClosed(Exception):
    """The epoch is closed or is gone: whoever still writes must stop."""


class CollectionStopped(Exception):
    """A deletion is overdue: nobody collects until it is done."""


class LeaseLost(Exception):
    """Another process holds this work now: whoever is late must stop."""
