"""The closed list of time zones: complete, and never renumbered."""

import hashlib
from zoneinfo import ZoneInfo, available_timezones

from collectors.zones import ZONE, iana_name

FIRST_RELEASE = 746
NO_ZONES = {"localtime", "posixrules", "Factory"}


def test_every_name_of_the_iana_database_has_a_code() -> None:
    assert available_timezones() - NO_ZONES <= set(ZONE.words)


def test_every_code_maps_to_a_zone_that_python_knows() -> None:
    for word, code in ZONE.codes().items():
        name = iana_name(code)
        assert name is not None, word
        assert ZoneInfo(name).key == name
    assert len(ZONE.codes()) == len(ZONE.words), "a name stands twice"


def test_a_stored_code_never_changes_its_zone() -> None:
    lines = "\n".join(f"{word}={iana_name(code)}" for word, code in ZONE.codes().items())
    first = "\n".join(lines.splitlines()[:FIRST_RELEASE])
    assert hashlib.sha256(first.encode()).hexdigest() == (
        "028eab59e618141d58a0e1297b9d6c954b9865454d308c5faf78393eb50450e5"
    )
