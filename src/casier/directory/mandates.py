"""Who may do what to whom: one function, which denies by default.

What an office makes possible stands in `abilities.py`. Whom it reaches stands here: an academy, a department,
a network or a school of it. `may`, `people_within`, `schools_within` and `academies_within` are the same
reckoning for one, for many people, schools and academies: a test holds them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from casier.directory.abilities import NOT_LENT, NOT_TO_THE_PLATFORM, OFFICES, Ability
from casier.directory.life import OUT
from casier.directory.models import Academy, Account, Mandate, Office, Posting, School
from casier.kernel.errors import NotAllowed

__all__ = [
    "Ability",
    "On",
    "abilities_of",
    "academies_reached",
    "academies_within",
    "end_of_day",
    "exercised",
    "holders",
    "holds_the_platform",
    "in_force",
    "is_whole",
    "mandates_of",
    "may",
    "people_within",
    "remembering",
    "require",
    "schools_of",
    "schools_within",
    "whole_offices",
    "working_on",
]
On = Account | School | Academy
_MEMORY: ContextVar[dict[tuple[UUID, datetime], list[Mandate]] | None] = ContextVar("mandates", default=None)


# What is held ---------------------------------------------------------------------------------------
def in_force(now: datetime) -> QuerySet[Mandate]:
    """The offices that are held now. What was lent is held as long as what it was lent from, what a function
    brings as long as that function lasts.
    """
    held = Mandate.objects.filter(_lasts(now), _has_function(now), starts_at__lte=now, ended_at=None)
    lender = Q(
        _lasts(now, "shared_from__"),
        _has_function(now, "shared_from__"),
        shared_from__starts_at__lte=now,
        shared_from__ended_at=None,
    )
    return held.filter(Q(shared_from=None) | lender)


def mandates_of(account: Account, now: datetime) -> QuerySet[Mandate]:
    """What ACCOUNT is charged with now, whether or not it may exercise it: that much it is protected."""
    return in_force(now).filter(account=account).select_related("academy", "school", "network")


def exercised(account: Account, now: datetime) -> list[Mandate]:
    """What ACCOUNT may act by: nothing while it is out itself, nor with what someone lent who is out."""
    if account.state in OUT:
        return []
    memory = _MEMORY.get()
    key = (account.pk, now)
    if memory is None or key not in memory:
        rows = mandates_of(account, now).select_related("shared_from__account")
        held = [row for row in rows if row.shared_from is None or row.shared_from.account.state not in OUT]
        if memory is None:
            return held
        memory[key] = held
    return memory[key]


@contextmanager
def remembering() -> Iterator[None]:
    """What somebody may act by at one moment is read once within this: a page asks it a dozen times.

    Another moment is asked about anew, and so is everything once this is over.
    """
    token = _MEMORY.set({})
    try:
        yield
    finally:
        _MEMORY.reset(token)


def holders(ability: Ability, academy: Academy, now: datetime) -> QuerySet[Mandate]:
    """The offices that make this possible in ACADEMY now, whole or for a part of it."""
    rows = in_force(now).filter(academy=academy, office__in=OFFICES[ability])
    if ability in NOT_LENT:
        rows = rows.filter(shared_from=None)
    return rows.select_related("account", "school", "network")


def whole_offices(offices: Iterable[Office], academy: Academy, now: datetime) -> QuerySet[Mandate]:
    """Who holds one of OFFICES for the whole of ACADEMY: those who are told of what concerns all of it."""
    rows = in_force(now).filter(academy=academy, office__in=[str(office) for office in offices])
    return rows.filter(school=None, department="", network=None)


def holds_the_platform(account: Account, now: datetime) -> bool:
    """Whether ACCOUNT is charged with the whole platform."""
    return mandates_of(account, now).filter(office=Office.PLATFORM).exists()


def is_whole(mandate: Mandate) -> bool:
    """Whether it is for the whole academy. A head's never is: one for nowhere reaches nobody."""
    nowhere = mandate.school_id is None and not mandate.department and mandate.network_id is None
    return nowhere and mandate.office != Office.HEAD


# What it reaches ------------------------------------------------------------------------------------
def may(account: Account, ability: Ability, on: On, now: datetime) -> bool:
    """Whether ACCOUNT may do this to ON: a person, a school or a whole academy."""
    if ability in NOT_TO_THE_PLATFORM and isinstance(on, Account) and holds_the_platform(on, now):
        return False
    return any(_reaches(mandate, on, now) for mandate in _held_for(account, ability, now))


def require(account: Account, ability: Ability, on: On, now: datetime) -> None:
    """Raises NotAllowed unless ACCOUNT may."""
    if not may(account, ability, on, now):
        raise NotAllowed("No mandate allows this.", ability=ability.value)


def people_within(account: Account, ability: Ability, now: datetime) -> QuerySet[Account]:
    """Those whom ACCOUNT may do this to."""
    held = _of_an_academy(_held_for(account, ability, now))
    # No perimeter is nobody, never everybody.
    if not held:
        return Account.objects.none()
    whole = {mandate.academy_id for mandate in held if is_whole(mandate)}
    reached = [Q(academy__in=whole)]
    for academy_id, parts in _parts(held).items():
        if academy_id not in whole:
            # A subquery, not a join: nobody comes twice who teaches there twice.
            there = _posted(School.objects.filter(parts), now).values("person")
            reached.append(Q(academy=academy_id, person__in=there))
    found = Account.objects.filter(reduce(or_, reached))
    return found.exclude(pk__in=_of_the_platform(now)) if ability in NOT_TO_THE_PLATFORM else found


