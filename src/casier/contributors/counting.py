"""How many there are, for the limits. Call with the school's row locked: what is counted stays so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from casier.contributors.errors import NotTaken, TooMany
from casier.contributors.models import Request, State, Stay
from casier.directory.models import Academy, Account, School
from casier.policies.api import policy_for
from casier.policies.policy import Contributors


def rules_of(academy: Academy) -> Contributors:
    """What the academy decides about contributors. Raises NotTaken where it takes none."""
    rules = policy_for(academy).contributors
    if not rules.allowed:
        raise NotTaken("The academy takes no contributors.", academy=academy.slug)
    return rules


def live(school: School, today: date) -> QuerySet[Stay]:
    """The stays at SCHOOL that aren't over, those that are to come included."""
    return Stay.objects.filter(school=school, ended_on=None, posting__ends_on__gte=today)


def check_room(school: School, rules: Contributors, today: date, *, waiting: bool) -> None:
    """Whether SCHOOL may have one more; WAITING: with those that are asked for. Raises TooMany."""
    there = live(school, today).count()
    if waiting:
        there += Request.objects.filter(school=school, state=State.WAITING, renewal=False).count()
    if there >= rules.most_per_school:
        raise TooMany("The school has as many as it may.", why="school", most=rules.most_per_school)


def check_pace(asker: Account, rules: Contributors, now: datetime) -> None:
    """Whether ASKER, whose row is locked, may ask once more today. Raises TooMany."""
    since = now - timedelta(days=1)
    if Request.objects.filter(asked_by=asker, asked_at__gt=since).count() >= rules.requests_a_day:
        raise TooMany("Asked too often today.", why="day", most=rules.requests_a_day)
