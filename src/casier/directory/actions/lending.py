"""An office lent to a colleague until a day: never more than one's own, never further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor
from casier.directory.actions.mandates import (
    NewMandate,
    check_part,
    check_platform,
    check_reason,
    locked_account,
    make_row,
    note,
)
from casier.directory.errors import BadMandate, NotFound, WrongState
from casier.directory.mandates import exercised, is_whole, schools_of
from casier.directory.models import Account, AccountState, Mandate, Network, Office, School
from casier.policies.api import policy_for

# Who can't sign in can't stand in for anybody.
_CAN_STAND_IN = frozenset({AccountState.ACTIVE, AccountState.LEAVING})


@dataclass(frozen=True, slots=True)
class Loan:
    """Until when, and for which part of what the office is for; none named: for all of it."""

    ends_at: datetime
    school: School | None = None
    department: str = ""
    network: Network | None = None


def lend_mandate(row: Mandate, to: Account, loan: Loan, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """Let TO exercise the office ROW as well, from now until LOAN ends.

    BY is its holder, or an operator at the command line. Raises BadMandate, AlreadyThere, WrongState.
    """
    with transaction.atomic():
        lender, borrower = locked_account(row.account), locked_account(to)
        mine = next((one for one in exercised(lender, now) if one.pk == row.pk), None)
        if mine is None:
            raise NotFound("This office isn’t held.", mandate=row.pk)
        _check(mine, borrower, loan, by, reason, now)
        new = _as_mandate(mine, loan)
        check_part(mine.academy, new)
        if not covers(mine, new):
            raise BadMandate("More than the office is for.", field="school")
        made = make_row(borrower, new, reason, now, shared_from=mine)
        note(made, "mandate.lent", by, reason, now)
    return made


def covers(mandate: Mandate, new: NewMandate) -> bool:
    """Whether what NEW is for is no more than what MANDATE is for."""
    if is_whole(mandate):
        return True
    if new.school is not None:
        return schools_of(mandate).filter(pk=new.school.pk).exists()
    return (new.department, new.network) == (mandate.department, mandate.network) and bool(
        new.department or new.network
    )


def _as_mandate(mine: Mandate, loan: Loan) -> NewMandate:
    """For the part that LOAN names, else for what MINE is for."""
    asked = NewMandate(Office(mine.office), loan.school, loan.ends_at, loan.department, loan.network)
    if asked.parts:
        return asked
    return NewMandate(Office(mine.office), mine.school, loan.ends_at, mine.department, mine.network)


def _check(mine: Mandate, borrower: Account, loan: Loan, by: Actor, reason: str, now: datetime) -> None:
    check_reason(reason)
    check_platform(Office(mine.office), by)
    at_the_server = by.name.startswith("operator:") and by.origin == "cli"
    if not at_the_server and by != Actor.account(mine.account.public_id, by.origin):
        raise BadMandate("Only who holds an office lends it.", field="account")
    if mine.office == Office.PLATFORM:
        raise BadMandate("The platform's office isn't lent.", field="office")
    if mine.shared_from_id is not None:
        raise BadMandate("What is lent isn't lent further.", field="office")
    if borrower.pk == mine.account_id or borrower.academy_id != mine.academy_id:
        raise BadMandate("Only to another person of the same academy.", field="to")
    if borrower.state not in _CAN_STAND_IN:
        raise WrongState("Only to someone who can sign in.", state=borrower.state)
    _check_end(mine, loan, now)


def _check_end(mine: Mandate, loan: Loan, now: datetime) -> None:
    longest = policy_for(mine.academy).rights.lend_days
    if not longest:
        raise BadMandate("The academy's policy doesn't let offices be lent.", field="office")
    if loan.ends_at <= now:
        raise BadMandate("It would have ended before it began.", field="ends_at")
    if mine.ends_at is not None and loan.ends_at > mine.ends_at:
        raise BadMandate("Longer than the office itself.", field="ends_at")
    if loan.ends_at > now + timedelta(days=longest + 1):
        raise BadMandate("Longer than the academy allows.", field="ends_at", longest_days=longest)
