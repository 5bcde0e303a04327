"""Who may: everything here is asked of the act itself, not of its page alone."""

from __future__ import annotations

from datetime import datetime

from casier.audit.api import Actor
from casier.directory.access import account_by_id, account_with
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability, may, require
from casier.directory.models import Academy, Account
from casier.kernel.errors import NotAllowed


def authorise(by: Actor, ability: Ability, on: Account | Academy, now: datetime) -> None:
    """Raises NotAllowed unless BY may: by an office, or as the server's operator."""
    kind, _colon, name = by.name.partition(":")
    if kind == "operator" and by.origin == "cli":
        return
    if kind != "account":
        raise NotAllowed("Only a person with an office may do this.", actor=by.name)
    require(account_by_id(name), ability, on, now)


def is_themselves(by: Actor, account: Account) -> bool:
    """Whether BY is ACCOUNT's own person."""
    return by.name == f"account:{account.public_id}"


def found_exactly(text: str, by: Account, ability: Ability, now: datetime) -> Account:
    """The account with this whole address, as far as BY's office reaches. Raises NotFound.

    Nobody is searched for: whoever isn't within reach looks like an address that nobody has.
    """
    account = account_with(text.strip()) if "@" in text else None
    if account is None or not may(by, ability, account, now):
        raise NotFound("No account has this address.")
    return account
