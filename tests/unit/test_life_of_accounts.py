"""The table of the states of an account: what leads where, whatever came before."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from casier.directory.errors import WrongState
from casier.directory.life import ENDED, ENTERS, OUT, Standing, Step, after
from casier.directory.models import AccountState

INVITED, ACTIVE, SUSPENDED = AccountState.INVITED, AccountState.ACTIVE, AccountState.SUSPENDED
LEAVING, CLOSED, PURGED = AccountState.LEAVING, AccountState.CLOSED, AccountState.PURGED


def walk(start: AccountState, *steps: Step) -> Standing:
    standing = Standing(start)
    for step in steps:
        standing = after(standing, step)
    return standing


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        (ACTIVE, (Step.LEAVE,), LEAVING),
        (ACTIVE, (Step.LEAVE, Step.STAY), ACTIVE),
        (INVITED, (Step.LEAVE, Step.STAY), INVITED),
        (ACTIVE, (Step.LEAVE, Step.SUSPEND), SUSPENDED),
        (ACTIVE, (Step.LEAVE, Step.SUSPEND, Step.RESUME), LEAVING),
        (ACTIVE, (Step.SUSPEND, Step.LEAVE, Step.RESUME), LEAVING),
        (ACTIVE, (Step.SUSPEND, Step.LEAVE, Step.STAY), SUSPENDED),
        (INVITED, (Step.SUSPEND, Step.LEAVE, Step.STAY, Step.RESUME), INVITED),
        (INVITED, (Step.LEAVE, Step.CLOSE, Step.REOPEN), INVITED),
        (ACTIVE, (Step.LEAVE, Step.CLOSE, Step.REOPEN), ACTIVE),
        # Closing is no way around who suspended it.
        (ACTIVE, (Step.LEAVE, Step.SUSPEND, Step.CLOSE, Step.REOPEN), SUSPENDED),
        (ACTIVE, (Step.SUSPEND, Step.CLOSE, Step.REOPEN, Step.RESUME), ACTIVE),
        (ACTIVE, (Step.CLOSE, Step.PURGE), PURGED),
        # Back after years: as one who is new.
        (ACTIVE, (Step.CLOSE, Step.PURGE, Step.REOPEN), INVITED),
    ],
)
def test_where_steps_lead(start: AccountState, steps: tuple[Step, ...], end: AccountState) -> None:
    assert walk(start, *steps).state is end


@pytest.mark.parametrize(
    ("start", "step"),
    [
        (ACTIVE, Step.PURGE),
        (INVITED, Step.PURGE),
        (CLOSED, Step.STAY),
        (CLOSED, Step.LEAVE),
        (CLOSED, Step.RESUME),
        (CLOSED, Step.ACTIVATE),
        (PURGED, Step.CLOSE),
        (PURGED, Step.ACTIVATE),
        (SUSPENDED, Step.REOPEN),
    ],
)
def test_what_cannot_be(start: AccountState, step: Step) -> None:
    with pytest.raises(WrongState):
        after(Standing(start), step)


def test_what_leaves_is_not_purged_and_stays_by_its_own_step() -> None:
    leaving = walk(ACTIVE, Step.LEAVE)
    for step in (Step.PURGE, Step.REOPEN, Step.ACTIVATE):
        with pytest.raises(WrongState):
            after(leaving, step)


class Lives(RuleBasedStateMachine):
    """Any steps in any order, beside what a careful clerk would remember."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = Standing(INVITED)
        self.activated = False
        self.suspended = False

    @rule(step=st.sampled_from(Step))
    def take(self, step: Step) -> None:
        before = self.standing
        try:
            self.standing = after(before, step)
        except WrongState:
            return
        assert step is Step.REOPEN or after(self.standing, step) == self.standing
        if step is Step.ACTIVATE:
            self.activated = True
        if step is Step.SUSPEND:
            self.suspended = True
        if step is Step.RESUME:
            self.suspended = False
        if self.standing.state is PURGED:
            assert before.state in ENDED
            self.activated = self.suspended = False

    @precondition(lambda self: self.standing.state is CLOSED)
    @rule()
    def reopen(self) -> None:
        """Nothing that was is lost until the purge."""
        back = after(self.standing, Step.REOPEN)
        while back.state is SUSPENDED:
            assert self.suspended
            back = after(back, Step.RESUME)
        assert back.state is (ACTIVE if self.activated else INVITED)

    @invariant()
    def a_suspension_holds(self) -> None:
        if self.suspended:
            assert self.standing.state in OUT

    @invariant()
    def nobody_new_enters_as_someone_known(self) -> None:
        if self.standing.state is ACTIVE:
            assert self.activated

    @invariant()
    def every_state_is_in_or_out(self) -> None:
        assert (self.standing.state in ENTERS) != (self.standing.state in OUT)


TestLives = Lives.TestCase
