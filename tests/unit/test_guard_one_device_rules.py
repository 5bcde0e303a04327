"""One device at a time: the rules, and a machine that tries every order of events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from casier.identity.guard.one_device import Coming, Decision, Open, Rule, Step, decide

NOW = 1_000_000
FIRST = Open("first", "device-1")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("off", Decision(Step.OPEN)),
        ("replace", Decision(Step.REPLACE, end=("first",))),
        ("refuse", Decision(Step.REFUSE)),
        ("suspend", Decision(Step.SUSPEND, freeze=("first",), until=NOW + 600)),
    ],
)
def test_a_second_device_meets_the_policy(mode: str, expected: Decision) -> None:
    assert decide(Rule(mode, 600), Coming("device-2", strong=False), (FIRST,), 0, NOW) == expected


@pytest.mark.parametrize("mode", ["replace", "refuse", "suspend"])
def test_the_same_device_again_is_no_second_one(mode: str) -> None:
    again = decide(Rule(mode, 600), Coming("device-1", strong=False), (FIRST,), 0, NOW)
    assert again == Decision(Step.OPEN, end=("first",))
    unknown = Open("first", "")
    browser = Coming("", strong=False, replaces="first")
    assert decide(Rule(mode, 600), browser, (unknown,), 0, NOW) == Decision(Step.OPEN, end=("first",))


@pytest.mark.parametrize("mode", ["replace", "refuse", "suspend"])
def test_two_unknown_browsers_are_two_devices(mode: str) -> None:
    found = decide(Rule(mode, 600), Coming("", strong=False), (Open("first", ""),), 0, NOW)
    assert found.step is not Step.OPEN


def test_while_both_stand_still_only_a_strong_factor_goes_on() -> None:
    rule = Rule("suspend", 600)
    for device in ("device-1", "device-2"):
        waits = decide(rule, Coming(device, strong=False), (FIRST,), NOW + 500, NOW)
        assert waits == Decision(Step.WAIT, until=NOW + 500)
        goes_on = decide(rule, Coming(device, strong=True), (FIRST,), NOW + 500, NOW)
        assert goes_on == Decision(Step.REPLACE, end=("first",))


def test_a_strong_factor_alone_does_not_take_over() -> None:
    """Before a suspension, it is just a second device: the first one must be told, not thrown out."""
    found = decide(Rule("suspend", 600), Coming("device-2", strong=True), (FIRST,), 0, NOW)
    assert found.step is Step.SUSPEND


class Machine(RuleBasedStateMachine):
    """Any number of devices that come, prove, leave and wait, under one policy."""

    def __init__(self) -> None:
        super().__init__()
        self.rule = Rule("off")
        self.now = NOW
        self.open: dict[str, Open] = {}
        self.frozen_until = 0
        self.count = 0

    @precondition(lambda self: self.count == 0)
    @rule(mode=st.sampled_from(["replace", "refuse", "suspend"]))
    def policy(self, mode: str) -> None:
        self.rule = Rule(mode, 600 if mode == "suspend" else 0)

    @rule(device=st.sampled_from(["", "a", "b", "c"]), strong=st.booleans())
    def comes(self, device: str, strong: bool) -> None:
        frozen = self.now < self.frozen_until
        before = dict(self.open)
        found = decide(
            self.rule, Coming(device, strong), tuple(self.open.values()), self.frozen_until, self.now
        )
        for digest in found.end:
            del self.open[digest]
        if found.opens:
            self.count += 1
            self.open[f"s{self.count}"] = Open(f"s{self.count}", device)
            self.frozen_until = 0
        elif found.step is Step.SUSPEND:
            assert not frozen
            self.frozen_until = found.until
        if frozen and not strong:
            assert not found.opens
            assert self.open == before
        if frozen and strong:
            assert list(self.open) == [f"s{self.count}"]

    @precondition(lambda self: self.open)
    @rule()
    def leaves(self) -> None:
        """A session ends: signed out, idle, or too old."""
        self.open.pop(next(iter(self.open)))

    @rule(seconds=st.integers(1, 700))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def never_two_at_once(self) -> None:
        if self.rule.mode != "off":
            assert len(self.open) <= 1

    @invariant()
    def a_suspension_ends(self) -> None:
        assert self.frozen_until <= self.now + self.rule.suspend_seconds


Machine.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
test_every_order_of_events = Machine.TestCase


def test_off_never_stands_in_the_way() -> None:
    many = tuple(replace(FIRST, digest=str(number)) for number in range(5))
    assert decide(Rule("off"), Coming("x", strong=False), many, NOW + 500, NOW) == Decision(Step.OPEN)
