"""Once a night, and again a while later where an engine was down."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import redis

from casier.kernel.errors import Unavailable
from casier.mailbox import nightly
from casier.mailbox.nightly import LAST, Comparing, is_due

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("hour", "last", "due"),
    [
        (1, "", False),
        (2, "", True),
        (5, "2026-11-22", True),
        (3, "2026-11-23", False),
        (6, "", False),
        (14, "", False),
    ],
)
def test_at_night_and_once(hour: int, last: str, due: bool) -> None:
    assert is_due(datetime(2026, 11, 23, hour, 30, tzinfo=PARIS), last) is due


class FakeRedis:
    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.down = False

    def get(self, name: str) -> bytes | None:
        if self.down:
            raise redis.ConnectionError("down")
        return self.held.get(name)

    def set(self, name: str, value: str) -> None:
        self.held[name] = value.encode()


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> FakeRedis:
    store = FakeRedis()
    monkeypatch.setattr(nightly, "client", lambda _socket: store)
    monkeypatch.setattr(nightly.timezone, "now", lambda: datetime(2026, 11, 23, 3, 0, tzinfo=PARIS))
    return store


def test_what_was_done_is_not_done_again(night: FakeRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(nightly, "compare", lambda: done.append(1))
    lane = Comparing()
    assert [lane.step(), lane.step(), Comparing().step()] == [1, 0, 0]
    assert (len(done), night.held[LAST]) == (1, b"2026-11-23")


def test_an_engine_that_is_down_is_asked_again_later(
    night: FakeRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def compare() -> None:
        asked.append(1)
        raise Unavailable("store: hung up", part="cyrus")

    monkeypatch.setattr(nightly, "compare", compare)
    lane = Comparing()
    assert [lane.step(), lane.step()] == [0, 0]
    assert (len(asked), LAST in night.held) == (1, False)
    lane._not_before = 0.0
    night.down = True
    assert lane.step() == 0
    assert len(asked) == 1
