"""What the life of accounts does in the engines: absence messages, erasing. A lane of the worker."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from casier.audit.api import Actor
from casier.life import absence, purging
from casier.life.models import Departure

log = logging.getLogger(__name__)
BY = Actor.system("life")
AT_ONCE = 20
AGAIN = timedelta(minutes=15)


def step(now: datetime | None = None) -> int:
    """Do what is due, a few at a time; how many."""
    now = now or timezone.now()
    departures = list(absence.due(now)[:AT_ONCE])
    for departure in departures:
        absence.follow(departure, now)
    return len(departures) + _purge(now)


def _purge(now: datetime) -> int:
    """One mailbox at a time: the store has others to serve."""
    for departure in islice(purging.due(now), 1):
        account = departure.account
        try:
            purging.purge(account, by=BY, reason=departure.reason or "the day has come", now=now)
        except Exception:
            # Whatever it was, what is half done is done again.
            log.exception("purge of account %s", account.public_id)
            Departure.objects.filter(pk=departure.pk).update(next_try_at=now + AGAIN)
        return 1
    return 0
