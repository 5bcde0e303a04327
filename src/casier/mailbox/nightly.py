"""Every night the directory and the engines are compared, and what differs is mended.

What the outbox carries keeps them alike all day; this finds what no event told: a store put back from a
backup, a quota that somebody set by hand, a record that Redis lost.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.utils import timezone

from casier.audit.outbox import Rank
from casier.audit.wake import client
from casier.kernel.errors import Unavailable
from casier.mailbox.differences import differences, repair

log = logging.getLogger(__name__)
# The day on which they were last compared. Lost with Redis, it is one night more.
LAST = "casier:compared"
# In these hours, where the platform lives: before, people work late; after, they come.
BEGINS, ENDS = 2, 6
AGAIN = 600.0


@dataclass(frozen=True, slots=True)
class Compared:
    """What a night came to: differences by kind, of how many owners, in how many seconds."""

    kinds: dict[str, int]
    asked: int
    seconds: float


def is_due(now: datetime, last: str) -> bool:
    """Whether it is night, and this one's work is not done."""
    here = timezone.localtime(now)
    return BEGINS <= here.hour < ENDS and last != here.date().isoformat()


class Comparing:
    """The worker's lane: compares once a night. What couldn't be asked is asked again a while later."""

    def __init__(self) -> None:
        self._not_before = 0.0

    def step(self) -> int:
        """Compare and mend where it is time; how often that was done now."""
        now = timezone.now()
        if time.monotonic() < self._not_before:
            return 0
        try:
            store = client(settings.REDIS_SOCKET)
            last = store.get(LAST)
            if not is_due(now, last.decode() if isinstance(last, bytes) else ""):
                return 0
            compare()
            # Noted afterwards: a worker that is killed begins again.
            store.set(LAST, timezone.localtime(now).date().isoformat())
        except (redis.RedisError, Unavailable) as error:
            log.warning("not compared (%s); again in %.0f min", error, AGAIN / 60)
            self._not_before = time.monotonic() + AGAIN
            return 0
        return 1


def compare() -> Compared:
    """Look at everything and have mended what differs; what belongs to nobody is told, never deleted."""
    began = time.monotonic()
    found = list(differences())
    kinds = dict(Counter(one.kind for one in found))
    asked = repair(found, Rank.CHANGES)
    done = Compared(kinds, asked, time.monotonic() - began)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing differs"
    log.info("directory and engines compared in %.0f s: %s; %s owners asked for", done.seconds, told, asked)
    return done
