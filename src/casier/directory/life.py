"""The life of an account, as a table: from which state an action leads where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from casier.directory.errors import WrongState
from casier.directory.models import AccountState


class Step(StrEnum):
    """What can be done to an account."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    LEAVE = "leave"
    STAY = "stay"
    CLOSE = "close"
    REOPEN = "reopen"
    PURGE = "purge"


_INVITED, _ACTIVE = AccountState.INVITED, AccountState.ACTIVE
_SUSPENDED, _LEAVING = AccountState.SUSPENDED, AccountState.LEAVING
_CLOSED, _PURGED = AccountState.CLOSED, AccountState.PURGED

# Whose person may come in, once they can prove who they are.
ENTERS = frozenset({_INVITED, _ACTIVE, _LEAVING})
# Who has come in once, and may again.
IN_USE = frozenset({_ACTIVE, _LEAVING})
# Out for good, unless somebody opens them again.
ENDED = frozenset({_CLOSED, _PURGED})
# Nobody comes in: a browser that was open is signed out.
OUT = ENDED | {_SUSPENDED}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands, and what lies below.

    UNDER: what a suspension covers; of a closed account, that it was suspended. WAS: what it was before it
    began to leave, or was closed.
    """

    state: AccountState
    under: AccountState | None = None
    was: AccountState | None = None

    @property
    def leaving(self) -> bool:
        """Whether it is on its way out, also while it is suspended."""
        return _LEAVING in (self.state, self.under)


def after(now: Standing, step: Step) -> Standing:
    """Where STEP leads from NOW; NOW itself when there is nothing to change. Raises WrongState.

    A suspension outlives everything but its end: an account that is suspended while it leaves, closes and is
    opened again is suspended still, or closing it would be a way around the security officer.
    """
    if now.state not in _FROM[step]:
        raise WrongState(
            f"An account that is {now.state.value} can't {step.value}.",
            state=now.state.value, step=step.value,
        )  # fmt: skip
    return _LEADS[step](now)


def _activate(now: Standing) -> Standing:
    return Standing(_ACTIVE) if now.state is _INVITED else now


def _suspend(now: Standing) -> Standing:
    return now if now.state is _SUSPENDED else Standing(_SUSPENDED, now.state, now.was)


def _resume(now: Standing) -> Standing:
    return Standing(now.under or _ACTIVE, None, now.was) if now.state is _SUSPENDED else now


def _leave(now: Standing) -> Standing:
    if now.leaving:
        return now
    if now.state is _SUSPENDED:
        return Standing(_SUSPENDED, _LEAVING, now.under or _ACTIVE)
    return Standing(_LEAVING, None, now.state)


def _stay(now: Standing) -> Standing:
    if not now.leaving:
        return now
    before = now.was or _ACTIVE
    return Standing(_SUSPENDED, before) if now.state is _SUSPENDED else Standing(before)


def _close(now: Standing) -> Standing:
    if now.state is _CLOSED:
        return now
    suspended = now.state is _SUSPENDED
    life = now.under if suspended else now.state
    before = now.was if life is _LEAVING else life
    return Standing(_CLOSED, _SUSPENDED if suspended else None, before or _ACTIVE)


def _reopen(now: Standing) -> Standing:
    if now.state is _PURGED:
        return Standing(_INVITED)
    if now.state is not _CLOSED:
        return now
    before = now.was or _ACTIVE
    return Standing(_SUSPENDED, before) if now.under is _SUSPENDED else Standing(before)


def _purge(now: Standing) -> Standing:
    return now if now.state is _PURGED else Standing(_PURGED)


_ALIVE = frozenset({_INVITED, _ACTIVE, _SUSPENDED, _LEAVING})
_FROM: dict[Step, frozenset[AccountState]] = {
    Step.ACTIVATE: frozenset({_INVITED, _ACTIVE}),
    Step.SUSPEND: _ALIVE,
    Step.RESUME: _ALIVE,
    Step.LEAVE: _ALIVE,
    Step.STAY: _ALIVE,
    Step.CLOSE: _ALIVE | {_CLOSED},
    # What leaves is told to stay; what is suspended, to resume: neither by mistake.
    Step.REOPEN: frozenset({_INVITED, _ACTIVE, _CLOSED, _PURGED}),
    Step.PURGE: ENDED,
}
_LEADS: dict[Step, Callable[[Standing], Standing]] = {
    Step.ACTIVATE: _activate,
    Step.SUSPEND: _suspend,
    Step.RESUME: _resume,
    Step.LEAVE: _leave,
    Step.STAY: _stay,
    Step.CLOSE: _close,
    Step.REOPEN: _reopen,
    Step.PURGE: _purge,
}
