"""When what happens, as pure functions: days that are held do not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casier.policies.api import Policy

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which the clock stands still, the last one included; END None: nobody knows until when."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether DAY is one of them."""
        return self.start <= day and (self.end is None or day <= self.end)


def span_of(starts_on: date, until: date | None, lifted_on: date | None) -> Span | None:
    """The days of a hold; None where it was lifted before its first day was over."""
    ends = [day for day in (until, lifted_on - _DAY if lifted_on else None) if day is not None]
    end = min(ends, default=None)
    return None if end is not None and end < starts_on else Span(starts_on, end)


def held_on(day: date, spans: Iterable[Span]) -> bool:
    """Whether the clock stands still on DAY."""
    return any(span.holds(day) for span in spans)


def due(start: date, planned: date, spans: Iterable[Span]) -> date | None:
    """When what was planned for PLANNED comes, its days counted from START; None: not known yet.

    Each held day after START puts it off by one day, and it never falls on one.
    """
    day, behind = planned, start
    for span in sorted(spans, key=lambda one: one.start):
        first = max(span.start, behind + _DAY)
        if first > day:
            break
        if span.end is None:
            return None
        if span.end < first:
            continue
        day += span.end - first + _DAY
        behind = span.end
    return day


def closing_day(last_day: date, today: date, policy: Policy, *, occasional: bool = False) -> date:
    """The first day on which the account of somebody whose LAST_DAY of service is known is shut.

    The grace is the longest that the policy gives; who is told late still has the shortest before them.
    """
    leaving = policy.leaving
    if occasional and leaving.occasional_at_once:
        return last_day + _DAY if last_day > today else today
    return max(
        last_day + timedelta(days=leaving.grace_days_max), today + timedelta(days=leaving.grace_days_min)
    )


def closing_range(last_day: date, today: date, policy: Policy) -> tuple[date, date]:
    """Between which days somebody in charge may choose, the policy's grace after LAST_DAY."""
    leaving = policy.leaving
    first = max(today + _DAY, last_day + timedelta(days=leaving.grace_days_min))
    return first, max(first, last_day + timedelta(days=leaving.grace_days_max))


def purge_day(closed_on: date, policy: Policy) -> date:
    """The day on which what a closed account held is erased."""
    return closed_on + timedelta(days=policy.leaving.purge_days)


def notice_due(day: date, today: date, before: Iterable[int]) -> int | None:
    """Which notice about DAY is to be given TODAY: the latest of those whose time has come, in days before.

    What was missed (the platform stood still) isn't told in a row afterwards.
    """
    left = (day - today).days
    if left <= 0:
        return None
    return min((days for days in before if days >= left), default=None)
