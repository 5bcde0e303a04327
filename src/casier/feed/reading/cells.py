"""What a line of a CSV feed tells: a person with a function, or a school."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casier.directory.numen import BadNumen, parse_numen
from casier.feed.reading.cleaning import Refusal, cleaned, day, department_of, within
from casier.feed.reading.teaching import ATTACHED, CODE, DETAIL, LABEL
from casier.feed.records import Function, Operation, PersonRecord, Place, SchoolRecord
from casier.kernel.secret import Secret
from casier.kernel.uai import BadUai, parse_uai

NAME, KEY, ADDRESS = 100, 50, 254
_LIKE_A_UAI = re.compile(r"[0-9]{7}\s?[A-Za-z]", re.ASCII)
_LISTED = re.compile(r"[,;|\n]")
_OF_FUNCTIONS = ("school", "function", "function_label")
_DETAILS = ("subjects", "classes", "principal_of")


@dataclass(frozen=True, slots=True)
class Cells:
    """A row by the fields that its columns are. BEYOND: it has more cells than there are columns."""

    row: Sequence[str]
    places: Mapping[str, int]
    beyond: bool = False

    def text(self, name: str) -> str:
        """The cell of a field, cleaned; empty where there is none."""
        place = self.places.get(name, len(self.row))
        return cleaned(self.row[place]) if place < len(self.row) else ""

    def listed(self, name: str) -> tuple[str, ...]:
        """A cell that holds several, parted by commas."""
        place = self.places.get(name, len(self.row))
        parts = _LISTED.split(self.row[place]) if place < len(self.row) else ()
        return tuple(dict.fromkeys(part[:DETAIL] for one in parts if (part := cleaned(one))))

    def key(self) -> str:
        """What a refusal calls the line by; never the NUMEN."""
        name = " ".join(filter(None, (self.text("given_name"), self.text("family_name"))))
        return (self.text("key") or self.text("uai") or name)[:KEY]

    def numen(self) -> Secret | None:
        """The NUMEN, where there is one that is right."""
        try:
            return parse_numen(self.text("numen"))
        except BadNumen:
            return None


def person(cells: Cells, place: Place) -> PersonRecord:
    """The person of a line. Raises Refusal."""
    _not_beyond(cells)
    key = within("key", cells.text("key"), KEY)
    names = {name: within(name, cells.text(name), NAME) for name in ("given_name", "family_name")}
    adds = bool(names["given_name"] or names["family_name"] or not key)
    for name, text in names.items():
        if adds and not text:
            raise Refusal("no_name", field=name)
    functions = _functions(cells)
    known = {name for name in cells.places if cells.text(name)} - {*_OF_FUNCTIONS, *_DETAILS}
    return PersonRecord(
        place,
        Operation.ADD if adds else Operation.MODIFY,
        key,
        given_name=names["given_name"],
        family_name=names["family_name"],
        birth_name=within("birth_name", cells.text("birth_name"), NAME),
        title=cells.text("title")[:20],
        birth_date=day("birth_date", cells.text("birth_date")),
        numen=_numen(cells),
        address=_address(cells),
        functions=functions,
        given=frozenset(known - {"key", "starts_on", "ends_on"} | _given_of(functions)),
    )


def school(cells: Cells, place: Place) -> SchoolRecord:
    """The school of a line. Raises Refusal."""
    _not_beyond(cells)
    uai = _uai(cells.text("uai"))
    name = within("name", cells.text("name"), 200)
    if not name:
        raise Refusal("no_school_name")
    postal_code = cells.text("postal_code")[:10]
    department = cells.text("department").upper()
    return SchoolRecord(
        place,
        Operation.ADD,
        uai,
        uai=uai,
        name=name,
        kind=cells.text("kind")[:50],
        city=cells.text("city")[:100],
        postal_code=postal_code,
        department=department if len(department) in {2, 3} else department_of(uai, postal_code),
        networks=tuple(one[:150] for one in cells.listed("networks")),
        given=frozenset({name for name in cells.places if cells.text(name)} | {"department"}),
    )


def hidden(text: str) -> str:
    """TEXT as it may be shown: a NUMEN, in whatever column, never is."""
    try:
        parse_numen(text)
    except BadNumen:
        return text
    return "•" * 13


def _not_beyond(cells: Cells) -> None:
    if cells.beyond:
        raise Refusal("too_many_cells")


def _functions(cells: Cells) -> tuple[Function, ...]:
    school, code = cells.text("school"), cells.text("function").upper()
    if not (school or code):
        return ()
    if _LIKE_A_UAI.fullmatch(school):
        school = _uai(school)
    starts_on, ends_on = day("starts_on", cells.text("starts_on")), day("ends_on", cells.text("ends_on"))
    if starts_on and ends_on and ends_on < starts_on:
        raise Refusal("ends_before", start=starts_on.isoformat(), end=ends_on.isoformat())
    return (
        Function(
            within("school", school, KEY),
            within("function", code or ATTACHED, CODE),
            cells.text("function_label")[:LABEL],
            starts_on,
            ends_on,
            cells.listed("subjects"),
            cells.listed("classes"),
            cells.listed("principal_of"),
        ),
    )


def _given_of(functions: tuple[Function, ...]) -> set[str]:
    told = {name for name in _DETAILS for function in functions if getattr(function, name)}
    return told | {"functions"} if functions else set()


def _uai(text: str) -> str:
    try:
        return parse_uai(text)
    except BadUai as error:
        raise Refusal("bad_uai", value=text[:20]) from error


def _numen(cells: Cells) -> Secret | None:
    numen = cells.numen()
    if numen is None and cells.text("numen"):
        raise Refusal("bad_numen")
    return numen


def _address(cells: Cells) -> str:
    address = cells.text("address")
    if address and ("@" not in address or " " in address or len(address) > ADDRESS):
        raise Refusal("bad_address", value=address[:60])
    return address
