"""What recovery asks of the other rooms of identity, in one place."""

from __future__ import annotations

from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.api import end_sessions
from casier.identity.factors import api as factors
from casier.identity.guard import api as guard
from casier.identity.passwords.api import set_temporary_password
from casier.kernel.secret import Secret


def temporary_password(account: Account, by: Actor, reason: str) -> Secret:
    """A password that nobody chose, which opens the way to one's own; sessions end."""
    return set_temporary_password(account, by, reason)


def end_everything(account: Account, by: Actor, reason: str) -> None:
    """Sign out everywhere, and no browser counts as known any more."""
    end_sessions(account, reason, by)
    guard.forget_devices(account)


def drop_factors(account: Account, by: Actor, reason: str) -> None:
    """Take every second factor, recovery code and trusted device off."""
    factors.reset(account, by, reason, timezone.now())
