"""Fields that are kept as numbers: times, words of closed lists, counts.

Each kind declares once the type that accepts what PagerDuty sends, for the fast decoder and the
slow one, and the number that is stored.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from marshmallow import fields
from marshmallow.exceptions import ValidationError

from collectors.vocabularies import OTHER, Vocabulary
from collectors.zones import ZONE

MAX_WHOLE = 2**31 - 1
"""The highest number of an INTEGER column on every database."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TIME_OF_DAY = r"^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)\Z"

Storage = Literal["pseudonym", "instant", "whole", "code", "flag", "time_of_day", "days", "count"]


def options(reason: str, *, required: bool) -> dict[str, Any]:
    """marshmallow's options of a kept field: an optional one may be null or absent."""
    if required:
        return {"required": True, "metadata": {"reason": reason}}
    return {"allow_none": True, "load_default": None, "metadata": {"reason": reason}}


class Number(fields.Field[int | None]):
    """What is kept as a number; ``TWIN`` is the type that accepts what PagerDuty sends."""

    TWIN: ClassVar[Any]
    STORAGE: ClassVar[Storage]
    highest: int | None = None
    """The highest value, where the column has one; the lowest is 0."""

    def __init__(self, *, reason: str, required: bool = False) -> None:
        super().__init__(**options(reason, required=required))

    def stored(self, sent: Any) -> int | None:
        """The number to store for a value that ``TWIN`` accepted."""
        raise NotImplementedError

    def _accepted(self, sent: object) -> Any:
        """``sent`` as ``TWIN`` reads it, or None."""
        # Half a surrogate pair is text to JSON, but not to msgspec.
        try:
            return msgspec.convert(sent, self.TWIN)
        except (msgspec.ValidationError, UnicodeError):
            return None

    def _deserialize(
        self, value: object, attr: str | None, data: object, **kwargs: object
    ) -> int | None:
        accepted = self._accepted(value)
        if accepted is None:
            raise ValidationError("Not as declared.")
        return self.stored(accepted)


class Instant(Number):
    """An ISO 8601 time, kept as microseconds since 1970 UTC; without an offset it is UTC.

    ``unbounded``: null is a period without that end, so that an unreadable one must not become
    null.
    """

    TWIN = Annotated[datetime, msgspec.Meta(tz=True)]
    STORAGE = "instant"

    def __init__(self, *, reason: str, required: bool = False, unbounded: bool = False) -> None:
        self.unbounded = unbounded
        super().__init__(reason=reason, required=required)

    def stored(self, sent: datetime) -> int:
        """Microseconds, exact."""
        return (sent - _EPOCH) // _MICROSECOND

    def _accepted(self, sent: object) -> datetime | None:
        found: datetime | None = super()._accepted(sent)
        if found is not None or not isinstance(sent, str):
            return found
        try:
            found = datetime.fromisoformat(sent)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class Whole(Number):
    """A whole number."""

    TWIN = Annotated[int, msgspec.Meta(ge=-MAX_WHOLE, le=MAX_WHOLE)]
    STORAGE = "whole"

    def stored(self, sent: int) -> int:
        """Itself."""
        return sent


class Code(Number):
    """A word of a closed vocabulary, kept as its number; an unknown word becomes ``other``."""

    TWIN = str
    STORAGE = "code"

    def __init__(self, vocabulary: Vocabulary, *, reason: str, required: bool = False) -> None:
        self.vocabulary = vocabulary
        self.codes = vocabulary.codes()
        self.highest = len(vocabulary.words)
        super().__init__(reason=reason, required=required)

    def stored(self, sent: Any) -> int | None:
        """The word's number."""
        code = self.codes.get(sent)
        return self._by_its_end(sent) if code is None else code

    def _by_its_end(self, word: str) -> int:
        known = self.codes.items() if self.vocabulary.prefixed else ()
        return next((code for end, code in known if word.endswith(f"_{end}")), OTHER)


class _Typed(msgspec.Struct, gc=False, frozen=True):
    type: str


class TypedCode(Code):
    """A ``Code`` whose word may be in an object, or in a list of one, under ``type``.

    PagerDuty's schema states a word, and its example a list of objects.
    """

    TWIN = str | _Typed | list[_Typed]

    def stored(self, sent: Any) -> int | None:
        """The number of the word, or of the first object's."""
        if isinstance(sent, list):
            return self.stored(sent[0]) if sent else None
        return super().stored(sent.type if isinstance(sent, _Typed) else sent)


class Zone(Code):
    """The name of a time zone, kept as its number in a closed list."""

    def __init__(self, *, reason: str, required: bool = False) -> None:
        super().__init__(ZONE, reason=reason, required=required)

    def stored(self, sent: Any) -> int | None:
        """The name's number; a blank one is no zone."""
        return super().stored(sent) if sent.strip() else None


class Flag(Number):
    """Yes or no."""

    TWIN = bool
    STORAGE = "flag"
    highest = 1

    def stored(self, sent: bool) -> int:
        """1 or 0."""
        return int(sent)


class TimeOfDay(Number):
    """A wall-clock time ``HH:MM[:SS]``, kept as seconds since midnight."""

    TWIN = Annotated[str, msgspec.Meta(pattern=_TIME_OF_DAY)]
    STORAGE = "time_of_day"
    highest = 24 * 60 * 60

    def stored(self, sent: str) -> int:
        """Seconds; 24:00 is the end of the day."""
        hours, minutes, *seconds = map(int, sent.split(":"))
        return hours * 3600 + minutes * 60 + sum(seconds)


class Days(Number):
    """Days of the week, 1 for Monday to 7 for Sunday, kept as seven bits, Monday the lowest."""

    TWIN = list[Annotated[int, msgspec.Meta(ge=1, le=7)]]
    STORAGE = "days"
    highest = 0b1111111

    def stored(self, sent: list[int]) -> int:
        """The bits."""
        return sum(1 << (day - 1) for day in set(sent))


class _Unread(msgspec.Struct, gc=False, frozen=True):
    """Any object: none of its fields is decoded."""


class Count(Number):
    """How many entries a list has; what they are is never decoded."""

    TWIN = list[_Unread]
    STORAGE = "count"

    def stored(self, sent: list[object]) -> int:
        """The length."""
        return len(sent)

    def _accepted(self, sent: object) -> list[object] | None:
        return sent if isinstance(sent, list) else None
