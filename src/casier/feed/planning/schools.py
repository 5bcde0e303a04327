"""What becomes of schools. Three thousand are few: they are held in memory, and known to the people after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casier.directory.models import Academy, School
from casier.feed.models import Subject, Verb
from casier.feed.planning.lines import CLOSINGS, SCHOOLS, Line
from casier.feed.records import Operation, SchoolRecord
from casier.kernel.places import department_of
from casier.kernel.uai import BadUai, parse_uai

_LENGTHS = {"name": 200, "kind": 50, "city": 100, "postal_code": 10, "department": 3}
KEY_LENGTH = 50


@dataclass(slots=True)
class Schools:
    """The schools of an academy, as they are and as they will be."""

    academy: Academy
    by_key: dict[str, School] = field(default_factory=dict)
    by_uai: dict[str, School] = field(default_factory=dict)
    networks: dict[str, frozenset[str]] = field(default_factory=dict)  # UAI → names
    # What people's functions may point at: the feed's key, and the UAI → the UAI.
    places: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, academy: Academy) -> Schools:
        found = cls(academy)
        for school in School.objects.filter(academy=academy).prefetch_related("networks"):
            found.by_uai[school.uai] = school
            found.networks[school.uai] = frozenset(network.name for network in school.networks.all())
            if school.feed_key:
                found.by_key[school.feed_key] = school
            if school.is_open:
                found._place(school.uai, school.feed_key)
        return found

    def _place(self, uai: str, key: str) -> None:
        self.places[uai] = uai
        if key:
            self.places[key] = uai

    def look(self, records: Iterable[SchoolRecord]) -> Iterator[Line]:
        """What becomes of RECORDS."""
        elsewhere = set(School.objects.exclude(academy=self.academy).values_list("uai", flat=True))
        for record in records:
            line = self._look(record, elsewhere)
            if line is not None:
                yield line

    def spare(self, key: str) -> None:
        """The feed names the school, if in words that can't be read: it isn't gone."""
        if key in self.by_key:
            self.seen.add(self.by_key[key].uai)

    def gone(self) -> Iterator[Line]:
        """The schools of the feed that a complete one no longer names."""
        for school in self.by_uai.values():
            if school.feed_key and school.is_open and school.uai not in self.seen:
                self._forget(school)
                yield _closing(school, None)

    def _forget(self, school: School) -> None:
        for key in (school.uai, school.feed_key):
            self.places.pop(key, None)

    def _look(self, record: SchoolRecord, elsewhere: set[str]) -> Line | None:
        try:
            uai = parse_uai(record.uai) if record.uai else ""
        except BadUai as error:
            self.spare(record.key)
            return _line(record, Verb.REFUSE, "bad_uai", facts={"uai": record.uai, **_expected(error)})
        known = self.by_key.get(record.key) or self.by_uai.get(uai)
        if known is not None:
            self.seen.add(known.uai)
            return self._known(record, known, uai)
        if record.operation is not Operation.ADD:
            return _line(record, Verb.IGNORE, "unknown_school_record")
        fault = _fault(record, uai, elsewhere)
        if fault:
            return _line(record, Verb.REFUSE, fault, facts={"uai": uai})
        if uai in self.seen:
            return _line(record, Verb.REFUSE, "same_school", facts={"uai": uai})
        self.seen.add(uai)
        self._place(uai, record.key)
        after = {**_values(record), "feed_key": record.key, "networks": sorted(set(record.networks))}
        return _line(record, Verb.CREATE, "new", target=uai, phase=SCHOOLS, after=after)

    def _known(self, record: SchoolRecord, known: School, uai: str) -> Line | None:
        if record.operation is Operation.DELETE:
            if not known.is_open:
                return None
            self._forget(known)
            return _closing(known, record)
        if uai and uai != known.uai:
            # A UAI is what a school is: its mailbox, its people's rights. Another one is another school.
            return _line(record, Verb.REFUSE, "uai_changed", facts={"uai": uai, "before": known.uai})
        self._place(known.uai, record.key)
        after = self._differences(record, known)
        if not after:
            return None
        before = {name: _held(known, name, self.networks) for name in after}
        verb, code = (Verb.RETURN, "reopened") if "is_open" in after else (Verb.CHANGE, "details")
        return _line(
            record, verb, code, target=known.uai, label=known.name, phase=SCHOOLS, before=before, after=after
        )

    def _differences(self, record: SchoolRecord, known: School) -> dict[str, Any]:
        after: dict[str, Any] = {
            name: value for name, value in _values(record).items() if value and value != getattr(known, name)
        }
        if not record.department and known.department:
            after.pop("department", None)  # ours was reckoned from the postal code, or somebody knew better
        if record.key and record.key != known.feed_key and record.key not in self.by_key:
            after["feed_key"] = record.key
        if _says(record, "networks") and frozenset(record.networks) != self.networks[known.uai]:
            after["networks"] = sorted(set(record.networks))
        if not known.is_open:
            after["is_open"] = True
        return after


def _says(record: SchoolRecord, name: str) -> bool:
    """A delta names what it changes; elsewhere an empty list may just as well mean that nothing is known."""
    return name in record.given if record.operation is Operation.MODIFY else bool(getattr(record, name))


def _values(record: SchoolRecord) -> dict[str, str]:
    values = {
        "name": " ".join(record.name.split()),
        "kind": record.kind.strip(),
        "city": record.city.strip(),
        "postal_code": record.postal_code.strip(),
        "department": record.department.strip() or department_of(record.postal_code),
    }
    return {name: value[: _LENGTHS[name]] for name, value in values.items()}


def _held(known: School, name: str, networks: dict[str, frozenset[str]]) -> Any:
    return sorted(networks[known.uai]) if name == "networks" else getattr(known, name)


def _fault(record: SchoolRecord, uai: str, elsewhere: set[str]) -> str:
    if not uai:
        return "no_uai"
    if uai in elsewhere:
        return "school_elsewhere"
    if len(record.key) > KEY_LENGTH:
        return "bad_key"
    return "" if record.name.strip() else "no_school_name"


def _expected(error: BadUai) -> dict[str, str]:
    return {"expected": str(error.facts["expected"])} if "expected" in error.facts else {}


def _closing(school: School, record: SchoolRecord | None) -> Line:
    return Line(
        Subject.SCHOOL, Verb.LEAVE, "school_gone",
        place=record.place if record else None,
        key=school.feed_key,
        label=f"{school.name} ({school.uai})",
        target=school.uai,
        phase=CLOSINGS,
        before={"is_open": True},
        after={"is_open": False},
    )  # fmt: skip


def _line(record: SchoolRecord, verb: Verb, code: str, label: str = "", **more: Any) -> Line:
    name = " ".join(record.name.split()) or label
    shown = f"{name} ({record.uai})" if record.uai else name
    return Line(Subject.SCHOOL, verb, code, place=record.place, key=record.key, label=shown, **more)
