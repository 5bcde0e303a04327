"""What can be done to many: whose ability it takes, to whom it can't be done and why, how, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.console.acting import Act, do
from casier.directory import actions
from casier.directory.access import mailbox_by_id
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability
from casier.directory.models import Account, AccountState, Membership, Role
from casier.life import api as life
from casier.life.models import Departure

Params = dict[str, Any]
Outcome = dict[str, Any]


class ManyAct(StrEnum):
    """What is done."""

    SHEETS = "sheets"  # new arrival sheets
    SIGN_OUT = "sign_out"
    SUSPEND = "suspend"
    RESUME = "resume"
    LEAVE = "leave"
    STAY = "stay"
    QUOTA = "quota"
    MEMBER = "member"  # of a functional mailbox


class CannotUndo(Exception):
    """What was done isn't taken back: it has changed since, or is gone. The code says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Weight(StrEnum):
    """How much harm an act on many does by mistake: whether, for many, a second person has to agree."""

    LIGHT = "light"
    SHUTS_OUT = "shuts_out"  # until it is taken back
    CLOSES = "closes"  # people are told, and their accounts end


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of act."""

    ability: Ability
    states: frozenset[AccountState]
    do: Callable[[Account, Params, Actor, str, datetime], Outcome] | None
    undo: Callable[[Account, Outcome, Actor, str, datetime], None] | None = None
    weight: Weight = Weight.LIGHT


def refusal(act: ManyAct, account: Account, params: Params) -> str:
    """Why ACT can't be done to ACCOUNT as it stands; "" where it can. Reads nothing but the row."""
    if account.state not in DEEDS[act].states:
        return f"is_{account.state}"
    if act is ManyAct.QUOTA and account.quota_bytes == params.get("bytes"):
        return "same"
    return ""


def last_fact(account: Account) -> int:
    """The last entry of the journal that changed what ACCOUNT is: whether something happened since."""
    target = f"account:{account.public_id}"
    rows = JournalEntry.objects.filter(target=target, action__in=_CHANGES).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


_CHANGES = [
    *(f"account.{past}" for past in ("activated", "suspended", "resumed", "leaving", "staying", "closed")),
    "account.reopened", "account.purged", "leaving.moved", "account.held", "account.hold_lifted",
    "account.fate_decided",
]  # fmt: skip


def _unchanged(account: Account, outcome: Outcome) -> None:
    if last_fact(account) != outcome.get("fact"):
        raise CannotUndo("changed_since")


# One by one --------------------------------------------------------------------------------------------
def _at_once(act: Act) -> Callable[[Account, Params, Actor, str, datetime], Outcome]:
    def done(account: Account, _params: Params, by: Actor, reason: str, _now: datetime) -> Outcome:
        do(act, account, by=by, reason=reason)
        return {"fact": last_fact(account)}

    return done


def _back(act: Act) -> Callable[[Account, Outcome, Actor, str, datetime], None]:
    def undone(account: Account, outcome: Outcome, by: Actor, reason: str, _now: datetime) -> None:
        _unchanged(account, outcome)
        do(act, account, by=by, reason=reason)

    return undone


def _leave(account: Account, params: Params, by: Actor, reason: str, now: datetime) -> Outcome:
    day = date.fromisoformat(params["last_day"]) if params.get("last_day") else None
    life.begin_leaving(account, last_day=day, by=by, reason=reason, now=now)
    return {"fact": last_fact(account)}


def _leave_back(account: Account, outcome: Outcome, by: Actor, reason: str, now: datetime) -> None:
    _unchanged(account, outcome)
    life.cancel_leaving(account, by=by, reason=reason, now=now)


def _stay(account: Account, _params: Params, by: Actor, reason: str, now: datetime) -> Outcome:
    row = Departure.objects.filter(account=account, ended_on=None).order_by("-began_on").first()
    days = {"last_day": row.last_day.isoformat(), "closes_on": row.closes_on.isoformat()} if row else {}
    life.cancel_leaving(account, by=by, reason=reason, now=now)
    return {"fact": last_fact(account), **days}


