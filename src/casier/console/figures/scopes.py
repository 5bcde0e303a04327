"""Of what a dashboard tells: the academy, a department, a network, or all that somebody's offices reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from casier.console.access import Desk
from casier.console.many.filters import in_force
from casier.directory.mandates import Ability, schools_within
from casier.directory.models import Academy, Account, Network, Posting, School


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of an academy. PART: as figures are kept; None: what has none, and is only counted now."""

    academy: Academy
    code: str
    part: str | None
    words: str
    people: QuerySet[Account]
    schools: QuerySet[School]
    filter: str  # what leads to the list of its people
    elsewhere: str = ""  # what names the academy in addresses, where it isn't the reader's own

    @property
    def whole(self) -> bool:
        return self.part == ""


def scopes(desk: Desk, academy: Academy) -> list[Scope]:
    """The scopes of ACADEMY that DESK may look at, the widest first."""
    desk.require_some(Ability.SEE_DASHBOARD)
    people = desk.people(Ability.SEE_DASHBOARD).filter(academy=academy)
    schools = schools_within(desk.account, Ability.SEE_DASHBOARD, desk.now).filter(academy=academy)
    found = []
    if desk.may(Ability.SEE_DASHBOARD, academy):
        found.append(Scope(academy, "", "", academy.name, people, schools, ""))
    else:
        found.append(Scope(academy, "", None, _("Votre périmètre"), people, schools, ""))
    found += _departments(academy, people, schools, desk.now)
    found += _networks(academy, people, schools, desk.now)
    elsewhere = urlencode(desk.naming(academy))
    return [replace(scope, elsewhere=elsewhere) for scope in found]


def scope_of(desk: Desk, academy: Academy, code: str) -> Scope:
    """The scope called CODE; the widest where there is none of that name within reach."""
    found = scopes(desk, academy)
    return next((scope for scope in found if scope.code == code), found[0])


def _departments(
    academy: Academy, people: QuerySet[Account], schools: QuerySet[School], now: datetime
) -> Iterator[Scope]:
    """Those that are within reach whole: figures of half a department would be another's, too."""
    reached = _counts(schools.exclude(department=""), "department")
    everywhere = _counts(School.objects.filter(academy=academy).exclude(department=""), "department")
    for number in sorted(reached):
        if reached[number] == everywhere[number]:
            there = School.objects.filter(academy=academy, department=number)
            words = _("Département %(number)s") % {"number": number}
            yield Scope(
                academy, f"d:{number}", f"d:{number}", words, _working(people, there, now), there,
                f"departement={number}",
            )  # fmt: skip


def _networks(
    academy: Academy, people: QuerySet[Account], schools: QuerySet[School], now: datetime
) -> Iterator[Scope]:
    reached = _counts(schools.exclude(networks=None), "networks")
    everywhere = _counts(School.objects.filter(networks__academy=academy), "networks")
    for network in Network.objects.filter(academy=academy).order_by("name"):
        if reached.get(network.pk) and reached[network.pk] == everywhere[network.pk]:
            there = School.objects.filter(networks=network)
            code = f"n:{network.slug}"
            yield Scope(
                academy, code, code, network.name, _working(people, there, now), there,
                f"reseau={network.slug}",
            )  # fmt: skip


def _counts(schools: QuerySet[School], field: str) -> dict[Any, int]:
    rows = schools.order_by().values_list(field).annotate(count=Count("pk", distinct=True))
    return dict(rows)


def _working(people: QuerySet[Account], schools: QuerySet[School], now: datetime) -> QuerySet[Account]:
    there = Posting.objects.filter(in_force(now), school__in=schools.values("pk"))
    return people.filter(person__in=there.values("person"))
