"""What the directory holds of many people, in a number of queries that doesn't grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from casier.directory.models import Academy, Account, Address, Person, PersonKey, Posting, PostingDetail
from casier.feed.matching import Candidate, names_of
from casier.feed.models import Gone
from casier.schools.api import Sent, sent_away

Details = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Held:
    """A posting that is not over."""

    id: int
    school: str  # UAI; "" where it has none
    function: str
    label: str
    starts_on: date | None
    ends_on: date | None
    source: str
    details: Details
    here: bool  # in a school of this academy

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "school": self.school,
            "function": self.function,
            "label": self.label,
            "starts_on": as_text(self.starts_on),
            "ends_on": as_text(self.ends_on),
            "source": self.source,
            "details": sorted(map(list, self.details)),
        }


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the directory has them, seen from one academy."""

    person: int
    given_name: str
    family_name: str
    birth_name: str
    title: str
    birth_date: date | None
    numen_index: str | None
    account: str  # hex; "" where there is none
    state: str
    here: bool
    key: str  # the academy's feed knows them by it; "" where it doesn't
    gone: bool
    postings: tuple[Held, ...]
    # The schools (UAI) that they left by somebody's word, to which the feed hasn't agreed yet.
    away: Mapping[str, Sent] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def as_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def known(academy: Academy, people: Collection[int], today: date) -> dict[int, Known]:
    """Everything about PEOPLE that a plan is made from: seven queries, or eight."""
    held = _postings(academy, people, today)
    accounts = {
        row[0]: (row[1].hex, row[2])
        for row in Account.objects.filter(person__in=people).values_list("person_id", "id", "state")
    }
    keys = dict(PersonKey.objects.filter(academy=academy, person__in=people).values_list("person_id", "key"))
    gone = set(Gone.objects.filter(academy=academy, person__in=people).values_list("person_id", flat=True))
    away = sent_away(academy, people)
    rows = Person.objects.filter(pk__in=people).values_list(
        "pk", "given_name", "family_name", "birth_name", "title", "birth_date", "numen_index", "academy_id"
    )
    return {
        row[0]: Known(
            person=row[0],
            given_name=row[1],
            family_name=row[2],
            birth_name=row[3],
            title=row[4],
            birth_date=row[5],
            numen_index=row[6],
            account=accounts.get(row[0], ("", ""))[0],
            state=accounts.get(row[0], ("", ""))[1],
            here=row[7] == academy.pk,
            key=keys.get(row[0], ""),
            gone=row[0] in gone,
            postings=tuple(held[row[0]]),
            away=away.get(row[0], {}),
        )
        for row in rows
    }


def _postings(academy: Academy, people: Collection[int], today: date) -> defaultdict[int, list[Held]]:
    live = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), person__in=people).order_by("pk")
    rows = list(
        live.values_list(
            "pk", "person_id", "school__uai", "school__academy_id", "function", "label", "starts_on",
            "ends_on", "source",
        )
    )  # fmt: skip
    details: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    of_these = PostingDetail.objects.filter(posting__in=[row[0] for row in rows])
    for posting, kind, value in of_these.values_list("posting_id", "kind", "value"):
        details[posting].add((kind, value))
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for row in rows:
        held = Held(
            id=row[0],
            school=row[2] or "",
            function=row[4],
            label=row[5],
            starts_on=row[6],
            ends_on=row[7],
            source=row[8],
            details=frozenset(details[row[0]]),
            here=row[3] == academy.pk,
        )
        found[row[1]].append(held)
    return found


class Names:
    """Everyone's names, of all academies, read when somebody unknown comes: a usual night has nobody."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], list[int]] | None = None

    def of(self, names: Iterable[tuple[str, str]]) -> frozenset[int]:
        """The people of one of these names."""
        if self._people is None:
            self._people = self._read()
        return frozenset(person for name in names for person in self._people.get(name, ()))

    @staticmethod
    def _read() -> dict[tuple[str, str], list[int]]:
        people: dict[tuple[str, str], list[int]] = {}
        rows = Person.objects.values_list("pk", "given_name", "family_name", "birth_name")
        for person, given, family, birth in rows.iterator(chunk_size=5000):
            for name in names_of(given, family, birth):
                people.setdefault(name, []).append(person)
        return people


def candidates(academy: Academy, people: Collection[int], today: date) -> dict[int, Candidate]:
    """PEOPLE as those who a record may be about: four queries."""
    addresses: defaultdict[int, set[str]] = defaultdict(set)
    owned = Address.objects.filter(account__person__in=people, retired_at=None)
    for person, address in owned.values_list("account__person_id", "address"):
        if person is not None:
            addresses[person].add(address)
    schools: defaultdict[int, set[str]] = defaultdict(set)
    live = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), person__in=people)
    for person, uai in live.exclude(school=None).values_list("person_id", "school__uai"):
        schools[person].add(str(uai))
    keyed = set(
        PersonKey.objects.filter(academy=academy, person__in=people).values_list("person_id", flat=True)
    )
    rows = Person.objects.filter(pk__in=people).values_list(
        "pk", "academy_id", "given_name", "family_name", "birth_name", "birth_date", "numen_index"
    )
    return {
        row[0]: Candidate(
            person=row[0],
            here=row[1] == academy.pk,
            given_name=row[2],
            family_name=row[3],
            birth_name=row[4],
            birth_date=row[5],
            numen_index=row[6],
            keyed_otherwise=row[0] in keyed,
            addresses=frozenset(addresses[row[0]]),
            schools=frozenset(schools[row[0]]),
        )
        for row in rows
    }
