"""Who may do what to whom: one function, which denies by default."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.directory.abilities import NOT_TO_THE_PLATFORM, OFFICES, Ability
from casier.directory.life import OUT
from casier.directory.models import Academy, Account, Mandate, Office, Posting
from casier.kernel.errors import NotAllowed

__all__ = [
    "Ability",
    "abilities_of",
    "academies_within",
    "end_of_day",
    "holders",
    "holds_the_platform",
    "mandates_of",
    "may",
    "people_within",
    "require",
]


def mandates_of(account: Account, now: datetime) -> QuerySet[Mandate]:
    """What ACCOUNT is charged with now."""
    begun = Mandate.objects.filter(account=account, starts_at__lte=now, ended_at=None)
    return begun.filter(Q(ends_at=None) | Q(ends_at__gt=now)).select_related("academy", "school")


def may(account: Account, ability: Ability, on: Account | Academy, now: datetime) -> bool:
    """Whether ACCOUNT may do this to ON: within an academy, or to the people of the mandate's school."""
    offices = OFFICES[ability]
    if ability in NOT_TO_THE_PLATFORM and isinstance(on, Account) and holds_the_platform(on, now):
        return False
    return any(
        mandate.office in offices and _reaches(mandate, on, now) for mandate in _exercised(account, now)
    )


def require(account: Account, ability: Ability, on: Account | Academy, now: datetime) -> None:
    """Raises NotAllowed unless ACCOUNT may."""
    if not may(account, ability, on, now):
        raise NotAllowed("No mandate allows this.", ability=ability.value)


def holds_the_platform(account: Account, now: datetime) -> bool:
    """Whether ACCOUNT is charged with the whole platform."""
    return mandates_of(account, now).filter(office=Office.PLATFORM).exists()


def _reaches(mandate: Mandate, on: Account | Academy, now: datetime) -> bool:
    if mandate.office == Office.PLATFORM:
        return isinstance(on, Academy)
    if isinstance(on, Academy):
        return mandate.school_id is None and mandate.academy_id == on.pk
    if mandate.academy_id != on.academy_id:
        return False
    return mandate.school_id is None or _posted(mandate, now).filter(person=on.person_id).exists()


def holders(ability: Ability, academy: Academy, now: datetime) -> QuerySet[Mandate]:
    """The offices that make this possible in ACADEMY now, whole or for a school."""
    begun = Mandate.objects.filter(
        academy=academy, office__in=OFFICES[ability], starts_at__lte=now, ended_at=None
    )
    return begun.filter(Q(ends_at=None) | Q(ends_at__gt=now)).select_related("account", "school")


def _exercised(account: Account, now: datetime) -> list[Mandate]:
    """What ACCOUNT may act by: nothing while it is out itself. What it is charged with stays protected."""
    out = account.state in OUT
    return [] if out else list(mandates_of(account, now))


def people_within(account: Account, ability: Ability, now: datetime) -> QuerySet[Account]:
    """Those whom ACCOUNT may do this to: the same reckoning as `may`, for many at once."""
    offices = OFFICES[ability]
    perimeters = [
        _perimeter(mandate, now) for mandate in _exercised(account, now) if mandate.office in offices
    ]
    # No perimeter is nobody, never everybody.
    if not perimeters:
        return Account.objects.none()
    found = Account.objects.filter(reduce(or_, perimeters))
    return found.exclude(pk__in=_of_the_platform(now)) if ability in NOT_TO_THE_PLATFORM else found


def academies_within(account: Account, ability: Ability, now: datetime) -> list[Academy]:
    """The academies on which ACCOUNT may do this as a whole."""
    held = [mandate for mandate in _exercised(account, now) if mandate.office in OFFICES[ability]]
    if any(mandate.office == Office.PLATFORM for mandate in held):
        return list(Academy.objects.order_by("name"))
    found = {mandate.academy.pk: mandate.academy for mandate in held if mandate.school_id is None}
    return list(found.values())


def abilities_of(account: Account, now: datetime) -> frozenset[Ability]:
    """What ACCOUNT's offices make possible, for whomever they reach."""
    held = {mandate.office for mandate in _exercised(account, now)}
    return frozenset(ability for ability, offices in OFFICES.items() if held & offices)


def _of_the_platform(now: datetime) -> QuerySet[Mandate, Any]:
    rows = Mandate.objects.filter(office=Office.PLATFORM, starts_at__lte=now, ended_at=None)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=now)).values("account")


def _perimeter(mandate: Mandate, now: datetime) -> Q:
    if mandate.office == Office.PLATFORM:
        return Q(pk__in=[])
    within = Q(academy=mandate.academy_id)
    if mandate.school_id is None:
        return within
    # A subquery, not a join: nobody comes twice who teaches there twice.
    return within & Q(person__in=_posted(mandate, now).values("person"))


def _posted(mandate: Mandate, now: datetime) -> QuerySet[Posting]:
    """Who is posted in the mandate's school; whoever has left it is no longer theirs."""
    there = Posting.objects.filter(school=mandate.school_id)
    return there.filter(Q(ends_on=None) | Q(ends_on__gte=now.date()))


def end_of_day(day: date) -> datetime:
    """The moment at which DAY is over, where the platform lives: an office is held that day, too."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
