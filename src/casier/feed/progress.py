"""How far the engines are behind a run: the mailboxes of its newcomers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from casier.directory.life import ENDED
from casier.directory.models import Account
from casier.feed.models import Change, Run, RunState, Status
from casier.feed.planning.lines import NEWCOMERS

# The rate is that of the last minute, whichever academy they were for: all share the engines.
OVER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Of TOTAL to make, MADE are there; PER_SECOND lately."""

    total: int
    made: int
    per_second: float

    @property
    def left(self) -> int:
        return self.total - self.made

    @property
    def minutes_left(self) -> int | None:
        """About; None while nothing moves."""
        return -(-self.left // max(1, round(self.per_second * 60))) if self.per_second else None


def mailboxes(run: Run, now: datetime) -> Mailboxes:
    """How many mailboxes RUN asked for, and how many of them are made by NOW."""
    if run.state not in {RunState.APPLYING, RunState.APPLIED}:
        return Mailboxes(0, 0, 0.0)
    new = Change.objects.filter(run=run, phase=NEWCOMERS, status=Status.DONE).count()
    if not new:
        return Mailboxes(0, 0, 0.0)
    waiting = Account.objects.filter(academy=run.academy_id, provisioned_at=None).exclude(state__in=ENDED)
    # What waits may be older than the run: nobody is left out of what is told.
    left = waiting.count()
    lately = Account.objects.filter(provisioned_at__gt=now - OVER, provisioned_at__lte=now).count()
    total = max(new, left)
    return Mailboxes(total, total - left, round(lately / OVER.total_seconds(), 1))
