"""Decoded objects to records: flat rows of numbers and pseudonyms, ready for their tables."""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any, Literal

from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Derived, Id, Many, One
from collectors.layout import child_keys, nested_schema
from collectors.numbers import Code, Number
from collectors.pseudonyms import Pseudonyms
from collectors.vocabularies import OTHER, OTHER_WORD

Record = dict[str, int | bytes | None]
Rows = dict[str, list[Record]]
Mode = Literal["struct", "mapping"]
_Get = Callable[[Any], Any]
_Read = Callable[[Any, Pseudonyms], int | bytes | None]


class Flattener:
    """Reads one schema's objects, as structs or as what ``Schema.load`` returns."""

    def __init__(
        self, schema: type[AllowListSchema], mode: Mode, keys: tuple[str, ...] | None = None
    ) -> None:
        self.table = schema.TABLE
        self.keys = schema.KEYS if keys is None else keys
        self._mode = mode
        self._columns: list[tuple[str, _Read]] = []
        self._derived: list[tuple[str, Derived]] = []
        self._children: list[tuple[_Get, Flattener]] = []
        self._compile(schema(), "", None)
        self.identifier = self._inside(None, "id")
        """Reads the record's own id as PagerDuty sent it."""

    def add(self, record: object, pseudonyms: Pseudonyms, rows: Rows, keys: Record) -> Record:
        """Append ``record``, under ``keys``, and what is nested in it to ``rows``."""
        row = keys | {name: read(record, pseudonyms) for name, read in self._columns}
        for name, field in self._derived:
            row[name] = pseudonyms.derived(field.kind, (row[each] for each in field.of))
        rows.setdefault(self.table, []).append(row)
        for get, child in self._children:
            nested = get(record)
            if nested:
                above = dict(zip(child.keys, (row[key] for key in self.keys), strict=False))
                for position, item in enumerate(nested):
                    child.add(item, pseudonyms, rows, above | {"position": position})
        return row

    def _compile(self, schema: AllowListSchema, prefix: str, outer: _Get | None) -> None:
        for name, field in schema.fields.items():
            if isinstance(field, Derived):
                self._derived.append((f"{prefix}{name}", field))
                continue
            get = self._inside(outer, name)
            if isinstance(field, One):
                self._compile(nested_schema(field), f"{prefix}{name}_", get)
            elif isinstance(field, Many):
                keys = child_keys(self.table, self.keys)
                self._children.append((get, Flattener(field.row_schema, self._mode, keys)))
            else:
                own = not prefix and name in self.keys
                read = self._reader(schema, field, outer, get, own=own)
                self._columns.append((f"{prefix}{name}", read))

    def _inside(self, outer: _Get | None, name: str) -> _Get:
        inner: _Get = attrgetter(name) if self._mode == "struct" else itemgetter(name)
        if outer is None:
            return inner

        def get(record: object) -> object:
            found = outer(record)
            return None if found is None else inner(found)

        return get

    def _reader(
        self,
        schema: AllowListSchema,
        field: Field[Any],
        outer: _Get | None,
        get: _Get,
        *,
        own: bool,
    ) -> _Read:
        if isinstance(field, Id):
            return self._pseudonym(schema, field, outer, get, own=own)
        if not isinstance(field, Number):
            raise TypeError(f"{type(field).__name__} cannot be part of a record")
        stored = self._stored(field)
        if stored is None:
            return lambda record, _: get(record)
        return lambda record, _: None if (v := get(record)) is None else stored(v)

    def _stored(self, field: Number) -> Callable[[Any], int | None] | None:
        """From the decoded value to the number; None where it is the number already."""
        return field.stored if self._mode == "struct" else None

    def _pseudonym(
        self, schema: AllowListSchema, field: Id, outer: _Get | None, get: _Get, *, own: bool
    ) -> _Read:
        kind = field.kind
        if kind is None:
            word = self._kind_beside(schema, outer)
            return lambda record, p: None if (v := get(record)) is None else p.of(word(record), v)
        if own:
            return lambda record, p: p.once(kind, get(record))
        return lambda record, p: None if (v := get(record)) is None else p.of(kind, v)

    def _kind_beside(self, schema: AllowListSchema, outer: _Get | None) -> _Get:
        beside = schema.fields["type"]
        if not isinstance(beside, Code):
            raise TypeError(f"{type(schema).__name__}: an id without a kind needs a type beside it")
        get, stored = self._inside(outer, "type"), self._stored(beside)
        words = beside.vocabulary.by_code()
        if stored is None:
            return lambda record: words.get(get(record), OTHER_WORD)
        return lambda record: words[stored(get(record)) or OTHER]
