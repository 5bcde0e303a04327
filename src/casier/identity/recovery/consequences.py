"""What follows when an account was recovered or reset: doors shut behind, locks opened, the person told."""

from __future__ import annotations

from collections.abc import Mapping

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.history.api import Notice, tell


def unlock(account: Account, by: Actor, reason: str) -> None:
    """Open what wrong tries have locked: whoever proved their identity otherwise needn't wait.

    The person is told once, of what it belongs to.
    """
    from casier.identity.guard import api as guard

    guard.unlock(account, by=by, reason=reason, alone=False)


def tell_of(account: Account, notice: Notice, facts: Mapping[str, str], not_by: str = "") -> None:
    """Tell the person by another road than the one that was just used."""
    tell(account, notice, facts, not_by=not_by)
