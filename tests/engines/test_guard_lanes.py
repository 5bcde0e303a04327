"""Lanes with a real Redis: what guessing gains, what it costs the person, every order of events."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casier.identity.guard import lanes
from casier.identity.guard.lanes import FOREVER, HOLD, MEMORY, Limits, Try, Verdict
from casier.identity.redis_link import redis
from engines.portal_scene import emptied, redis_server

__all__ = ["emptied", "redis_server"]  # fixtures
pytestmark = pytest.mark.engines

NOW = 1_800_000_000.0
FIVE = Limits(5, 15)
TRY = Try("p" * 32, "rouen", "unknown", "192.0.2.7", "digest", pays=False)


def wrong(password: str, now: float, attempt: Try = TRY, limits: Limits = FIVE) -> int:
    """A whole try with a wrong password; what it was told before (0: it was looked at)."""
    attempt = replace(attempt, digest=password)
    verdict = lanes.reserve(redis(), attempt, limits, now)
    if verdict.wait == 0:
        lanes.fail(redis(), attempt, limits, verdict, now)
    return verdict.wait


def test_the_last_of_the_tries_locks_and_time_opens() -> None:
    assert [wrong(f"w{number}", NOW) for number in range(6)] == [0] * 5 + [900]
    assert wrong("again", NOW + 899) == 1
    assert [wrong(f"n{number}", NOW + 901) for number in range(6)] == [0] * 5 + [900]


def test_without_minutes_only_somebody_opens_it() -> None:
    limits = Limits(3, 0)
    assert [wrong(f"w{n}", NOW, limits=limits) for n in range(4)] == [0, 0, 0, FOREVER]
    assert redis().ttl(lanes.lane_key(TRY.person, "unknown")) == -1
    assert wrong("w9", NOW + 1e8, limits=limits) == FOREVER
    lanes.reopen(redis(), TRY.person, "rouen", ["unknown"])
    assert wrong("w9", NOW + 1e8, limits=limits) == 0


def test_a_stranger_locks_alike_and_is_forgotten_one_day() -> None:
    stranger = replace(TRY, person=lanes.STRANGER + "x")
    limits = Limits(3, 0)
    assert [wrong(f"w{n}", NOW, stranger, limits) for n in range(4)] == [0, 0, 0, FOREVER]
    assert 0 < redis().ttl(lanes.lane_key(stranger.person, "unknown")) <= lanes.STRANGER_MEMORY
    assert redis().zcard(lanes.blocked_key("rouen")) == 0


def test_the_same_wrong_password_counts_once() -> None:
    assert [wrong("habit", NOW + n) for n in range(20)] == [0] * 20
    assert [wrong(f"w{n}", NOW + 30) for n in range(5)] == [0, 0, 0, 0, 900]


def test_tries_at_once_are_worth_no_more_than_one_after_the_other() -> None:
    def reserve(number: int) -> Verdict:
        return lanes.reserve(redis(), replace(TRY, digest=f"w{number}"), FIVE, NOW)

    with ThreadPoolExecutor(16) as pool:
        verdicts = list(pool.map(reserve, range(64)))
    assert sum(verdict.wait == 0 for verdict in verdicts) == 5
    # While the last one is looked at, the others are held back, not locked.
    assert {verdict.wait for verdict in verdicts} == {0, HOLD}
    assert lanes.shut(redis(), TRY.person, "unknown", NOW) is None


def test_a_right_password_at_the_last_try_opens_all_again() -> None:
    for number in range(4):
        wrong(f"w{number}", NOW)
    assert lanes.reserve(redis(), TRY, FIVE, NOW) == Verdict(0, counted=True)
    lanes.succeed(redis(), TRY, NOW)
    assert [wrong(f"n{n}", NOW) for n in range(6)] == [0] * 5 + [900]


def test_a_try_that_nobody_looked_at_is_given_back() -> None:
    for number in range(4):
        wrong(f"w{number}", NOW)
    for _ in range(10):
        verdict = lanes.reserve(redis(), TRY, FIVE, NOW)
        lanes.give_back(redis(), TRY, verdict)
        assert verdict == Verdict(0, counted=True)


def test_a_killed_process_leaves_no_lock() -> None:
    for number in range(5):
        lanes.reserve(redis(), replace(TRY, digest=f"w{number}"), FIVE, NOW)
    assert wrong("w9", NOW + HOLD - 1) == 1
    assert wrong("w9", NOW + HOLD + 1) == 0


def test_lanes_of_one_person_do_not_touch_each_other() -> None:
    for number in range(6):
        wrong(f"w{number}", NOW)
    own = replace(TRY, lane="device:abc")
    assert wrong("typo", NOW, own) == 0
    lanes.succeed(redis(), own, NOW)
    assert wrong("w9", NOW) == 900


def test_fifty_guesses_of_one_source_take_half_a_minute() -> None:
    now, looked_at = NOW, 0
    while looked_at < 50:
        attempt = Try(f"person{looked_at:026}", "rouen", "unknown", "192.0.2.7", "guess")
        verdict = lanes.reserve(redis(), attempt, FIVE, now)
        if verdict.wait:
            now += 0.1
            continue
        lanes.fail(redis(), attempt, FIVE, verdict, now)
        looked_at += 1
    assert 30 <= now - NOW <= 40


def test_a_school_behind_one_address_gets_in_all_at_once() -> None:
    for number in range(400):
        attempt = Try(f"person{number:026}", "rouen", "unknown", "192.0.2.7", "right")
        assert lanes.reserve(redis(), attempt, FIVE, NOW).wait == 0
        lanes.succeed(redis(), attempt, NOW)


def test_a_known_device_does_not_pay_for_its_neighbours() -> None:
    for number in range(15):
        wrong(f"w{number}", NOW, Try(f"person{number:026}", "rouen", "unknown", "192.0.2.7", "", pays=True))
    assert wrong("w", NOW, replace(TRY, pays=True)) > 0
    assert wrong("w", NOW, replace(TRY, lane="device:abc", pays=False)) == 0


def test_a_wave_makes_sources_slower() -> None:
    redis().set(lanes.wave_key("rouen"), "1")
    waits = [
        wrong("w", NOW, Try(f"person{number:026}", "rouen", "unknown", "192.0.2.7", "", pays=True))
        for number in range(6)
    ]
    assert waits == [0, 0, 0, 0, 0, 4]


def test_locks_are_listed_until_they_open() -> None:
    for number in range(5):
        wrong(f"w{number}", NOW, replace(TRY, source=f"192.0.2.{number}"))
    shut = lanes.shut(redis(), TRY.person, "unknown", NOW)
    assert shut is not None
    assert (shut.since, shut.until) == (int(NOW), int(NOW) + 900)
    assert shut.sources == tuple(f"192.0.2.{number}" for number in (4, 3, 2, 1, 0))
    assert redis().zrange(lanes.blocked_key("rouen"), 0, -1) == [f"{TRY.person} unknown"]
    assert redis().llen(lanes.LOCKED_QUEUE) == 1
    assert lanes.shut(redis(), TRY.person, "unknown", NOW + 900) is None


class Machine(RuleBasedStateMachine):
    """Guesses, mistakes, right passwords and time on three lanes of one person, beside a plain model."""

    @initialize(attempts=st.integers(3, 6), minutes=st.sampled_from([0, 1, 15]))
    def begin(self, attempts: int, minutes: int) -> None:
        redis().flushdb()
        self.limits = Limits(attempts, minutes)
        self.now = NOW
        self.seen: dict[str, set[str]] = defaultdict(set)  # different wrong ones since the count began
        self.locked: dict[str, float] = {}  # until when
        self.last: dict[str, float] = {}

    def _expected(self, lane: str) -> bool:
        """Whether the lane is open in the model."""
        until = self.locked.get(lane, 0.0)
        if until and until <= self.now:
            del self.locked[lane]
            self.seen[lane].clear()
        return lane not in self.locked

    @rule(
        lane=st.sampled_from(["unknown", "device:a", "device:b"]),
        password=st.sampled_from(["w1", "w2", "w3", "w4", "w5", "w6", "w7"]),
    )
    def guesses(self, lane: str, password: str) -> None:
        was_open = self._expected(lane)
        told = wrong(password, self.now, replace(TRY, lane=lane), self.limits)
        assert (told == 0) == was_open
        if not was_open:
            return
        self.seen[lane].add(password)
        if len(self.seen[lane]) >= self.limits.attempts:
            self.locked[lane] = (
                float("inf") if not self.limits.minutes else self.now + self.limits.minutes * 60
            )

    @rule(lane=st.sampled_from(["unknown", "device:a", "device:b"]))
    def gets_in(self, lane: str) -> None:
        was_open = self._expected(lane)
        attempt = replace(TRY, lane=lane, digest="right")
        verdict = lanes.reserve(redis(), attempt, self.limits, self.now)
        assert (verdict.wait == 0) == was_open
        if was_open:
            lanes.succeed(redis(), attempt, self.now)
            self.seen[lane].clear()

    @rule(seconds=st.integers(1, 1000))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def somebody_unlocks(self) -> None:
        lanes.reopen(redis(), TRY.person, "rouen", ["unknown", "device:a", "device:b"])
        self.seen.clear()
        self.locked.clear()

    @invariant()
    def never_more_looked_at_than_allowed(self) -> None:
        for lane, seen in getattr(self, "seen", {}).items():
            assert len(seen) <= self.limits.attempts, lane


Machine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestEveryOrderOfEvents = Machine.TestCase


def test_the_memory_of_a_count_is_a_day() -> None:
    wrong("w1", NOW)
    assert redis().ttl(lanes.lane_key(TRY.person, "unknown")) == MEMORY
