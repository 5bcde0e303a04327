"""Once a day, what may be kept no longer is erased: by the table, kind after kind, a portion at a time.

Killed anywhere it goes on at the next call; a kind that fails is logged and leaves the others alone. The
journal holds how many of which kind, and nothing of what.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.privacy.keeping.erasers import MOST
from casier.privacy.keeping.kind import Eraser
from casier.privacy.keeping.table import KINDS
from casier.privacy.models import Sweep

log = logging.getLogger(__name__)
BY = Actor.system("retention")


def erase_due(now: datetime) -> int:
    """Erase what is due, unless it was done today already; how many rows and files."""
    sweep = _sweep(now)
    return 0 if sweep.done_at is not None else sum(_swept(sweep, now).values())


def erase_now(now: datetime) -> dict[str, int]:
    """The same, whether or not it was done today; how many of which kind."""
    return _swept(_sweep(now), now)


def _sweep(now: datetime) -> Sweep:
    return Sweep.objects.get_or_create(on=timezone.localdate(now), defaults={"began_at": now})[0]


def _swept(sweep: Sweep, now: datetime) -> dict[str, int]:
    counts, more = _erased(now)
    with transaction.atomic():
        for code, count in counts.items():
            sweep.counts[code] = sweep.counts.get(code, 0) + count
        # What was too much for one call is the next one's.
        sweep.done_at = None if more else now
        sweep.save(update_fields=["counts", "done_at"])
        if counts:
            record(BY, "retention.erased", "platform", "retention", at=now, kinds=counts)
    return counts


def _erased(now: datetime) -> tuple[dict[str, int], bool]:
    counts: dict[str, int] = {}
    more, seen = False, set[Eraser]()
    for kind in KINDS:
        if kind.eraser is None or kind.eraser in seen:
            continue
        seen.add(kind.eraser)
        try:
            count = kind.eraser(now)
        except Exception:
            log.exception("erasing %s", kind.code)
            continue
        if count:
            counts[kind.code] = count
        more = more or count >= MOST
    return counts, more
