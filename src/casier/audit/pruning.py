"""The end of old entries: whole batches, the oldest first, once the time for which they may be kept is over.

A batch that is erased leaves its number and its digest, so the chain still holds from one end to the other.
That it was erased is itself an entry, sealed further up: a batch that is merely gone is told by `verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.actors import Actor
from casier.audit.journal import record
from casier.audit.models import JournalBatch, JournalEntry, JournalPayload

# Three years: a journal of internal control (CNIL, délibération 2021-122).
KEPT = timedelta(days=1095)
ERASED = "journal.erased"
BY = Actor.system("retention")
AT_ONCE = 200


def erase_old(now: datetime) -> int:
    """Erase the batches whose youngest entry is older than KEPT, as far as all before them are; how many
    entries.
    """
    done, last = 0, 0
    for batch in JournalBatch.objects.filter(erased_at=None).order_by("number")[:AT_ONCE]:
        count = _erase(batch, now)
        if count is None:
            break
        done, last = done + count, batch.number
    if last:
        with transaction.atomic():
            record(BY, ERASED, f"journal:{last}", "retention", at=now, entries=done)
    return done


def _erase(batch: JournalBatch, now: datetime) -> int | None:
    """Erase BATCH; how many entries it had, None where it is too young."""
    entries = JournalEntry.objects.filter(batch=batch)
    youngest = entries.order_by("-at").values_list("at", flat=True).first()
    limit = now - KEPT
    if batch.sealed_at >= limit or (youngest is not None and youngest >= limit):
        return None
    with transaction.atomic():
        JournalPayload.objects.filter(entry__batch=batch).delete()
        count = entries.delete()[0]
        JournalBatch.objects.filter(pk=batch.pk).update(erased_at=now)
    return count


def wrongly_erased() -> Iterator[tuple[int, str]]:
    """Batches that say to be erased and shouldn't be: too young, in the midst, or with nobody who did it."""
    told = JournalEntry.objects.filter(action=ERASED, actor=BY.name).values_list("target", flat=True)
    until = max((int(name) for target in told if (name := target.partition(":")[2]).isdecimal()), default=0)
    kept = JournalBatch.objects.filter(erased_at=None).order_by("number").values_list("number", flat=True)
    first = kept.first()
    for batch in JournalBatch.objects.exclude(erased_at=None).order_by("number").iterator():
        if JournalEntry.objects.filter(batch=batch).exists():
            yield batch.number, "is said to be erased and still holds entries"
        if batch.erased_at is not None and batch.sealed_at > batch.erased_at - KEPT:
            yield batch.number, "was erased before its time"
        if batch.number > until or (first is not None and batch.number > first):
            yield batch.number, "was erased by nobody"
