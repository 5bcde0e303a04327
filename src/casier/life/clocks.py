"""When what happens to an account, with what the rows say: its departure, its holds, today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from casier.directory.models import Account, PostingSource
from casier.life.dates import Span, due, held_on, span_of
from casier.life.models import Departure, Hold


def day_of(now: datetime) -> date:
    """The day that it is here at NOW."""
    return timezone.localdate(now)


def spans_of(accounts: Iterable[UUID]) -> dict[UUID, list[Span]]:
    """The held days of each of ACCOUNTS, in one query."""
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for row in Hold.objects.filter(account__in=list(accounts)):
        span = span_of(row.starts_on, row.until, row.lifted_on)
        if span is not None:
            found[row.account_id].append(span)
    return found


def spans(account: Account) -> list[Span]:
    """The held days of ACCOUNT."""
    return spans_of([account.pk]).get(account.pk, [])


def is_held_on(account: Account, day: date) -> bool:
    """Whether the clock of ACCOUNT stands still on DAY."""
    return held_on(day, spans(account))


def closes_on(departure: Departure, held: Iterable[Span]) -> date | None:
    """The day on which the account is shut; None while nobody knows."""
    if departure.closed_on is not None:
        return departure.closed_on
    return due(departure.began_on, departure.closes_on, held)


def purges_on(departure: Departure, held: Iterable[Span]) -> date | None:
    """The day on which what it held is erased; None before it is closed, or while nobody knows."""
    if departure.closed_on is None or departure.purge_on is None:
        return None
    return due(departure.closed_on, departure.purge_on, held)


def open_departure(account: Account) -> Departure | None:
    """The departure of ACCOUNT that is under way."""
    rows = Departure.objects.select_related("handed_to__person")
    return rows.filter(account=account, ended_on=None).first()


def is_occasional(account: Account) -> bool:
    """Whether all that its person ever did here was for a sponsor: an outside contributor."""
    sources = set(account.person.postings.values_list("source", flat=True))
    return sources == {PostingSource.SPONSOR}
