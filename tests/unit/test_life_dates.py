"""When what happens, as pure functions; and a machine of days that pass, holds that come and go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from casier.life.dates import Span, closing_day, closing_range, due, held_on, notice_due, span_of
from casier.policies.api import Policy
from casier.policies.policy import Leaving

DAY = date(2026, 9, 1)


def plus(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 30),
        ([(5, 9)], 35),
        ([(30, 30)], 31),
        ([(31, 40)], 30),
        ([(-9, -1)], 30),
        ([(-9, 3)], 33),
        ([(5, 9), (7, 12)], 38),
        ([(5, 9), (32, 33)], 37),
        ([(5, 9), (36, 40)], 35),
        ([(5, 9), (35, 40)], 41),
        ([(5, None)], None),
        ([(31, None)], 30),
    ],
)
def test_held_days_do_not_count(spans: list[tuple[int, int | None]], expected: int | None) -> None:
    held = [Span(plus(start), None if end is None else plus(end)) for start, end in spans]
    assert due(DAY, plus(30), held) == (None if expected is None else plus(expected))


@st.composite
def some_spans(draw: st.DrawFn) -> list[Span]:
    pairs = draw(st.lists(st.tuples(st.integers(-20, 80), st.integers(0, 30)), max_size=5))
    return [Span(plus(start), plus(start + length)) for start, length in pairs]


@given(some_spans(), st.integers(0, 60))
def test_it_is_the_day_on_which_so_many_days_that_count_are_over(spans: list[Span], days: int) -> None:
    day = due(DAY, plus(days), spans)
    assert day is not None
    counted = [one for one in range(1, (day - DAY).days + 1) if not held_on(plus(one), spans)]
    assert len(counted) == days
    assert days == 0 or not held_on(day, spans)


@pytest.mark.parametrize(
    ("until", "lifted", "expected"),
    [
        (None, None, Span(DAY)),
        (plus(5), None, Span(DAY, plus(5))),
        (plus(5), plus(3), Span(DAY, plus(2))),
        (plus(5), plus(9), Span(DAY, plus(5))),
        (None, DAY, None),
    ],
)
def test_the_days_of_a_hold(until: date | None, lifted: date | None, expected: Span | None) -> None:
    assert span_of(DAY, until, lifted) == expected


@pytest.mark.parametrize(
    ("last_day", "occasional", "expected"),
    [(0, False, 30), (-10, False, 20), (-90, False, 15), (20, False, 50), (0, True, 0), (3, True, 4)],
)
def test_the_closing_day(last_day: int, occasional: bool, expected: int) -> None:
    policy = Policy(leaving=Leaving(occasional_at_once=True))
    assert closing_day(plus(last_day), DAY, policy, occasional=occasional) == plus(expected)


def test_what_may_be_chosen() -> None:
    assert closing_range(DAY, DAY, Policy()) == (plus(15), plus(30))
    assert closing_range(plus(-90), DAY, Policy()) == (plus(1), plus(1))


@pytest.mark.parametrize(
    ("left", "expected"), [(30, None), (8, None), (7, 7), (5, 7), (1, 1), (0, None), (-3, None)]
)
def test_which_notice(left: int, expected: int | None) -> None:
    assert notice_due(plus(left), DAY, (7, 1)) == expected


class Clock(RuleBasedStateMachine):
    """Days pass; holds begin, end, are lifted. The purge never comes early and never under a hold."""

    def __init__(self) -> None:
        super().__init__()
        self.today = DAY
        self.holds: list[tuple[date, date | None, date | None]] = []
        self.purged = False

    def spans(self) -> list[Span]:
        return [span for row in self.holds if (span := span_of(*row)) is not None]

    @precondition(lambda self: not self.purged)
    @rule(days=st.one_of(st.none(), st.integers(0, 40)))
    def hold(self, days: int | None) -> None:
        until = None if days is None else self.today + timedelta(days=days)
        self.holds.append((self.today, until, None))

    @rule()
    def lift(self) -> None:
        self.holds = [(start, until, lifted or self.today) for start, until, lifted in self.holds]

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        for _ in range(days):
            self.today += timedelta(days=1)
            self.night()

    @property
    def counted(self) -> int:
        """The days that count, as the holds stand now: the day on which one is lifted is the first."""
        passed = range(1, (self.today - DAY).days + 1)
        return sum(not held_on(plus(day), self.spans()) for day in passed)

    def night(self) -> None:
        day = due(DAY, plus(30), self.spans())
        if not self.purged and day is not None and day <= self.today:
            assert self.counted >= 30
            self.purged = not held_on(self.today, self.spans())

    @invariant()
    def it_comes_once_the_days_are_over(self) -> None:
        night = self.counted - (not held_on(self.today, self.spans()))
        if night >= 30:
            assert self.purged


TestClock = Clock.TestCase
