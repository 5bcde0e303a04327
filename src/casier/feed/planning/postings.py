"""Postings as a record wants them, beside those that are held. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casier.directory.models import PostingKind, PostingSource
from casier.feed.knowing import Details, Held, as_text
from casier.feed.records import DIRECTS_SCHOOL, Function

ALL_KINDS = frozenset(kind.value for kind in PostingKind)
TEACHING = "ENS"
FUNCTION_LENGTH, LABEL_LENGTH, DETAIL_LENGTH = 10, 150, 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A posting that the feed names."""

    school: str  # UAI
    function: str
    label: str
    starts_on: date | None
    ends_on: date | None
    details: Details
    kinds: frozenset[str] = ALL_KINDS  # the kinds of details that the record tells of

    def as_data(self, today: date) -> dict[str, Any]:
        return {
            "school": self.school,
            "function": self.function,
            "label": self.label,
            "starts_on": as_text(self.starts_on or min(today, self.ends_on or today)),
            "ends_on": as_text(self.ends_on),
            "details": sorted(map(list, self.details)),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What makes the held postings the wanted ones: new ones, and held ones with other values."""

    add: tuple[Wanted, ...]
    change: tuple[tuple[Held, dict[str, Any]], ...]
    end: tuple[tuple[Held, dict[str, Any]], ...]

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.end)


def wanted(
    functions: Iterable[Function],
    schools: Mapping[str, str],
    today: date,
    kinds: frozenset[str] = ALL_KINDS,
) -> tuple[list[Wanted], list[str]]:
    """The postings of FUNCTIONS that aren't over, one a school and function; the schools that nobody knows.

    SCHOOLS: UAI by the feed's key, and by UAI. KINDS of details are those that the record tells of.
    """
    found: dict[tuple[str, str], Wanted] = {}
    unknown: list[str] = []
    for function in functions:
        school = schools.get(function.school) or schools.get(function.school.upper())
        if school is None:
            unknown.append(function.school)
        elif function.ends_on is None or function.ends_on >= today:
            one = _one(function, school, kinds)
            before = found.get((one.school, one.function))
            found[one.school, one.function] = _both(before, one) if before else one
    return list(found.values()), unknown


def _one(function: Function, school: str, kinds: frozenset[str]) -> Wanted:
    starts, ends = function.starts_on, function.ends_on
    return Wanted(
        school=school,
        function=(function.code.strip().upper() or "-")[:FUNCTION_LENGTH],
        label=function.label.strip()[:LABEL_LENGTH],
        starts_on=starts if not (starts and ends and starts > ends) else None,
        ends_on=ends,
        details=frozenset(_details(function)),
        kinds=kinds,
    )


def _details(function: Function) -> Iterable[tuple[str, str]]:
    kinds = (
        (PostingKind.SUBJECT, function.subjects),
        (PostingKind.CLASS, function.classes),
        (PostingKind.PRINCIPAL, function.principal_of),
    )
    for kind, values in kinds:
        yield from ((kind.value, text[:DETAIL_LENGTH]) for value in values if (text := value.strip()))


def _both(one: Wanted, other: Wanted) -> Wanted:
    """The same function twice in a school, in two services: one posting with what either says."""
    starts = [day for day in (one.starts_on, other.starts_on) if day]
    ends = [day for day in (one.ends_on, other.ends_on) if day]
    return Wanted(
        one.school,
        one.function,
        one.label or other.label,
        min(starts) if len(starts) == 2 else None,
        max(ends) if len(ends) == 2 else None,
        one.details | other.details,
        one.kinds,
    )


def difference(held: Sequence[Held], asked: Sequence[Wanted], today: date) -> Difference:
    """What is to do. A posting given by hand that the feed names becomes the feed's; others by hand stay."""
    there: dict[tuple[str, str], Held] = {}
    for one in sorted((one for one in held if one.here), key=lambda one: one.source != PostingSource.FEED):
        if one.source in {PostingSource.FEED, PostingSource.HAND}:
            there.setdefault((one.school, one.function), one)
    asked_for = {(one.school, one.function) for one in asked}
    change = [
        (known, values)
        for one in asked
        if (known := there.get((one.school, one.function))) and (values := _changed(known, one))
    ]
    end = [
        (one, _ended(one, today))
        for one in held
        if one.here
        and one.source == PostingSource.FEED
        and ((one.school, one.function) not in asked_for or there[one.school, one.function].id != one.id)
    ]
    add = [one for one in asked if (one.school, one.function) not in there]
    return Difference(tuple(add), tuple(change), tuple(end))


def still_directed(held: Sequence[Held]) -> list[Wanted]:
    """The directions of schools that are held, for a change that doesn't speak of them."""
    return [
        Wanted(one.school, one.function, one.label, one.starts_on, one.ends_on, one.details, frozenset())
        for one in held
        if one.here and one.source == PostingSource.FEED and one.label == DIRECTS_SCHOOL
    ]


def _changed(known: Held, one: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if known.source != PostingSource.FEED:
        values["source"] = PostingSource.FEED.value
    if one.label and one.label != known.label:
        values["label"] = one.label
    if one.starts_on and one.starts_on != known.starts_on:
        values["starts_on"] = as_text(one.starts_on)
    if one.ends_on != known.ends_on:
        values["ends_on"] = as_text(one.ends_on)
    start = one.starts_on or known.starts_on
    if one.ends_on and start and start > one.ends_on:
        values["starts_on"] = ""
    return values | _other_details(known, one)


def _other_details(known: Held, one: Wanted) -> dict[str, Any]:
    """The details of KNOWN with those that ONE tells of; nothing where they are the same."""
    kept = {(kind, value) for kind, value in known.details if kind not in one.kinds}
    details = kept | {(kind, value) for kind, value in one.details if kind in one.kinds}
    return {} if details == known.details else {"details": sorted(map(list, details))}


def details_alone(held: Sequence[Held], told: Iterable[Wanted]) -> Difference:
    """What makes the postings that are there already have the details that TOLD names, each in its school."""
    change = []
    for one in told:
        there = [known for known in held if known.here and known.school == one.school]
        teaching = sorted(there, key=lambda known: known.function != TEACHING)[:1]
        change += [(known, values) for known in teaching if (values := _other_details(known, one))]
    return Difference((), tuple(change), ())


def _ended(one: Held, today: date) -> dict[str, Any]:
    """Over since yesterday: the feed of today no longer names it."""
    last = today - timedelta(days=1)
    values: dict[str, Any] = {"ends_on": as_text(last)}
    if one.starts_on and one.starts_on > last:
        values["starts_on"] = ""  # it never began
    return values
