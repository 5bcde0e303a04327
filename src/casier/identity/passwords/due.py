"""Whether a password has to be set before the session opens, and why; by what a typed password proves."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.directory.models import Account
from casier.identity import hashers
from casier.identity.entry.road import Entry, PasswordDue, Proof, Purpose
from casier.identity.models import PasswordKind, User
from casier.identity.passwords.expiry import is_over


def password_due(account: Account, entry: Entry, now: datetime) -> PasswordDue | None:
    """Why a password is due at this entry; None when none is."""
    user: User | None = getattr(account, "user", None)
    if user is None or not user.has_usable_password():
        return PasswordDue.FIRST
    if user.password_kind == PasswordKind.TEMPORARY:
        return PasswordDue.TEMPORARY
    if entry.purpose is Purpose.RECOVERY and _older(user, entry):
        return PasswordDue.FORGOTTEN
    # An activation that was broken off and taken up again: what proved its owner is no password.
    if entry.purpose is Purpose.ACTIVATION and Proof.IDENTITY in entry.proofs and _older(user, entry):
        return PasswordDue.FIRST
    if user.change_forced_at is not None:
        return PasswordDue.FORCED
    return PasswordDue.EXPIRED if is_over(user, now) else None


def _older(user: User, entry: Entry) -> bool:
    """Whether the password was set before this entry began."""
    changed = user.password_changed_at
    if changed is None or changed.isoformat() == entry.password_before:
        return True
    return changed.timestamp() < entry.began


def proof_of(user: User) -> Proof:
    """What USER has shown by typing their password."""
    return Proof.TEMPORARY_PASSWORD if user.password_kind == PasswordKind.TEMPORARY else Proof.PASSWORD


def hash_to_check(user: User | None, now: datetime) -> str:
    """The hash that a typed password is checked against. Where there is none, or a temporary one is over,
    one that nothing opens: the answer takes as long.
    """
    if user is None or not user.has_usable_password():
        return hashers.no_password()
    over = user.temporary_until is not None and user.temporary_until <= now
    return hashers.no_password() if over else user.password


def temporary_end(now: datetime, days: int) -> datetime:
    """Until when a temporary password set now opens the way to one's own."""
    return now + timedelta(days=days)
