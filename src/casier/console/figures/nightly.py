"""The desk's lane: acts on many first; between them figures, sizes, and whether the journal holds."""

from __future__ import annotations

import logging
import time as clock
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from casier.audit.api import seals_folder, verify
from casier.audit.models import JournalBatch, JournalEntry
from casier.console.figures import reckoning, sizes
from casier.console.many import sheets, working
from casier.console.models import ChainCheck
from casier.directory.models import Academy
from casier.kernel.errors import Unavailable
from casier.trace.following import Logs

log = logging.getLogger(__name__)
# The hour at which the stores have least to do, where the platform lives.
NIGHT = 3
# Seconds between two looks at whether figures are due; and after a store that was away.
EVERY, AWAY = 3600.0, 300.0
MOST_BREAKS = 50
CHECKS_KEPT = timedelta(days=400)


@dataclass
class DeskLane:
    """A portion of whatever waits. NEXT is when figures are looked at again: pacing, not a fact."""

    next: float = 0.0

    def step(self) -> int:
        """Do what there is to do; 0 where nothing waits."""
        if count := working.step():
            return count
        if clock.monotonic() < self.next:
            return 0
        try:
            if count := sizes.read_some(last_night(timezone.now()), timezone.now()):
                return count
            self.next = clock.monotonic() + EVERY
        except Unavailable as error:
            log.info("sizes of mailboxes: %s", error)
            self.next = clock.monotonic() + AWAY
        keep(timezone.now())
        return 0


def keep(now: datetime) -> None:
    """Write the figures of today so far, look at the journal's chain once a night, forget old sheets."""
    doors = reckoning.Doors(Logs.of(settings.CASIER_INSTANCE.log, now))
    for academy in Academy.objects.all():
        reckoning.keep(academy, now, doors)
    if not ChainCheck.objects.filter(at__gte=last_night(now)).exists():
        check_chain(now)
    sheets.forget(now)


def check_chain(now: datetime) -> ChainCheck:
    """Look at every seal of the journal, and keep what was found."""
    broken = []
    for one in verify(seals_folder(settings.CASIER_INSTANCE)):
        broken.append({"batch": one.batch, "problem": one.problem, "entry": one.entry})
        if len(broken) >= MOST_BREAKS:
            break
    ChainCheck.objects.filter(at__lt=now - CHECKS_KEPT).delete()
    last = JournalBatch.objects.order_by("-number").values_list("number", flat=True).first()
    return ChainCheck.objects.create(
        at=now,
        batches=last or 0,
        entries=JournalEntry.objects.exclude(batch=None).count(),
        broken=broken,
    )


def last_night(now: datetime) -> datetime:
    """The last time that it was the hour of the night's work."""
    local = timezone.localtime(now)
    tonight = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return tonight if tonight <= local else tonight - timedelta(days=1)
