"""What can be done for a person's access: by the console's pages and by the command line, in one way.

Each act is allowed by a mandate that reaches the person, has a reason, is journalled with who did it, and the
person is told. An operator at the server's command line needs no mandate: they have the database, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.access import account_by_id
from casier.directory.errors import WrongState
from casier.directory.mandates import Ability, require
from casier.directory.models import Academy, Account, AccountState
from casier.identity.api import end_sessions
from casier.identity.guard import api as guard
from casier.identity.history.api import Notice, tell
from casier.kernel.errors import CasierError, NotAllowed

LONGEST_REASON = 500


class NoReason(CasierError):
    """An act on someone else's account needs a reason in words."""

    code = "reason_wanted"


class NotWithin(NotAllowed):
    """Who or what was asked for isn't there, or isn't within the perimeter: both look alike."""

    code = "not_within"


class Act(StrEnum):
    """What is done at once; a reset and a letter have steps of their own (`identity.recovery`)."""

    UNLOCK = "unlock"
    SUSPEND = "suspend"
    RESUME = "resume"
    SIGN_OUT = "sign_out"


ABILITIES: dict[Act, Ability] = {
    Act.UNLOCK: Ability.UNLOCK,
    Act.SUSPEND: Ability.SUSPEND,
    Act.RESUME: Ability.SUSPEND,
    Act.SIGN_OUT: Ability.SUSPEND,
}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: how many sessions ended, the account's state now."""

    act: Act
    state: str
    sessions: int = 0


def do(act: Act, account: Account, *, by: Actor, reason: str) -> Done:
    """Do ACT to ACCOUNT. Raises NotAllowed, NoReason, WrongState."""
    now = timezone.now()
    authorise(by, ABILITIES[act], account, now)
    return _DO[act](account, by, reason_in(reason), now)


def authorise(by: Actor, ability: Ability, on: Account | Academy, now: datetime) -> None:
    """Raises NotAllowed unless BY may: by a mandate and never on oneself, or as the server's operator."""
    kind, _colon, name = by.name.partition(":")
    if kind == "operator" and by.origin == "cli":
        return
    if kind != "account":
        raise NotAllowed("Only a person with a mandate may do this.", actor=by.name)
    account = account_by_id(name)
    require(account, ability, on, now)
    if isinstance(on, Account) and on.pk == account.pk:
        raise NotAllowed("Nobody does this to their own account.", ability=ability.value)


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises NoReason."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise NoReason("Say why.")
    return reason


def _unlock(account: Account, by: Actor, reason: str, _: datetime) -> Done:
    guard.unlock(account, by=by, reason=reason)
    return Done(Act.UNLOCK, account.state)


def _suspend(account: Account, by: Actor, reason: str, now: datetime) -> Done:
    with transaction.atomic():
        changed = actions.suspend(account, by=by, reason=reason, now=now)
        tell(account, Notice.SUSPENDED, {"reason": reason, "by": by.name})
    # What was open then mustn't open again with the account.
    ended = end_sessions(account, reason, by)
    return Done(Act.SUSPEND, changed.state, ended)


def _resume(account: Account, by: Actor, reason: str, now: datetime) -> Done:
    if account.state != AccountState.SUSPENDED:
        raise WrongState("The account isn't suspended.", state=account.state)
    with transaction.atomic():
        changed = actions.resume(account, by=by, reason=reason, now=now)
        tell(account, Notice.RESUMED, {"reason": reason, "by": by.name})
    return Done(Act.RESUME, changed.state)


def _sign_out(account: Account, by: Actor, reason: str, _: datetime) -> Done:
    with transaction.atomic():
        tell(account, Notice.HELP_DESK, {"what": Act.SIGN_OUT.value, "reason": reason, "by": by.name})
        ended = end_sessions(account, reason, by)
    return Done(Act.SIGN_OUT, account.state, ended)


_DO: dict[Act, Callable[[Account, Actor, str, datetime], Done]] = {
    Act.UNLOCK: _unlock,
    Act.SUSPEND: _suspend,
    Act.RESUME: _resume,
    Act.SIGN_OUT: _sign_out,
}
