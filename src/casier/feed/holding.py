"""Who works on a run: a lease in the database, so that what a killed process left is taken up by another."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from casier.feed.models import Run
from casier.kernel.errors import CasierError

LEASE = timedelta(seconds=60)


class AtWork(CasierError):
    """Somebody else works on this run; `until` says when it may be taken up if they died."""

    code = "feed_at_work"


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to work on a run, for as long as it is renewed."""

    run: Run
    holder: str

    def renew(self, done: int | None = None) -> None:
        """Go on for another minute, having DONE so much. Raises AtWork when another took over."""
        values: dict[str, object] = {"held_until": timezone.now() + LEASE}
        if done is not None:
            values["done"] = done
        if not Run.objects.filter(pk=self.run.pk, holder=self.holder).update(**values):
            raise AtWork("Another process took this run over.", until="")


@contextmanager
def holding(run: Run) -> Iterator[Hold]:
    """Take RUN for oneself. Raises AtWork."""
    hold = Hold(run, f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    if not Run.objects.filter(free, pk=run.pk).update(holder=hold.holder, held_until=now + LEASE):
        until: datetime | None = Run.objects.values_list("held_until", flat=True).get(pk=run.pk)
        raise AtWork(
            "Somebody works on this run.", until=f"{timezone.localtime(until):%H:%M:%S}" if until else ""
        )
    try:
        yield hold
    finally:
        Run.objects.filter(pk=run.pk, holder=hold.holder).update(holder="", held_until=None)
