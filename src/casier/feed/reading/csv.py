"""Reader of CSV feeds, whose columns someone has named (`columns.py`).

A person with several functions stands on several lines, wherever in the file: a first pass counts them, the
second holds back only those that are awaited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from casier.feed.reading.cells import NAME, Cells, hidden, person, school
from casier.feed.reading.cleaning import Refusal, cleaned
from casier.feed.reading.columns import PEOPLE, ColumnMap, fields, of_table
from casier.feed.reading.files import not_there
from casier.feed.records import BadFeed, PersonRecord, Place, Record, Refused, SchoolRecord
from casier.kernel.addresses import fold
from casier.kernel.tables import BadTable, Layout, layout_of, rows

# What all lines of a person must agree on, told where they don't; the NUMEN is compared and not shown.
_SAME = ("key", "given_name", "family_name", "birth_name", "title", "birth_date", "numen", "address")


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Cells
    place: Place
    identity: bytes  # b"": nothing tells who it is
    sure: bool = True  # whether the identity is more than a name


class CsvReader:
    """The records of the CSV file at PATH, whose columns MAP names. Raises BadFeed: one is not there."""

    def __init__(self, path: Path, map_: ColumnMap) -> None:
        self._path, self._map = path, map_
        try:
            with path.open("rb") as stream:
                self._layout = layout_of(stream)
        except OSError as error:
            raise not_there(path) from error
        except BadTable as error:
            raise of_table(error, path.name) from error
        self._places = _places(self._layout, map_, path.name)
        self.complete = map_.complete
        self.covers = frozenset({map_.holds})

    @property
    def files(self) -> list[str]:
        """The names of the files."""
        return [self._path.name]

    def records(self) -> Iterator[Record]:
        """Every record of the file. Raises BadFeed."""
        try:
            yield from self._people() if self._map.holds == PEOPLE else self._schools()
        except BadTable as error:
            raise of_table(error, self._path.name) from error

    def _rows(self) -> Iterator[_Row]:
        with self._path.open("rb") as stream:
            for number, (line, row) in enumerate(rows(stream, self._layout), start=1):
                beyond = any(cell.strip() for cell in row[len(self._layout.columns) :])
                cells = Cells(row, self._places, beyond)
                identity, sure = _identity(cells)
                yield _Row(cells, Place(self._path.name, number, line), identity, sure)

    def _schools(self) -> Iterator[Record]:
        seen: dict[str, int] = {}
        for row in self._rows():
            record = _read(school, row)
            if isinstance(record, SchoolRecord) and record.key in seen:
                record = Refused(row.place, record.key, "same_school", {"line": str(seen[record.key])})
            elif isinstance(record, SchoolRecord):
                seen[record.key] = row.place.line
            yield record

    def _people(self) -> Iterator[Record]:
        awaited = Counter(row.identity for row in self._rows())
        together: dict[bytes, list[tuple[_Row, Record]]] = {}
        for row in self._rows():
            record = _read(person, row)
            if not row.identity or awaited[row.identity] == 1:
                yield record
                continue
            lines = together.setdefault(row.identity, [])
            lines.append((row, record))
            if len(lines) == awaited[row.identity]:
                yield from _joined(together.pop(row.identity))


def _places(layout: Layout, map_: ColumnMap, name: str) -> dict[str, int]:
    if unknown := map_.columns.keys() - set(fields(map_.holds)):
        raise BadFeed(
            f"There is no field {', '.join(sorted(unknown))}.",
            reason="fields_unknown",
            unknown=tuple(sorted(unknown)),
            fields=fields(map_.holds),
        )
    if missing := map_.missing():
        raise BadFeed(
            f"{name}: no column is {', '.join(missing)}.",
            reason="columns_missing",
            missing=missing,
            columns=tuple(cleaned(column)[:40] for column in layout.columns[:30]),
        )
    gone = [column for column in map_.columns.values() if column not in layout.columns]
    if gone:
        raise BadFeed(f"{name} has no column {', '.join(gone)}.", reason="columns_gone", gone=tuple(gone))
    return {target: layout.columns.index(column) for target, column in map_.columns.items()}


def _read(build: Callable[[Cells, Place], Record], row: _Row) -> Record:
    try:
        return build(row.cells, row.place)
    except Refusal as refusal:
        facts = {name: hidden(value) for name, value in refusal.facts.items()}
        return _refused(row, refusal.code, facts)


def _refused(row: _Row, code: str, facts: dict[str, str]) -> Refused:
    given_name, family_name = row.cells.text("given_name")[:NAME], row.cells.text("family_name")[:NAME]
    numen = row.cells.numen()
    return Refused(
        row.place, hidden(row.cells.key()), code, facts, hidden(given_name), hidden(family_name), numen
    )


def _identity(cells: Cells) -> tuple[bytes, bool]:
    """Who a line is about, as short as it may be, and whether that is more than a name."""
    if key := cells.text("key"):
        return _short("key", key), True
    if numen := cells.text("numen"):
        return _short("numen", "".join(numen.split()).upper()), True
    names = fold(cells.text("given_name")), fold(cells.text("family_name"))
    if not all(names):
        return b"", False
    born = cells.text("birth_date")
    return _short("names", *names, born), bool(born)


def _short(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()


def _joined(lines: list[tuple[_Row, Record]]) -> Iterator[Record]:
    """One person of several LINES; where one of them can't be read or they differ, none is believed."""
    people = [record for _, record in lines if isinstance(record, PersonRecord)]
    first = next((row.place.line for row, record in lines if isinstance(record, Refused)), 0)
    if len(people) < len(lines):
        for row, record in lines:
            yield record if isinstance(record, Refused) else _refused(row, "other_line", {"line": str(first)})
        return
    if not lines[0][0].sure:
        yield from _all_refused(lines, "same_name")
    elif differing := _differing(people):
        yield from _all_refused(lines, "lines_differ", field=differing)
    else:
        yield _one(people)


def _all_refused(lines: list[tuple[_Row, Record]], code: str, **facts: str) -> Iterator[Record]:
    at = ", ".join(str(row.place.line) for row, _ in lines[:10])
    for row, _ in lines:
        yield _refused(row, code, {**facts, "lines": at})


def _differing(people: list[PersonRecord]) -> str:
    for name in _SAME:
        values = {_compared(value) for one in people if (value := getattr(one, name))}
        if len(values) > 1:
            return name
    return ""


def _compared(value: object) -> object:
    return fold(value) if isinstance(value, str) else value


def _one(people: list[PersonRecord]) -> PersonRecord:
    """The person whom all of PEOPLE are, with the functions of each."""
    known = {name: next((v for one in people if (v := getattr(one, name))), getattr(people[0], name))
             for name in _SAME}  # fmt: skip
    functions = dict.fromkeys(function for one in people for function in one.functions)
    given = frozenset[str]().union(*(one.given for one in people))
    return replace(people[0], **known, functions=tuple(functions), given=given)
