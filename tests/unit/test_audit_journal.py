"""The journal is sealed and tells every tampering; the outbox loses nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from casier.audit import journal, outbox
from casier.audit.api import Actor, emit, erase, record, seal, verify
from casier.audit.french import in_french
from casier.audit.journal import OutsideTransaction
from casier.audit.models import JournalBatch, JournalEntry, JournalPayload, OutboxEvent

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
ME = Actor.account("a1", "192.0.2.1")


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


def write(count: int) -> list[JournalEntry]:
    with transaction.atomic():
        return [
            record(
                ME, "account.suspended", f"account:{number}", "why", academy="t", at=NOW, name=f"N {number}"
            )
            for number in range(count)
        ]


@pytest.mark.django_db
def test_sealed_and_untouched_holds() -> None:
    write(5)
    assert (seal(NOW, limit=3), seal(NOW, limit=3), seal(NOW, limit=3)) == (3, 2, 0)
    assert JournalBatch.objects.count() == 2
    assert list(verify()) == []


@pytest.mark.django_db
def test_erasing_personal_facts_keeps_the_chain() -> None:
    entry = write(2)[0]
    seal(NOW)
    erase(entry)
    assert list(verify()) == []
    assert not JournalPayload.objects.filter(entry=entry).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field", ["actor", "action", "target", "reason", "origin", "academy", "payload_digest"]
)
def test_a_changed_field_breaks_the_chain(field: str) -> None:
    entries = write(3)
    seal(NOW)
    JournalEntry.objects.filter(pk=entries[1].pk).update(**{field: "x"})
    assert {found.batch for found in verify()} == {1}


@pytest.mark.django_db
def test_a_moved_time_a_lost_entry_a_lost_batch_and_changed_facts_are_told() -> None:
    entries = write(4)
    seal(NOW, limit=2)
    seal(NOW, limit=2)
    JournalEntry.objects.filter(pk=entries[0].pk).update(at=NOW + timedelta(microseconds=1))
    assert [found.batch for found in verify()] == [1]
    JournalEntry.objects.filter(pk=entries[0].pk).update(at=NOW)
    JournalPayload.objects.filter(entry=entries[3]).update(facts={"name": "someone else"})
    assert [(found.batch, found.entry) for found in verify()] == [(2, entries[3].pk)]
    JournalPayload.objects.filter(entry__in=entries).delete()
    JournalEntry.objects.filter(pk=entries[1].pk).delete()
    assert {found.batch for found in verify()} == {1}
    JournalEntry.objects.filter(batch=1).delete()
    JournalBatch.objects.filter(pk=1).delete()
    assert [found.batch for found in verify()] == [2]


@pytest.mark.django_db
def test_an_end_that_was_cut_off_is_told_even_after_more_was_sealed(tmp_path: Path) -> None:
    for _ in range(3):
        write(2)
        seal(NOW, beside=tmp_path)
    assert list(verify(tmp_path)) == []
    JournalPayload.objects.filter(entry__batch__gte=2).delete()
    JournalEntry.objects.filter(batch__gte=2).delete()
    JournalBatch.objects.filter(number__gte=2).delete()
    assert list(verify()) == []  # the chain alone can't know
    assert [(found.batch, "cut" in found.problem) for found in verify(tmp_path)] == [(3, True)]
    for _ in range(4):  # the worker goes on as if nothing had been
        write(1)
        seal(NOW, beside=tmp_path)
    assert [(found.batch, "anew" in found.problem) for found in verify(tmp_path)] == [(3, True)]
    seal(NOW + timedelta(days=1), beside=tmp_path)
    assert [found.batch for found in verify(tmp_path)] == [3]


@pytest.mark.django_db
def test_a_chain_that_was_sealed_anew_is_told_back_to_its_first_day(tmp_path: Path) -> None:
    for day in range(3):
        write(1)
        seal(NOW + timedelta(days=day), beside=tmp_path)
    JournalEntry.objects.filter(batch=2).update(reason="another", batch=None)
    JournalEntry.objects.filter(batch=3).update(batch=None)
    JournalBatch.objects.filter(number__gte=2).delete()
    seal(NOW + timedelta(days=1), limit=1)
    seal(NOW + timedelta(days=2), limit=1)
    assert list(verify()) == []
    assert [found.batch for found in verify(tmp_path)] == [2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"number": "x", "digest": 1, "sealed_at": ""}'])
def test_a_note_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    write(1)
    seal(NOW, beside=tmp_path)
    (tmp_path / "2026-09-01.json").write_bytes(content)
    assert [found.batch for found in verify(tmp_path)] == [0]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(OutsideTransaction):
        record(ME, "x", "y:z", "")
    with pytest.raises(OutsideTransaction):
        emit("t", "k")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_fact_nor_effect() -> None:
    with transaction.atomic():
        record(ME, "x", "y:z", "")
        emit("t", "k")
        transaction.set_rollback(True)
    assert not JournalEntry.objects.exists()
    assert not OutboxEvent.objects.exists()


def put(*keys: str, topic: str = "t") -> None:
    with transaction.atomic():
        for number, key in enumerate(keys):
            emit(topic, key, {"n": number})
    OutboxEvent.objects.update(next_try_at=NOW)


@pytest.mark.django_db
def test_events_of_one_key_are_one_task_in_order() -> None:
    put("a", "b", "a")
    tasks = outbox.claim("w", NOW, 10)
    assert [(task.key, [payload["n"] for payload in task.payloads]) for task in tasks] == [
        ("a", [0, 2]),
        ("b", [1]),
    ]
    outbox.finish(tasks, NOW)
    assert outbox.claim("w", NOW, 10) == []
    assert outbox.next_due() is None


@pytest.mark.django_db
def test_a_key_has_one_consumer_at_a_time() -> None:
    put("a", "b")
    first = outbox.claim("one", NOW, 1)
    put("a")
    second = outbox.claim("two", NOW, 10)
    assert ([task.key for task in first], [task.key for task in second]) == (["a"], ["b"])
    outbox.finish(first, NOW)
    assert [task.key for task in outbox.claim("two", NOW, 10)] == ["a"]


@pytest.mark.django_db
def test_a_claim_ends_with_its_lease_or_when_its_worker_returns() -> None:
    put("a")
    outbox.claim("one", NOW, 1)
    assert outbox.claim("two", NOW + outbox.LEASE - timedelta(seconds=1), 1) == []
    assert outbox.release("one") == 1
    assert len(outbox.claim("two", NOW, 1)) == 1
    assert len(outbox.claim("three", NOW + outbox.LEASE + timedelta(seconds=1), 1)) == 1


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_each_time() -> None:
    put("a")
    delays, now = [], NOW
    for _ in range(12):
        (task,) = outbox.claim("w", now, 1)
        again = outbox.postpone(task, "down", now)
        delays.append(again - now)
        assert outbox.claim("w", again - timedelta(milliseconds=1), 1) == []
        now = again
    assert delays[:4] == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    assert delays[-1] == outbox.LONGEST_DELAY
    assert OutboxEvent.objects.get().last_error == "down"


@pytest.mark.django_db
def test_topics_are_apart_and_what_was_done_last_can_be_done_again() -> None:
    put("a", topic="slow")
    put("a", topic="urgent")
    (urgent,) = outbox.claim("w", NOW, 10, ["urgent"])
    assert urgent.topic == "urgent"
    outbox.finish([urgent], NOW)
    (slow,) = outbox.claim("w", NOW, 10, ["slow"])
    outbox.finish([slow], NOW + timedelta(minutes=1))
    assert outbox.redo_last(timedelta(seconds=10), NOW) == 1
    assert [task.topic for task in outbox.claim("w", NOW, 10)] == ["slow"]
    assert outbox.forget_done(NOW + timedelta(days=8)) == 1


def test_every_way_to_be_broken_has_french_words() -> None:
    """What a file of the program says in English, as `verify`, `check` and `against` yield it."""
    folder = Path(journal.__file__).parent
    yielded = [
        text
        for name in ("sealing", "pruning", "witness", "exporting")
        for text in re.findall(
            r'(?:yield|return)\b[^\n"]*"([^"\n]+)"', (folder / f"{name}.py").read_text("utf-8")
        )
        if " " in text
    ]
    assert len(yielded) >= 16
    for text in yielded:
        example = re.sub(r"\{[^}]*\}", "7", text)
        assert in_french(example) != example, example
