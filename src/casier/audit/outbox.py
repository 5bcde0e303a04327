"""The transactional outbox: effects that follow a commit, kept until they are done.

`emit` writes a row in the action's transaction. The worker claims what is due, one key at a time, for a
limited time (a lease): a worker that dies gives its work back. What fails is tried again, later each time.
Somebody's single act goes before what is done for thousands (`Rank`, `ranked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from casier.audit.journal import in_transaction
from casier.audit.models import OutboxEvent, OutboxTurn
from casier.audit.wake import wake_worker

LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=10)
KEEP_DONE = timedelta(days=7)


class Rank:
    """In which order effects are claimed; among equals, the oldest first."""

    NOW: Final = 0  # one person's act: somebody may be waiting
    MANY: Final = 9_000_000  # newcomers without a date
    CHANGES: Final = 9_500_000  # what changes of those who have what they need

    @staticmethod
    def on(day: date) -> int:
        """For those who start on DAY: the soonest first, all of them before those without a date."""
        return day.toordinal()


_rank: ContextVar[int] = ContextVar("rank", default=Rank.NOW)


@contextmanager
def ranked(rank: int) -> Iterator[None]:
    """Let what is emitted meanwhile have this rank, where nothing else is said."""
    token = _rank.set(rank)
    try:
        yield
    finally:
        _rank.reset(token)


@dataclass(frozen=True, slots=True)
class Task:
    """What is due for one key of one topic. Events that piled up are one task: consumers converge."""

    topic: str
    key: str
    payloads: tuple[dict[str, Any], ...] = field(compare=False)
    events: tuple[int, ...]
    attempts: int


def emit(topic: str, key: str, payload: dict[str, Any] | None = None, *, due: datetime | None = None) -> None:
    """Ask for an effect after the commit, not before DUE. Raises OutsideTransaction without a transaction."""
    in_transaction()
    now = timezone.now()
    OutboxEvent.objects.create(
        topic=topic, key=key, payload=payload or {}, rank=_rank.get(), created_at=now, next_try_at=due or now
    )
    if due is None:
        _wake_once()


def emit_many(topic: str, keys: Sequence[str], ranks: Sequence[int] | None = None) -> None:
    """Ask for the same effect for many, each with its rank. Raises OutsideTransaction outside of one."""
    in_transaction()
    now = timezone.now()
    each = ranks if ranks is not None else [_rank.get()] * len(keys)
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic=topic, key=key, rank=rank, created_at=now, next_try_at=now)
        for key, rank in zip(keys, each, strict=True)
    )
    if keys:
        _wake_once()


def _wake_once() -> None:
    """Wake the worker after the commit, once a transaction, however many events it holds."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    wake_worker(settings.REDIS_SOCKET)


def claim(worker: str, now: datetime, limit: int, topics: Sequence[str] | None = None) -> list[Task]:
    """Take up to LIMIT keys that are due and that nobody holds, by rank, then the oldest first."""
    due = OutboxEvent.objects.filter(done_at=None, next_try_at__lte=now)
    if topics is not None:
        due = due.filter(topic__in=topics)
    if not due.exists():
        return []  # most wakes are for others: taking one's turn is a write
    with transaction.atomic():
        _take_turn()
        held = OutboxEvent.objects.filter(done_at=None, claimed_until__gt=now)
        busy = set(held.values_list("topic", "key"))
        free = _first_free(due, busy, limit)
        return _claim_keys(free, worker, now) if free else []


def _first_free(due: QuerySet[OutboxEvent], busy: set[tuple[str, str]], limit: int) -> list[tuple[str, str]]:
    """The first LIMIT keys that aren't BUSY. Read as far as needed: sixty thousand may be waiting behind."""
    found: dict[tuple[str, str], None] = {}
    rows = due.order_by("rank", "id").values_list("topic", "key")
    for key in rows.iterator(chunk_size=limit + len(busy)):
        if key not in busy:
            found[key] = None
        if len(found) == limit:
            break
    return list(found)


def _claim_keys(keys: list[tuple[str, str]], worker: str, now: datetime) -> list[Task]:
    mine = Q()
    for topic, key in keys:
        mine |= Q(topic=topic, key=key)
    due = OutboxEvent.objects.filter(mine, done_at=None, next_try_at__lte=now).order_by("id")
    grouped: dict[tuple[str, str], list[OutboxEvent]] = {key: [] for key in keys}
    for event in due:
        grouped[event.topic, event.key].append(event)
    ids = [event.pk for events in grouped.values() for event in events]
    OutboxEvent.objects.filter(pk__in=ids).update(claimed_by=worker, claimed_until=now + LEASE)
    return [_task(events) for events in grouped.values() if events]


def _task(events: list[OutboxEvent]) -> Task:
    return Task(
        topic=events[0].topic,
        key=events[0].key,
        payloads=tuple(event.payload for event in events),
        events=tuple(event.pk for event in events),
        attempts=max(event.attempts for event in events),
    )


def finish(tasks: Sequence[Task], now: datetime) -> None:
    """Note that these are done."""
    ids = [event for task in tasks for event in task.events]
    OutboxEvent.objects.filter(pk__in=ids).update(done_at=now, claimed_until=None, last_error="")


def postpone(task: Task, error: str, now: datetime) -> datetime:
    """Note a failure and when to try again: after 1 s, 2 s, 4 s… 10 min. Nothing is ever given up."""
    again: datetime = now + min(FIRST_DELAY * 2 ** min(task.attempts, 20), LONGEST_DELAY)
    OutboxEvent.objects.filter(pk__in=task.events).update(
        attempts=task.attempts + 1, next_try_at=again, claimed_until=None, last_error=error[:2000]
    )
    return again


def release(worker: str) -> int:
    """Give back everything that WORKER holds: when it stops, and when it starts again after it was killed."""
    held = OutboxEvent.objects.filter(done_at=None, claimed_by=worker).exclude(claimed_until=None)
    return held.update(claimed_until=None)


def redo_last(span: timedelta, now: datetime) -> int:
    """Open again what was done in the last SPAN before the very last thing done.

    Consumers converge, so doing it twice is harmless; a machine that lost its power may have lost what they
    wrote.
    """
    done = OutboxEvent.objects.exclude(done_at=None)
    last = done.aggregate(last=Max("done_at"))["last"]
    if last is None:
        return 0
    return done.filter(done_at__gt=last - span).update(done_at=None, claimed_until=None, next_try_at=now)


def next_due() -> datetime | None:
    """When the next event is due, held or not; None when there is nothing to do."""
    first: datetime | None = OutboxEvent.objects.filter(done_at=None).aggregate(first=Min("next_try_at"))[
        "first"
    ]
    return first


def forget_done(now: datetime) -> int:
    """Delete what was done more than a week ago."""
    return OutboxEvent.objects.filter(done_at__lt=now - KEEP_DONE).delete()[0]


def _take_turn() -> None:
    """Let one claimer in at a time. SQLite's IMMEDIATE transactions do; elsewhere a row is locked."""
    if connection.features.has_select_for_update:
        OutboxTurn.objects.get_or_create(pk=1)
        OutboxTurn.objects.select_for_update().get(pk=1)
