"""Who may act on someone else's account, and what every such act carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casier.audit.api import Actor, record
from casier.directory.access import account_by_id
from casier.directory.mandates import Ability, mandates_of, require
from casier.directory.models import Academy, Account
from casier.kernel.errors import CasierError, NotAllowed

LONGEST_REASON = 500


class ReasonWanted(CasierError):
    """An act on someone else's account needs a reason in words."""

    code = "reason_wanted"


class SamePerson(NotAllowed):
    """A second person has to agree, and this is the first one again; or it is one's own account."""

    code = "same_person"


def authorise(by: Actor, ability: Ability, on: Account | Academy, now: datetime) -> Account | None:
    """The account that acts, None for an operator of the server. Raises NotAllowed, SamePerson (on oneself).

    Who sits at the server's command line has the database, too: a mandate would be a pretence. Any other
    actor than these two is refused.
    """
    kind, _colon, name = by.name.partition(":")
    if kind == "operator" and by.origin == "cli":
        return None
    if kind != "account":
        raise NotAllowed("Only a person with a mandate may do this.", actor=by.name)
    account = account_by_id(name)
    require(account, ability, on, now)
    if isinstance(on, Account) and on.pk == account.pk:
        raise SamePerson("Nobody does this to their own account.")
    return account


def is_person(by: Actor) -> bool:
    """Whether BY is somebody who works at the help desk, rather than a visitor or the platform."""
    return by.name.partition(":")[0] in {"account", "operator"}


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises ReasonWanted."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonWanted("Say why.")
    return reason


def second_person_wanted(account: Account, by_policy: bool, now: datetime) -> bool:
    """Whether a second person must agree: by policy, and always for who holds a mandate.

    A help desk that could reset the director's account alone would hold the director's powers.
    """
    return by_policy or mandates_of(account, now).exists()


def note(by: Actor, action: str, account: Account, reason: str, now: datetime, **facts: Any) -> None:
    """Journal an act on ACCOUNT."""
    record(
        by, f"recovery.{action}", f"account:{account.public_id}", reason,
        academy=account.academy.slug, at=now, **facts,
    )  # fmt: skip
