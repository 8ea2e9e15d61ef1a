"""The words of a connection's state, and the look of the mark that has them."""

from collections.abc import Mapping
from typing import NamedTuple

from app.models import ConnectionState


class Mark(NamedTuple):
    """A word of a page in a frame; ``look`` is its class in the stylesheet."""

    word: str
    look: str


_MARKS: Mapping[str, Mark] = {
    ConnectionState.NONE: Mark("Not connected", "mark-line"),
    ConnectionState.CONNECTED: Mark("Connected", "mark-good"),
    ConnectionState.LOST: Mark("Disconnected", "mark-partial"),
    ConnectionState.DELETING: Mark("Deleting", "mark-accent"),
    ConnectionState.DELETED: Mark("Deleted", "mark-good"),
}


def connection_mark(state: str) -> Mark:
    """How a page shows a state."""
    return _MARKS[state]