def schools_within(account: Account, ability: Ability, now: datetime) -> QuerySet[School]:
    """The schools which ACCOUNT may do this to, or to whose people."""
    held = _of_an_academy(_held_for(account, ability, now))
    if not held:
        return School.objects.none()
    return School.objects.filter(reduce(or_, map(_schools, held)))


def academies_within(account: Account, ability: Ability, now: datetime) -> list[Academy]:
    """The academies on which ACCOUNT may do this as a whole."""
    held = _held_for(account, ability, now)
    if any(mandate.office == Office.PLATFORM for mandate in held):
        return list(Academy.objects.order_by("name"))
    found = {mandate.academy.pk: mandate.academy for mandate in held if is_whole(mandate)}
    return list(found.values())


def academies_reached(account: Account, ability: Ability, now: datetime) -> list[Academy]:
    """The academies in which ACCOUNT may do this to somebody: as a whole, or in a part."""
    held = _of_an_academy(_held_for(account, ability, now))
    found = {mandate.academy.pk: mandate.academy for mandate in held}
    return sorted(found.values(), key=lambda academy: academy.name)


def abilities_of(account: Account, now: datetime) -> frozenset[Ability]:
    """What ACCOUNT's offices make possible, for whomever they reach."""
    held = exercised(account, now)
    return frozenset(ability for ability in OFFICES if _carrying(held, ability))


def schools_of(mandate: Mandate) -> QuerySet[School]:
    """The schools that an office is for; the platform's is for none of them."""
    return School.objects.filter(_schools(mandate))


def end_of_day(day: date) -> datetime:
    """The moment at which DAY is over, where the platform lives: an office is held that day, too."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())


def _lasts(now: datetime, path: str = "") -> Q:
    return Q(**{f"{path}ends_at": None}) | Q(**{f"{path}ends_at__gt": now})


def _has_function(now: datetime, path: str = "") -> Q:
    """Whether no function brought the office, or the one that did still is exercised in its school."""
    exercised_there = Posting.objects.filter(
        working_on(timezone.localtime(now).date()),
        person__account=OuterRef(f"{path}account"),
        school=OuterRef(f"{path}school"),
        function=OuterRef(f"{path}by_function"),
    )
    return Q(**{f"{path}by_function": ""}) | Q(Exists(exercised_there))


def working_on(day: date) -> Q:
    """Postings that hold on DAY."""
    return Q(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


def _held_for(account: Account, ability: Ability, now: datetime) -> list[Mandate]:
    return _carrying(exercised(account, now), ability)


def _carrying(held: Iterable[Mandate], ability: Ability) -> list[Mandate]:
    """Those of HELD that make ABILITY possible."""
    offices, own = OFFICES.get(ability, frozenset()), ability in NOT_LENT
    return [row for row in held if row.office in offices and not (own and row.shared_from_id)]


def _reaches(mandate: Mandate, on: On, now: datetime) -> bool:
    if mandate.office == Office.PLATFORM:
        return isinstance(on, Academy)
    if isinstance(on, Academy):
        return is_whole(mandate) and mandate.academy_id == on.pk
    if mandate.academy_id != on.academy_id:
        return False
    if is_whole(mandate):
        return True
    if isinstance(on, School):
        return schools_of(mandate).filter(pk=on.pk).exists()
    return _posted(schools_of(mandate), now).filter(person=on.person_id).exists()


def _schools(mandate: Mandate) -> Q:
    within = Q(academy=mandate.academy_id)
    if mandate.office == Office.PLATFORM:
        return Q(pk__in=[])
    if is_whole(mandate):
        return within
    if mandate.school_id is not None:
        return within & Q(pk=mandate.school_id)
    if mandate.department:
        return within & Q(department=mandate.department)
    # A subquery again: a school in two networks is one school. A head's office for nowhere is in none.
    members = School.networks.through.objects.filter(network=mandate.network_id)
    return within & Q(pk__in=members.values("school"))


def _of_an_academy(held: list[Mandate]) -> list[Mandate]:
    return [mandate for mandate in held if mandate.office != Office.PLATFORM]


def _parts(held: list[Mandate]) -> dict[int, Q]:
    """For each academy, the schools of the offices that are for a part of it."""
    found: dict[int, list[Q]] = defaultdict(list)
    for mandate in held:
        if not is_whole(mandate):
            found[mandate.academy_id].append(_schools(mandate))
    return {academy_id: reduce(or_, parts) for academy_id, parts in found.items()}


def _posted(schools: QuerySet[School], now: datetime) -> QuerySet[Posting]:
    """Who works there today: neither who has left, nor who will come and still is another school's."""
    today = timezone.localtime(now).date()
    return Posting.objects.filter(working_on(today), school__in=schools.values("pk"))


def _of_the_platform(now: datetime) -> QuerySet[Mandate, Any]:
    return in_force(now).filter(office=Office.PLATFORM).values("account")
