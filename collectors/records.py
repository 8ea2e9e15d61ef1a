"""Decoded objects to records: flat rows of numbers and pseudonyms, ready for their tables."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Any, Literal

from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Code, Id, Instant, Many, One
from collectors.layout import child_keys, nested_schema
from collectors.pseudonyms import Pseudonyms
from collectors.vocabularies import OTHER, OTHER_WORD

Record = dict[str, int | bytes | None]
Rows = dict[str, list[Record]]
Mode = Literal["struct", "mapping"]
_Get = Callable[[Any], Any]
_Read = Callable[[Any, Pseudonyms], int | bytes | None]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact."""
    return (instant - _EPOCH) // _MICROSECOND


class Flattener:
    """Reads one schema's objects, as structs or as what ``Schema.load`` returns."""

    def __init__(
        self, schema: type[AllowListSchema], mode: Mode, keys: tuple[str, ...] = ("id",)
    ) -> None:
        self.table = schema.TABLE
        self._mode = mode
        self._keys = keys
        self._columns: list[tuple[str, _Read]] = []
        self._children: list[tuple[_Get, Flattener]] = []
        self._compile(schema(), "", lambda record: record)

    def add(self, record: object, pseudonyms: Pseudonyms, rows: Rows) -> None:
        """Append ``record`` and what is nested in it to ``rows``."""
        self._add(record, pseudonyms, rows, {})

    def _add(self, record: object, pseudonyms: Pseudonyms, rows: Rows, keys: Record) -> None:
        row = dict(keys)
        for name, read in self._columns:
            row[name] = read(record, pseudonyms)
        rows.setdefault(self.table, []).append(row)
        for get, child in self._children:
            inherited = dict(
                zip(child._keys[:-1], (row[key] for key in self._keys), strict=True)  # noqa: SLF001
            )
            for position, item in enumerate(get(record) or ()):
                inherited["position"] = position
                child._add(item, pseudonyms, rows, inherited)  # noqa: SLF001

    def _getter(self, name: str) -> _Get:
        return attrgetter(name) if self._mode == "struct" else itemgetter(name)

    def _compile(self, schema: AllowListSchema, prefix: str, outer: _Get) -> None:
        for name, field in schema.fields.items():
            get = _inside(outer, self._getter(name))
            if isinstance(field, One):
                self._compile(nested_schema(field), f"{prefix}{name}_", get)
            elif isinstance(field, Many):
                keys = child_keys(self.table, self._keys)
                self._children.append((get, Flattener(field.row_schema, self._mode, keys)))
            else:
                self._columns.append((f"{prefix}{name}", self._reader(schema, field, outer, get)))

    def _reader(self, schema: AllowListSchema, field: Field[Any], outer: _Get, get: _Get) -> _Read:
        if isinstance(field, Instant):
            return lambda record, _: None if (v := get(record)) is None else microseconds(v)
        if isinstance(field, Code):
            code = self._code(field)
            return lambda record, _: code(get(record))
        if isinstance(field, Id) and field.kind is not None:
            kind = field.kind
            return lambda record, p: None if (v := get(record)) is None else p.of(kind, v)
        if isinstance(field, Id):
            word = self._kind_beside(schema, outer)
            return lambda record, p: None if (v := get(record)) is None else p.of(word(record), v)
        return lambda record, _: get(record)

    def _code(self, field: Code) -> Callable[[Any], int | None]:
        if self._mode == "mapping":
            return lambda value: value
        codes = field.codes
        return lambda value: None if value is None else codes.get(value, OTHER)

    def _kind_beside(self, schema: AllowListSchema, outer: _Get) -> Callable[[Any], str]:
        beside = schema.fields["type"]
        if not isinstance(beside, Code):
            raise TypeError(f"{type(schema).__name__}: an id without a kind needs a type beside it")
        code = self._code(beside)
        words = beside.vocabulary.by_code()
        get = _inside(outer, self._getter("type"))
        return lambda record: words.get(code(get(record)) or OTHER, OTHER_WORD)


def _inside(outer: _Get, inner: _Get) -> _Get:
    def get(record: object) -> object:
        found = outer(record)
        return None if found is None else inner(found)

    return get
