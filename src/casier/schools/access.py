"""Who acts, and whether they may: asked in each act, whatever its page asked before.

Who sits at the server's command line needs no office: they have the database, too.
"""

from __future__ import annotations

from datetime import datetime

from casier.audit.api import Actor
from casier.directory.access import account_by_id
from casier.directory.life import ENTERS
from casier.directory.mandates import Ability, On, may, require
from casier.directory.models import Account, FunctionalMailbox, Membership, Role
from casier.kernel.errors import NotAllowed
from casier.schools.errors import NoReason

LONGEST_REASON = 500


def person_behind(by: Actor) -> Account | None:
    """The account that acts; None at the command line. Raises NotAllowed for whatever else acts."""
    kind, _colon, name = by.name.partition(":")
    if kind == "operator" and by.origin == "cli":
        return None
    if kind != "account":
        raise NotAllowed("Only a person may do this.", actor=by.name)
    return account_by_id(name)


def allow(by: Actor, ability: Ability, on: On, now: datetime) -> Account | None:
    """Who acts, where they may. Raises NotAllowed."""
    account = person_behind(by)
    if account is not None:
        require(account, ability, on, now)
    return account


def decides_all(account: Account | None, mailbox_academy: On, now: datetime) -> bool:
    """Whether ACCOUNT manages the mailboxes of the whole academy."""
    return account is None or may(account, Ability.MANAGE_SCHOOL_MAILBOXES, mailbox_academy, now)


def names_members(account: Account | None, mailbox: FunctionalMailbox, now: datetime) -> bool:
    """Whether ACCOUNT may name the members of MAILBOX: by an office, or as its manager."""
    if account is None:
        return True
    if by_office(account, mailbox, now):
        return True
    mine = Membership.objects.filter(mailbox=mailbox, account=account, role=Role.MANAGE)
    return account.state in ENTERS and not mailbox.is_closed and mine.exists()


def by_office(account: Account, mailbox: FunctionalMailbox, now: datetime) -> bool:
    """Whether an office lets ACCOUNT manage MAILBOX: a school's, or a service's of the academy."""
    return may(account, Ability.MANAGE_SCHOOL_MAILBOXES, mailbox.school or mailbox.academy, now)


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises NoReason."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise NoReason("Say why.")
    return reason
