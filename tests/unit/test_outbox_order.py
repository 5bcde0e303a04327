"""Who waits comes first, then who starts soonest, then newcomers, then what changes of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from casier.audit import outbox
from casier.audit.models import OutboxEvent
from casier.audit.outbox import Rank, emit, emit_many, ranked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


def claimed(limit: int = 10, worker: str = "tests") -> list[str]:
    return [task.key for task in outbox.claim(worker, timezone.now(), limit, ["account.changed"])]


def ask(*keys: str) -> None:
    with transaction.atomic():
        for key in keys:
            emit("account.changed", key)


def test_the_order() -> None:
    with ranked(Rank.CHANGES):
        ask("changed")
    with transaction.atomic():
        days = [None, date(2026, 9, 3), date(2026, 9, 1)]
        ranks = [Rank.on(day) if day else Rank.MANY for day in days]
        emit_many("account.changed", ["new", "third", "first"], ranks)
    ask("waits")
    assert claimed(2) == ["waits", "first"]
    assert claimed() == ["third", "new", "changed"]
    assert claimed() == []


def test_a_key_is_as_urgent_as_its_most_urgent_event() -> None:
    with ranked(Rank.CHANGES):
        ask("a", "b", "c")
    ask("c")
    (first,) = outbox.claim("tests", timezone.now(), 1, ["account.changed"])
    assert (first.key, len(first.events)) == ("c", 2)
    assert claimed() == ["a", "b"]


def test_what_another_holds_is_passed_over() -> None:
    ask("a", "b", "c", "d")
    assert claimed(2, "one") == ["a", "b"]
    ask("a")
    assert claimed(3, "two") == ["c", "d"]
    OutboxEvent.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claimed(9, "two") == ["a", "b", "c", "d"]


def test_what_is_to_be_tried_again_later_holds_nobody_up() -> None:
    ask("a")
    (task,) = outbox.claim("tests", timezone.now(), 1, ["account.changed"])
    outbox.postpone(task, "down", timezone.now())
    with ranked(Rank.CHANGES):
        ask("b")
    assert claimed() == ["b"]


def test_a_rank_lasts_no_longer_than_its_block() -> None:
    with ranked(Rank.CHANGES), ranked(Rank.MANY):
        ask("a")
    ask("b")
    assert list(OutboxEvent.objects.order_by("pk").values_list("rank", flat=True)) == [Rank.MANY, Rank.NOW]
    assert Rank.NOW < Rank.on(date(1900, 1, 1)) < Rank.on(date(9999, 12, 31)) < Rank.MANY < Rank.CHANGES
