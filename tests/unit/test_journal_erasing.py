"""The journal's end: what is too old goes batch by batch, and the chain tells what was tampered with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from casier.audit.api import Actor, erase_old, record, seal, verify
from casier.audit.models import JournalBatch, JournalEntry, JournalPayload
from casier.audit.pruning import KEPT

pytestmark = pytest.mark.django_db
THEN = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
NOW = THEN + KEPT + timedelta(days=10)


def written(at: datetime, count: int = 3) -> None:
    with transaction.atomic():
        for number in range(count):
            record(Actor.account("a"), "account.closed", f"account:{number}", "x", at=at, name="Jean")
    seal(at)


def problems() -> list[str]:
    return [one.problem for one in verify()]


def test_old_batches_go_and_the_chain_holds() -> None:
    written(THEN)
    written(THEN + timedelta(days=1))
    written(NOW - timedelta(days=1))
    assert erase_old(NOW) == 6
    assert erase_old(NOW) == 0
    seal(NOW)
    assert problems() == []
    assert JournalEntry.objects.filter(at__lt=NOW - timedelta(days=2)).count() == 0
    assert JournalPayload.objects.count() == 4
    told = JournalEntry.objects.get(action="journal.erased")
    assert (told.target, told.payload.facts) == ("journal:2", {"entries": 6})


def test_what_is_young_or_not_sealed_stays() -> None:
    written(NOW - KEPT + timedelta(days=1))
    with transaction.atomic():
        record(Actor.account("a"), "account.closed", "account:9", "x", at=THEN)
    assert erase_old(NOW) == 0


def test_entries_that_are_taken_away_are_told_all_the_same() -> None:
    written(THEN)
    written(NOW - timedelta(days=1))
    last = JournalBatch.objects.get(number=2)
    JournalPayload.objects.filter(entry__batch=last).delete()
    JournalEntry.objects.filter(batch=last).delete()
    assert problems()
    JournalBatch.objects.filter(number=2).update(erased_at=NOW)
    assert "was erased before its time" in problems()
    JournalBatch.objects.filter(number=2).update(sealed_at=THEN)
    assert problems() == ["was erased by nobody"]


def test_a_batch_in_the_midst_cannot_go() -> None:
    for days in range(3):
        written(THEN + timedelta(days=days))
    erase_old(THEN + KEPT + timedelta(days=2))
    assert list(JournalBatch.objects.filter(erased_at=None).values_list("number", flat=True)) == [3]
    JournalBatch.objects.filter(number=1).update(erased_at=None)
    assert any("sealed" in problem for problem in problems())


def test_a_changed_digest_of_an_erased_batch_breaks_what_follows() -> None:
    written(THEN)
    written(NOW - timedelta(days=1))
    erase_old(NOW)
    JournalBatch.objects.filter(number=1).update(digest="0" * 64)
    assert "does not follow the batch before it" in problems()
