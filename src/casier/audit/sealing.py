"""Sealing the journal: batches of entries, each digest covering the one before.

A row that is changed, added, taken away or moved afterwards breaks the chain at its batch. That its end was
cut off, or all of it sealed anew, is known by what was noted beside the database (`witness`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from casier.audit import witness
from casier.audit.journal import canonical, payload_digest
from casier.audit.models import JournalBatch, JournalEntry, JournalPayload
from casier.audit.pruning import wrongly_erased

BATCH = 1000
GENESIS = "0" * 64
_FIELDS = ("id", "actor", "origin", "action", "target", "academy", "reason", "payload_digest")


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain doesn't hold, and how."""

    batch: int
    problem: str
    entry: int | None = None


def seal(now: datetime, limit: int = BATCH, beside: Path | None = None) -> int:
    """Seal the oldest unsealed entries; the number sealed. One sealer at a time: the worker.

    BESIDE: the folder in which the seal is noted once it stands (`witness`).
    """
    with transaction.atomic():
        last = JournalBatch.objects.select_for_update().order_by("-number").first()
        entries = list(JournalEntry.objects.filter(batch=None).order_by("id")[:limit])
        if not entries:
            return 0
        number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
        digest = chain(previous, number, entries)
        batch = JournalBatch.objects.create(
            number=number, sealed_at=now, count=len(entries), previous=previous, digest=digest
        )
        JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(batch=batch)
    if beside is not None:
        witness.note(beside, batch)
    return len(entries)


def verify(beside: Path | None = None) -> Iterator[Break]:
    """Every place where the sealed journal is not what was sealed; nothing when all is well.

    BESIDE: the folder of what was noted beside the database; None: the chain alone is looked at.
    """
    previous, expected = GENESIS, 1
    for batch in JournalBatch.objects.order_by("number").iterator():
        if batch.number != expected or batch.previous != previous:
            yield Break(batch.number, "does not follow the batch before it")
        if batch.erased_at is None:
            yield from _verify_batch(batch)
        previous, expected = batch.digest, batch.number + 1
    yield from (Break(number, problem) for number, problem in wrongly_erased())
    if beside is not None:
        yield from (Break(number, problem) for number, problem in witness.contradictions(beside))


def without_facts() -> int:
    """How many entries no longer have the facts that were recorded with them: erased with a person, rightly,
    or taken away by somebody. The chain can't tell which; what was erased stands in the journal.
    """
    return JournalEntry.objects.exclude(payload_digest="").filter(payload=None).count()


def _verify_batch(batch: JournalBatch) -> Iterator[Break]:
    entries = list(JournalEntry.objects.filter(batch=batch).order_by("id"))
    if len(entries) != batch.count:
        yield Break(batch.number, f"holds {len(entries)} entries, {batch.count} were sealed")
    if chain(batch.previous, batch.number, entries) != batch.digest:
        yield Break(batch.number, "was changed after it was sealed")
    payloads = JournalPayload.objects.filter(entry__batch=batch).select_related("entry").order_by("entry_id")
    for payload in payloads:
        if payload_digest(payload.salt, payload.facts) != payload.entry.payload_digest:
            yield Break(batch.number, "has facts that were changed", payload.entry_id)


def chain(previous: str, number: int, entries: Iterable[JournalEntry]) -> str:
    """The digest of a batch: the one before, the number, and every entry in order."""
    digest = hashlib.sha256(f"{previous}\n{number}\n".encode())
    for entry in entries:
        digest.update(hashlib.sha256(canonical(_facts(entry)).encode()).digest())
    return digest.hexdigest()


def _facts(entry: JournalEntry) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS}
    return facts | {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
