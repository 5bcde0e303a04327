"""Accounts from a CSV file: every line is understood or told, none is lost.

Columns (French or English names, `;` or `,`): prenom, nom, and, when known, uai, fonction, date_naissance,
numen, adresse.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casier.directory.access import numen_vault
from casier.directory.actions import NewAccount
from casier.directory.errors import AddressTaken, AlreadyThere
from casier.directory.models import Academy, Person, School
from casier.directory.naming import parse_own, refuse_taken
from casier.directory.numen import parse_numen
from casier.kernel.addresses import fold, local_part
from casier.kernel.errors import CasierError
from casier.kernel.tables import BadTable, Layout, comparable, layout_of, rows
from casier.kernel.uai import parse_uai

_COLUMNS = {
    "given_name": ("prenom", "givenname"),
    "family_name": ("nom", "familyname", "sn"),
    "uai": ("uai", "rne", "etablissement", "school"),
    "function": ("fonction", "function"),
    "birth_date": ("datedenaissance", "datenaissance", "naissance", "birthdate", "dateofbirth"),
    "numen": ("numen",),
    "address": ("adresse", "address", "mail"),
}
NEEDED = ("given_name", "family_name")


class BadFile(CasierError):
    """The file as a whole can't be read: no header, or not text."""

    code = "bad_file"


class BadLine(CasierError):
    """One line can't become an account."""

    code = "bad_line"


class SamePerson(BadLine):
    """The person stands on a line before."""

    code = "same_person"


class MaybeKnown(BadLine):
    """Someone of this name is there; only birth dates would tell whether it is the same person."""

    code = "maybe_known"


class NoName(BadLine):
    """A name is missing."""

    code = "no_name"


class BadDay(BadLine):
    """Not a day."""

    code = "bad_day"


class UnknownSchool(BadLine):
    """The academy has no school with this UAI."""

    code = "unknown_school"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: NEW, or why not. `known`: the person is there already, and nothing is to do."""

    number: int
    name: str
    new: NewAccount | None = None
    problem: CasierError | None = None
    known: bool = False


def read_accounts(content: bytes, academy: Academy) -> Iterator[Line]:
    """Every line of a CSV file for ACADEMY. Raises BadFile."""
    stream = io.BytesIO(content)
    layout = _layout(stream)
    columns = _header(layout.columns)
    schools = {school.uai: school for school in School.objects.filter(academy=academy)}
    seen: dict[tuple[str, str, date | None], int] = {}
    try:
        for number, row in rows(stream, layout):
            cells = {name: row[place].strip() for name, place in columns.items() if place < len(row)}
            yield _line(number, cells, academy, schools, seen)
    except BadTable as error:
        raise BadFile(str(error), missing=()) from error


def _line(
    number: int,
    cells: Mapping[str, str],
    academy: Academy,
    schools: Mapping[str, School],
    seen: dict[tuple[str, str, date | None], int],
) -> Line:
    name = f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip()
    try:
        new = _account(cells, schools)
    except CasierError as error:
        return Line(number, name, problem=error)
    who = (fold(new.given_name), fold(new.family_name), new.birth_date)
    if who in seen:
        return Line(number, name, problem=SamePerson(f"Same person as on line {seen[who]}.", line=seen[who]))
    seen[who] = number
    return _compared(Line(number, name, new=new), new, academy)


def _account(cells: Mapping[str, str], schools: Mapping[str, School]) -> NewAccount:
    given, family = cells.get("given_name", ""), cells.get("family_name", "")
    if not given or not family:
        raise NoName("A given name and a family name are needed.")
    if not cells.get("address"):
        local_part(given, family)
    return NewAccount(
        given_name=given,
        family_name=family,
        school=_school(cells.get("uai", ""), schools),
        function=cells.get("function", "").upper(),
        numen=parse_numen(cells["numen"]) if cells.get("numen") else None,
        birth_date=parse_day(cells.get("birth_date", "")),
        address=cells.get("address", ""),
    )


def _school(text: str, schools: Mapping[str, School]) -> School | None:
    if not text:
        return None
    uai = parse_uai(text)
    if uai not in schools:
        raise UnknownSchool(f"No school of the academy has the UAI {uai}.", uai=uai)
    return schools[uai]


def parse_day(text: str) -> date | None:
    """A day written as 31/12/1980 or 1980-12-31; nothing from nothing. Raises BadDay."""
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise BadDay(f"{text!r} is not a day; write 31/12/1980 or 1980-12-31.")


def _compared(line: Line, new: NewAccount, academy: Academy) -> Line:
    """LINE in the light of who is there: the same file again changes nothing, nobody is made twice."""
    people = Person.objects.filter(academy=academy, family_name__iexact=new.family_name)
    days = {person.birth_date for person in people if fold(person.given_name) == fold(new.given_name)}
    if not days:
        return line
    if new.birth_date is not None and new.birth_date in days:
        return Line(line.number, line.name, known=True)
    if new.birth_date is None or None in days:
        problem = MaybeKnown("Someone of this name is there already; birth dates would tell them apart.")
        return Line(line.number, line.name, problem=problem)
    return line


class Preview:
    """What would refuse the lines of a file, found out without making anything."""

    def __init__(self, academy: Academy, now: datetime) -> None:
        self._academy, self._now = academy, now
        self._given: set[str] = set()  # what the lines before would have taken

    def obstacle(self, new: NewAccount) -> CasierError | None:
        """Why NEW couldn't be made, or None."""
        try:
            if new.address:
                self._address(new.address)
            if new.numen:
                self._numen(numen_vault().index(new.numen))
        except CasierError as error:
            return error
        return None

    def _address(self, text: str) -> None:
        address = str(parse_own(self._academy, text)[0])
        refuse_taken([address], "", self._now)
        if address in self._given:
            raise AddressTaken(f"{address} is taken.", address=address)
        self._given.add(address)

    def _numen(self, index: str) -> None:
        if index in self._given or Person.objects.filter(numen_index=index).exists():
            raise AlreadyThere("Someone with this NUMEN is there already.")
        self._given.add(index)


def _layout(stream: io.BytesIO) -> Layout:
    try:
        return layout_of(stream)
    except BadTable as error:
        raise BadFile(str(error), missing=NEEDED) from error


def _header(cells: Sequence[str]) -> dict[str, int]:
    plain = [comparable(cell) for cell in cells]
    found = {
        name: place for name, names in _COLUMNS.items() for place, cell in enumerate(plain) if cell in names
    }
    known = {cell for names in _COLUMNS.values() for cell in names}
    if unknown := [cell for cell, letters in zip(cells, plain, strict=True) if letters not in known]:
        raise BadFile(f"Columns that are not understood: {', '.join(unknown)}.", unknown=unknown)
    if missing := [name for name in NEEDED if name not in found]:
        raise BadFile(
            f"The first line must name the columns; missing: {', '.join(missing)}.", missing=missing
        )
    return found
