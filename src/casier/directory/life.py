"""The life of an account, as a table: from which state an action leads where."""

from __future__ import annotations

from enum import StrEnum

from casier.directory.errors import WrongState
from casier.directory.models import AccountState


class Step(StrEnum):
    """What can be done to an account."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


_INVITED, _ACTIVE = AccountState.INVITED, AccountState.ACTIVE
_SUSPENDED, _CLOSED = AccountState.SUSPENDED, AccountState.CLOSED
_FROM: dict[Step, frozenset[AccountState]] = {
    Step.ACTIVATE: frozenset({_INVITED, _ACTIVE}),
    Step.SUSPEND: frozenset({_INVITED, _ACTIVE, _SUSPENDED}),
    Step.RESUME: frozenset({_INVITED, _ACTIVE, _SUSPENDED}),
    Step.CLOSE: frozenset({_INVITED, _ACTIVE, _SUSPENDED, _CLOSED}),
}


def next_state(state: AccountState, before: AccountState | None, step: Step) -> AccountState:
    """Where STEP leads from STATE; the same state when there is nothing to change. Raises WrongState.

    BEFORE is what a suspended account was, which resuming brings back.
    """
    if state not in _FROM[step]:
        raise WrongState(
            f"An account that is {state.value} can't {step.value}.", state=state.value, step=step.value
        )
    if step is Step.RESUME:
        return (before or _ACTIVE) if state is _SUSPENDED else state
    return {Step.ACTIVATE: _ACTIVE, Step.SUSPEND: _SUSPENDED, Step.CLOSE: _CLOSED}[step]
