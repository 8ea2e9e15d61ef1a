"""Time zones as numbers: a closed list, so that a zone needs no text column."""

from pathlib import Path

from collectors.vocabularies import Vocabulary

# The line number is the code. Lines are only added at the end: stored codes depend on it.
# First all names of the IANA database with its links, then the names that Rails gives zones
# (PagerDuty sends both), each followed by "=" and its IANA zone.
_LINES = Path(__file__).with_name("zones.txt").read_text("utf-8").splitlines()
_IANA = {code: line.rpartition("=")[2] for code, line in enumerate(_LINES, start=1)}

ZONE = Vocabulary("time_zone", tuple(line.partition("=")[0] for line in _LINES))


def iana_name(code: int | None) -> str | None:
    """The IANA name of a stored zone; None for ``other`` and where PagerDuty sent none."""
    return None if code is None else _IANA.get(code)
