"""What will happen to whom, and when: the days to come, with the holds as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from casier.directory.models import Academy, Account, Posting, PostingSource
from casier.life.clocks import closes_on, purges_on, spans_of
from casier.life.dates import Span
from casier.life.idle import idle_in
from casier.life.models import Departure, Hold
from casier.life.nightly import under_way

DAYS = 60


class Event(StrEnum):
    """What happens."""

    LAST_DAY = "last_day"
    CLOSES = "closes"
    PURGE = "purge"
    IDLE = "idle"
    STAY_ENDS = "stay_ends"  # somebody from outside, whom nobody has renewed
    HOLD_ENDS = "hold_ends"
    HELD = "held"  # would have happened, and a hold stands: the date isn't known


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to come. ON None: nobody knows when; BECOMES: what becomes of the mailbox."""

    on: date | None
    event: Event
    account: Account
    becomes: str = ""
    to: str = ""


def calendar(
    accounts: QuerySet[Account], academies: Iterable[Academy], today: date, days: int = DAYS
) -> list[Entry]:
    """What comes in the next DAYS for those of ACCOUNTS who are of ACADEMIES, in order."""
    until = today + timedelta(days=days)
    entries = [*_departures(accounts, today, until), *_holds(accounts, today, until)]
    entries += _stays(accounts, today, until)
    soon = [
        idle
        for academy in academies
        for idle in idle_in(academy, today, ahead=days)
        if idle.shuts_on and idle.shuts_on <= until
    ]
    mine = set(accounts.filter(pk__in=[idle.account.pk for idle in soon]).values_list("pk", flat=True))
    entries += [Entry(idle.shuts_on, Event.IDLE, idle.account) for idle in soon if idle.account.pk in mine]
    return sorted(entries, key=_order)


def _order(entry: Entry) -> tuple[date, str, str]:
    return entry.on or date.max, entry.event, entry.account.mailbox_key


def _departures(accounts: QuerySet[Account], today: date, until: date) -> Iterator[Entry]:
    # Where the closing is further off, the last day may still come before.
    closing = Q(closes_on__lte=until) | Q(last_day__gte=today, last_day__lte=until)
    soon = Q(closing, closed_on=None) | Q(purge_on__lte=until)
    rows = list(under_way().filter(soon, account__in=accounts.order_by()))
    held = spans_of(row.account_id for row in rows)
    for row in rows:
        yield from _of(row, held.get(row.account_id, []), today, until)


def _of(row: Departure, held: list[Span], today: date, until: date) -> Iterator[Entry]:
    to = row.redirect_to or (row.handed_to.person.full_name if row.handed_to else "")
    event = Event.CLOSES if row.closed_on is None else Event.PURGE
    if event is Event.CLOSES and today <= row.last_day <= until:
        yield Entry(row.last_day, Event.LAST_DAY, row.account, row.becomes, to)
    day = closes_on(row, held) if event is Event.CLOSES else purges_on(row, held)
    if day is None:
        yield Entry(None, Event.HELD, row.account, row.becomes, to)
    elif day <= until:
        yield Entry(max(day, today), event, row.account, row.becomes, to)


def _stays(accounts: QuerySet[Account], today: date, until: date) -> Iterator[Entry]:
    """The last days of contributors who aren't leaving yet: their accounts go with them."""
    leaving = Departure.objects.filter(ended_on=None).values("account")
    ends = Posting.objects.filter(source=PostingSource.SPONSOR, ends_on__gte=today, ends_on__lte=until)
    mine = ends.filter(person__account__in=accounts.order_by()).exclude(person__account__in=leaving)
    for row in mine.select_related("person__account__person", "person__account__academy"):
        yield Entry(row.ends_on, Event.STAY_ENDS, row.person.account)


def _holds(accounts: QuerySet[Account], today: date, until: date) -> Iterator[Entry]:
    rows = Hold.objects.filter(
        lifted_on=None, until__gte=today, until__lte=until, account__in=accounts.order_by()
    )
    for row in rows.select_related("account__person", "account__academy"):
        yield Entry(row.until, Event.HOLD_ENDS, row.account)
