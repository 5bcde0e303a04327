"""What a stay does to its account: it comes back with it, and leaves with the last posting."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from casier.audit.api import Actor
from casier.contributors.access import NIGHT
from casier.contributors.models import Stay
from casier.directory.life import ENDED
from casier.directory.models import Account, AccountState, Posting
from casier.life import api as life
from casier.life.clocks import open_departure


def leave_if_last(
    account: Account, last_day: date, after: date, *, by: Actor, reason: str, now: datetime
) -> bool:
    """ACCOUNT leaves, its last day being LAST_DAY, where its person does nothing anywhere after AFTER;
    whether it does. Who leaves already, or has left, goes by whoever decided that.
    """
    more = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gt=after), person=account.person_id)
    fresh = Account.objects.get(pk=account.pk)
    if more.exists() or fresh.state in ENDED or open_departure(fresh) is not None:
        return False
    life.begin_leaving(fresh, last_day=last_day, by=by, reason=reason, now=now)
    return True


def bring_back(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """ACCOUNT stays, or is opened again. A suspension outlives it: that was somebody's decision."""
    fresh = Account.objects.get(pk=account.pk)
    if fresh.state in ENDED:
        life.reopen(fresh, by=by, reason=reason, now=now)
    else:
        life.cancel_leaving(fresh, by=by, reason=reason, now=now)
    account.refresh_from_db(fields=["state", "state_before", "state_was"])


def ended_by_itself(stay: Stay, by: Actor) -> bool:
    """Whether nothing but the calendar, or BY themselves, ended STAY and what became of its account.

    What somebody else decided (the DSI ended it, closed or suspended the account) isn't undone by a head.
    """
    if stay.ended_by not in {"", NIGHT.name, by.name}:
        return False
    if stay.account.state == AccountState.SUSPENDED:
        return False
    departure = open_departure(stay.account)
    if departure is None:
        return stay.account.state not in ENDED
    if departure.by not in {NIGHT.name, by.name}:
        return False
    return departure.closed_on is None or departure.closed_on >= departure.closes_on