def _stay_back(account: Account, outcome: Outcome, by: Actor, reason: str, now: datetime) -> None:
    _unchanged(account, outcome)
    if not outcome.get("last_day"):
        raise CannotUndo("changed_since")
    life.begin_leaving(
        account,
        last_day=date.fromisoformat(outcome["last_day"]),
        closes_on=date.fromisoformat(outcome["closes_on"]),
        by=by,
        reason=reason,
        now=now,
    )


def _quota(account: Account, params: Params, by: Actor, reason: str, now: datetime) -> Outcome:
    before, after = account.quota_bytes, params.get("bytes")
    actions.set_quota(account, after, by=by, reason=reason, now=now)
    return {"before": before, "after": after}


def _quota_back(account: Account, outcome: Outcome, by: Actor, reason: str, now: datetime) -> None:
    if account.quota_bytes != outcome["after"]:
        raise CannotUndo("changed_since")
    actions.set_quota(account, outcome["before"], by=by, reason=reason, now=now)


def _member(account: Account, params: Params, by: Actor, reason: str, now: datetime) -> Outcome:
    mailbox = mailbox_by_id(params["mailbox"])
    was = Membership.objects.filter(mailbox=mailbox, account=account).first()
    if was is not None:
        # Who is in it already keeps the role they have: many at once is no way to change one's.
        raise WrongState("Already a member.", why="member_already")
    actions.set_member(mailbox, account, Role(params["role"]), by=by, reason=reason, now=now)
    return {"mailbox": mailbox.pk.hex, "role": params["role"]}


def _member_back(account: Account, outcome: Outcome, by: Actor, reason: str, now: datetime) -> None:
    mailbox = mailbox_by_id(outcome["mailbox"])
    row = Membership.objects.filter(mailbox=mailbox, account=account).first()
    if row is None or row.role != outcome["role"]:
        raise CannotUndo("changed_since")
    actions.remove_member(mailbox, account, by=by, reason=reason, now=now)


_INVITED, _ACTIVE, _LEAVING = AccountState.INVITED, AccountState.ACTIVE, AccountState.LEAVING
_SUSPENDED = AccountState.SUSPENDED
_OPEN = frozenset({_INVITED, _ACTIVE, _LEAVING})
_LIVE = frozenset(AccountState) - ENDED

DEEDS: dict[ManyAct, Deed] = {
    # In portions of its own: what stands on the sheets is sealed where it is made.
    ManyAct.SHEETS: Deed(Ability.RESET, frozenset({_INVITED}), None),
    ManyAct.SIGN_OUT: Deed(Ability.SUSPEND, frozenset({_ACTIVE, _LEAVING}), _at_once(Act.SIGN_OUT)),
    ManyAct.SUSPEND: Deed(
        Ability.SUSPEND, _OPEN, _at_once(Act.SUSPEND), _back(Act.RESUME), weight=Weight.SHUTS_OUT
    ),
    ManyAct.RESUME: Deed(Ability.SUSPEND, frozenset({_SUSPENDED}), _at_once(Act.RESUME), _back(Act.SUSPEND)),
    ManyAct.LEAVE: Deed(
        Ability.MANAGE_LIFE,
        frozenset({_INVITED, _ACTIVE, _SUSPENDED}),
        _leave,
        _leave_back,
        weight=Weight.CLOSES,
    ),
    ManyAct.STAY: Deed(Ability.MANAGE_LIFE, frozenset({_LEAVING}), _stay, _stay_back),
    ManyAct.QUOTA: Deed(Ability.MANAGE_LIFE, frozenset(_LIVE), _quota, _quota_back),
    ManyAct.MEMBER: Deed(
        Ability.MANAGE_SCHOOL_MAILBOXES, frozenset({_INVITED, _ACTIVE, _LEAVING}), _member, _member_back
    ),
}
