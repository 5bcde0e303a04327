"""The lane: mended at once, looked through a few times, forgotten at the end; begun again after a kill."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store, Torn
from casier.kernel.errors import Unavailable
from casier.mailbox.mending.looking import Period
from casier.mailbox.mending.worker import FAILED_AGAIN, LOOKS, Mending

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
WHO = "bruno@essai.test"


@dataclass
class Scene:
    """A store with marks, and a clock; what was done is in `done`."""

    marks: list[Torn] = field(default_factory=lambda: [Torn("m1", WHO, START)])
    done: list[str] = field(default_factory=list)
    at: datetime = START
    fails: Exception | None = None

    def lane(self) -> Mending:
        return Mending(cast("Store", self), self.look, self.now, lambda: 0.0)

    def now(self) -> datetime:
        """Each time a little later, as clocks are."""
        self.at += timedelta(microseconds=1)
        return self.at

    def torn(self) -> list[Torn]:
        if isinstance(self.fails, Unavailable):
            raise self.fails
        return list(self.marks)

    def mend(self, key: str) -> None:
        self.done.append(f"mend {key}")
        if self.fails:
            raise self.fails

    def look(self, key: str, period: Period, _store: Store) -> int:
        assert START <= period.now <= self.at
        self.done.append(f"look {key}")
        return 0

    def forget_torn(self, mark: str) -> None:
        self.done.append(f"forget {mark}")
        self.marks = [each for each in self.marks if each.mark != mark]

    def step(self, lane: Mending, after: timedelta = timedelta()) -> list[str]:
        """What a round does AFTER the first mark was made."""
        self.at, self.done = START + after, []
        lane.step()
        return self.done


def test_from_the_mark_to_its_end() -> None:
    scene = Scene()
    lane = scene.lane()
    assert scene.step(lane) == [f"mend {WHO}"]
    assert lane.next_due() == START + LOOKS[0]
    assert scene.step(lane, timedelta(seconds=1)) == []
    for look in LOOKS[:-1]:
        assert scene.step(lane, look) == [f"look {WHO}"]
        assert scene.step(lane, look) == []
    assert scene.step(lane, LOOKS[-1]) == [f"look {WHO}", "forget m1"]
    assert scene.step(lane, LOOKS[-1]) == []
    assert lane.next_due() is None


def test_another_worker_begins_again() -> None:
    scene = Scene()
    scene.step(scene.lane())
    assert scene.step(scene.lane(), LOOKS[0]) == [f"mend {WHO}", f"look {WHO}"]
    assert scene.step(scene.lane(), timedelta(days=1)) == [f"mend {WHO}", f"look {WHO}", "forget m1"]


def test_torn_again_it_is_mended_again_and_each_mark_has_its_time() -> None:
    scene = Scene()
    lane = scene.lane()
    scene.step(lane, LOOKS[0])
    later = timedelta(seconds=21)
    scene.marks.append(Torn("m2", WHO, START + later))
    assert scene.step(lane, later) == [f"mend {WHO}"]
    assert scene.step(lane, LOOKS[-1]) == [f"look {WHO}", "forget m1"]
    assert scene.step(lane, LOOKS[-1] + later) == [f"look {WHO}", "forget m2"]


def test_two_mailboxes_do_not_wait_for_each_other() -> None:
    scene = Scene([Torn("m1", WHO, START), Torn("m2", "alice@essai.test", START)])
    assert scene.step(scene.lane()) == [f"mend {WHO}", "mend alice@essai.test"]


def test_what_was_only_under_way_needs_no_mending() -> None:
    scene = Scene([Torn("m1", WHO, START, torn=False)])
    lane = scene.lane()
    assert scene.step(lane) == []
    assert scene.step(lane, LOOKS[0]) == [f"look {WHO}"]
    assert scene.step(lane, LOOKS[-1]) == [f"look {WHO}", "forget m1"]


def test_where_it_is_refused_it_is_tried_again_later_and_never_forgotten() -> None:
    scene = Scene(fails=StoreRefused("broken"))
    lane = scene.lane()
    assert scene.step(lane) == [f"mend {WHO}"]
    assert scene.step(lane, FAILED_AGAIN / 2) == []
    scene.fails = None
    assert scene.step(lane, FAILED_AGAIN) == [f"mend {WHO}", f"look {WHO}"]


def test_while_the_store_is_away_nothing_is_lost() -> None:
    scene = Scene(fails=Unavailable("agent", part="agent"))
    lane = scene.lane()
    assert scene.step(lane) == []
    scene.fails = None
    assert scene.step(lane, timedelta(seconds=15)) == [f"mend {WHO}"]
