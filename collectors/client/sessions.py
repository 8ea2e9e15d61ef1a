"""One session a thread: kept alive, shared with nobody."""

import threading
from collections.abc import Callable

import requests


class Sessions:
    """Opened on first use in each thread."""

    def __init__(self, factory: Callable[[], requests.Session]) -> None:
        self._factory = factory
        self._mine = threading.local()
        self._opened: list[requests.Session] = []

    def mine(self) -> requests.Session:
        """The session of this thread."""
        found: requests.Session | None = getattr(self._mine, "session", None)
        if found is None:
            found = self._mine.session = self._factory()
            self._opened.append(found)
        return found

    def close(self) -> None:
        """Close every thread's connections."""
        for session in self._opened:
            session.close()
