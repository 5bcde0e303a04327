"""What a school's page shows: its people today, its mailboxes. Few queries, whatever its size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from casier.directory.finding import by_name
from casier.directory.models import (
    Account,
    Address,
    FunctionalMailbox,
    Membership,
    Posting,
    PostingDetail,
    PostingKind,
    School,
)
from casier.directory.postings import held_on, today
from casier.kernel.addresses import fold
from casier.life.models import Departure

PEOPLE = 50
FOUND = 50
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who works at the school today. UNTIL: the last day there, where it is known."""

    account: Account
    address: str
    postings: list[Posting]
    subjects: list[str]
    until: date | None
    soon: bool


@dataclass(frozen=True, slots=True)
class People:
    """A page of those who work there."""

    page: Page[Account]
    rows: list[Here]


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox of the school, with who opens it."""

    mailbox: FunctionalMailbox
    address: str
    members: list[Membership]
    managers: int


@dataclass(frozen=True, slots=True)
class Found:
    """Schools that fit, and whether there are more."""

    schools: list[School]
    more: bool
    people: dict[int, int] = field(default_factory=dict)


def find(within: QuerySet[School], typed: str, now: datetime) -> Found:
    """Those of WITHIN in whose name, town or UAI every word of TYPED stands, accents or not."""
    words = fold(typed).split()
    rows = within.order_by("name", "uai").values_list("pk", "name", "city", "uai", "kind")
    ids: list[int] = []
    for pk, *texts in rows.iterator(chunk_size=2000):
        text = fold(" ".join(texts))
        if all(word in text for word in words):
            ids.append(pk)
            if len(ids) > FOUND:
                break
    schools = School.objects.in_bulk(ids[:FOUND])
    counts = held_on(today(now)).filter(school__in=ids[:FOUND]).values("school")
    people = dict(counts.annotate(n=Count("person", distinct=True)).values_list("school", "n"))
    return Found([schools[pk] for pk in ids[:FOUND]], len(ids) > FOUND, people)


def people_of(
    school: School, now: datetime, number: str | int | None, typed: str = "", most: int = PEOPLE
) -> People:
    """Who works at SCHOOL today, a page of them by name."""
    day = today(now)
    there = held_on(day).filter(school=school)
    rows = Account.objects.filter(academy=school.academy_id, person__in=there.values("person"))
    for word in typed.split()[:5]:
        rows = rows.filter(Q(person__family_name__icontains=word) | Q(person__given_name__icontains=word))
    rows = rows.select_related("person").order_by(*by_name())
    shown = Paginator(rows, most).get_page(number)
    return _complete(shown, school, day)


def _complete(shown: Page[Account], school: School, day: date) -> People:
    details = PostingDetail.objects.filter(kind=PostingKind.SUBJECT).order_by("value")
    postings = held_on(day).filter(school=school).prefetch_related(Prefetch("details", details, "subjects"))
    rows = list(shown.object_list)
    by_person: dict[int, list[Posting]] = {}
    for posting in postings.filter(person__in=[row.person_id for row in rows]).order_by("function", "pk"):
        by_person.setdefault(posting.person_id, []).append(posting)
    ids = [row.pk for row in rows]
    main = dict(Address.objects.filter(account__in=ids, is_primary=True).values_list("account", "address"))
    leaving = dict(
        Departure.objects.filter(account__in=ids, ended_on=None).values_list("account", "last_day")
    )
    here = [
        _here(
            row, main.get(row.pk, row.mailbox_key), by_person.get(row.person_id, []), leaving.get(row.pk), day
        )
        for row in rows
    ]
    return People(shown, here)


def _here(account: Account, address: str, postings: list[Posting], leaving: date | None, day: date) -> Here:
    ends = [posting.ends_on for posting in postings]
    known = [end for end in ends if end is not None]
    until = max(known) if known and len(known) == len(ends) else leaving
    subjects = sorted({one.value for posting in postings for one in getattr(posting, "subjects", [])})
    return Here(account, address, postings, subjects, until, until is not None and until <= day + SOON)


def states_of(school: School, now: datetime) -> Counter[str]:
    """How many of those who work there have an account in which state."""
    there = held_on(today(now)).filter(school=school).values("person")
    rows = Account.objects.filter(academy=school.academy_id, person__in=there)
    return Counter(dict(rows.values_list("state").annotate(n=Count("pk"))))


def leaving_soon(school: School, now: datetime, most: int = 20) -> list[tuple[Account, date]]:
    """Whose last day there comes within two months, the first first."""
    limit = today(now) + SOON
    there = held_on(today(now)).filter(school=school)
    staying = there.filter(Q(ends_on=None) | Q(ends_on__gt=limit)).values("person")
    ending = there.filter(ends_on__lte=limit).exclude(person__in=staying).values("person")
    last = dict(ending.annotate(last=Max("ends_on")).order_by("last")[:most].values_list("person", "last"))
    rows = Account.objects.filter(academy=school.academy_id, person__in=last).select_related("person")
    found = [(row, last[row.person_id]) for row in rows]
    return sorted(found, key=lambda one: (one[1], one[0].person.family_name))


def mailboxes_of(school: School) -> list[Box]:
    """The mailboxes of SCHOOL that are open, each with its members."""
    members = Membership.objects.select_related("account__person").order_by(
        "account__person__family_name", "account__person__given_name"
    )
    rows = FunctionalMailbox.objects.filter(school=school, is_closed=False).order_by("name", "mailbox_key")
    rows = rows.prefetch_related(
        Prefetch("addresses", Address.objects.filter(is_primary=True), "main"),
        Prefetch("memberships", members, "people"),
    )
    return [_box(row) for row in rows]


def box_of(mailbox: FunctionalMailbox) -> Box:
    """One mailbox with its members."""
    members = mailbox.memberships.select_related("account__person").order_by(
        "account__person__family_name", "account__person__given_name"
    )
    mailbox.main = list(mailbox.addresses.filter(is_primary=True))  # type: ignore[attr-defined]
    mailbox.people = list(members)  # type: ignore[attr-defined]
    return _box(mailbox)


def _box(row: FunctionalMailbox) -> Box:
    main: list[Address] = getattr(row, "main", [])
    members: list[Membership] = getattr(row, "people", [])
    managers = sum(one.role == "manage" for one in members)
    return Box(row, main[0].address if main else row.mailbox_key, members, managers)
