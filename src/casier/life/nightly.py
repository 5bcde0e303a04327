"""What the calendar wants done today: closings, notices, idle accounts. Each hour: once is as good as ten.

One account's failure leaves the others alone: it is logged, and tried again an hour later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from casier.audit.api import Actor
from casier.directory.publishing import Policies
from casier.life import idle
from casier.life.clocks import closes_on, day_of, purges_on, spans_of
from casier.life.closing import close_if_due
from casier.life.dates import Span, notice_due
from casier.life.models import Departure
from casier.life.telling import tell_departure

log = logging.getLogger(__name__)
BY = Actor.system("life")
# No policy's notice comes earlier than this.
LONGEST_NOTICE = 90
Work = Callable[[Departure, list[Span]], bool]


def run_due(now: datetime) -> int:
    """Do what is due at NOW; how many accounts something was done with."""
    today = day_of(now)
    policies = Policies()
    done = _close(today, now) + _remind(today, now, policies) + _warn(today, now, policies)
    return done + idle.look(now)


def under_way() -> QuerySet[Departure]:
    """Departures that aren't over, with what is asked about them."""
    rows = Departure.objects.filter(ended_on=None)
    return rows.select_related(
        "account__academy", "account__person", "account__store", "account__user", "handed_to__person"
    )


def _close(today: date, now: datetime) -> int:
    due = under_way().filter(closed_on=None, closes_on__lte=today)

    def work(departure: Departure, held: list[Span]) -> bool:
        day = closes_on(departure, held)
        return day is not None and day <= today and close_if_due(departure, by=BY, now=now)

    return _each(due, work)


def _remind(today: date, now: datetime, policies: Policies) -> int:
    soon = under_way().filter(closed_on=None, closes_on__lte=today + timedelta(days=LONGEST_NOTICE))

    def work(departure: Departure, held: list[Span]) -> bool:
        day = closes_on(departure, held)
        days = policies.of(departure.account.academy).leaving.notice_days
        notice = notice_due(day, today, days) if day else None
        # What was said when the leaving began isn't said again the same day.
        if day is None or notice is None or departure.began_on == today:
            return False
        # Of this day: once a hold has put it off, what was said of another one isn't true any more.
        return tell_departure(departure, f"reminder-{notice}-{day:%y%m%d}", now)

    return _each(soon, work)


def _warn(today: date, now: datetime, policies: Policies) -> int:
    soon = under_way().filter(purging_since=None, purge_on__lte=today + timedelta(days=LONGEST_NOTICE))

    def work(departure: Departure, held: list[Span]) -> bool:
        day = purges_on(departure, held)
        days = policies.of(departure.account.academy).leaving.purge_notice_days
        notice = notice_due(day, today, (days,)) if day and days else None
        if day is None or notice is None:
            return False
        return tell_departure(departure, f"soon-{notice}-{day:%y%m%d}", now)

    return _each(soon, work)


def _each(rows: Iterable[Departure], work: Work) -> int:
    departures = list(rows)
    if not departures:
        return 0
    held = spans_of(departure.account_id for departure in departures)
    done = 0
    for departure in departures:
        try:
            done += work(departure, held.get(departure.account_id, []))
        except Exception:
            log.exception("life of account %s", departure.account_id.hex)
    return done
