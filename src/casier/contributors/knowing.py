"""Who a request may be about: people of that name whom the directory has, also those who left, and requests
that say the same. Of another academy's people, only that somebody of that name and birth date works there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from casier.contributors.models import Request, State
from casier.contributors.neighbours import is_called, neighbours
from casier.directory import finding
from casier.directory.access import primary_address
from casier.directory.models import Account, FindLine, Person, Posting
from casier.kernel.addresses import fold, letters

_WORD = re.compile(r"[a-z0-9]+")
MOST = 20


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of the name: their account (None: there is none), where they work or worked.

    ACADEMY: the name of the other one that employs them; then nothing else is told.
    """

    person: Person
    account: Account | None
    address: str
    places: tuple[str, ...]
    same_birth: bool  # the same birth date; otherwise one of the two isn't known
    academy: str = ""


def namesakes(request: Request, now: datetime) -> list[Namesake]:
    """The people whom REQUEST may be about, those of the same birth date first."""
    finding.catch_up(now)
    found = [person for person in _near(request) if _same(person, request)][:MOST]
    rows = [_namesake(person, request.birth_date) for person in found]
    near = sorted(rows, key=lambda one: not one.same_birth)
    return near + [
        Namesake(person, None, "", (), same_birth=True, academy=person.academy.name)
        for person in neighbours(request, now)
    ]


def person_like(request: Request, person_id: int, now: datetime) -> Person | None:
    """The namesake with this number: nobody else is tied to a request."""
    return next((one.person for one in namesakes(request, now) if one.person.pk == person_id), None)


def alike(request: Request) -> list[Request]:
    """Other requests for somebody of that name which wait, or were answered and led to nobody yet."""
    rows = Request.objects.filter(
        school__academy=request.school.academy_id, renewal=False, state__in=[State.WAITING, State.REFUSED]
    ).exclude(pk=request.pk)
    names = (letters(request.given_name), letters(request.family_name))
    rows = rows.select_related("school", "asked_by__person").order_by("-asked_at")
    return [row for row in rows[:2000] if (letters(row.given_name), letters(row.family_name)) == names][:MOST]


def _near(request: Request) -> Iterable[Person]:
    """Whoever has all words of the name in their line; and who has no account, so no line."""
    academy = request.school.academy_id
    lines = FindLine.objects.filter(account__academy=academy)
    for word in _WORD.findall(fold(f"{request.given_name} {request.family_name}"))[:6]:
        lines = lines.filter(text__contains=word)
    people = Person.objects.select_related("academy")
    yield from people.filter(account__in=lines.values("account")).order_by("pk")[:500]
    yield from people.filter(academy=academy, account=None).order_by("pk").iterator(chunk_size=1000)


def _same(person: Person, request: Request) -> bool:
    born = request.birth_date
    if born and person.birth_date and person.birth_date != born:
        return False
    return is_called(person, request)


def _namesake(person: Person, born: date | None) -> Namesake:
    account = Account.objects.filter(person=person).first()
    postings = Posting.objects.filter(person=person).select_related("school").order_by("-starts_on")[:5]
    places = dict.fromkeys(
        f"{one.label or one.function} – {one.school.name}" for one in postings if one.school
    )
    same = bool(born and person.birth_date == born)
    return Namesake(person, account, primary_address(account) if account else "", tuple(places), same)
