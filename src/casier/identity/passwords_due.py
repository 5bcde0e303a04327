"""Whether a password has to be set before the session opens, and why."""

from __future__ import annotations

from datetime import datetime

from casier.directory.models import Account
from casier.identity.entry.road import Entry, PasswordDue, Proof, Purpose
from casier.identity.models import User


def password_due(account: Account, entry: Entry, now: datetime) -> PasswordDue | None:
    """Why a password is due at this entry; None when none is."""
    user = User.objects.filter(account=account).first()
    if user is None or not user.has_usable_password():
        return PasswordDue.FIRST
    if Proof.TEMPORARY_PASSWORD in entry.proofs:
        return PasswordDue.TEMPORARY
    if entry.purpose is Purpose.RECOVERY and user.password_changed_at and _older(user, entry):
        return PasswordDue.FORGOTTEN
    return None


def _older(user: User, entry: Entry) -> bool:
    """Whether the password was set before this entry began."""
    return user.password_changed_at is not None and user.password_changed_at.timestamp() < entry.began
