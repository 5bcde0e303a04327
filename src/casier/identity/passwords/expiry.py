"""Until when a password holds: by policy, never where it says 0."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.directory.mandates import mandates_of
from casier.identity.models import PasswordKind, User
from casier.policies.api import policy_for
from casier.policies.policy import Password


def days_of(policy: Password, *, holds_mandate: bool) -> int:
    """For how many days a password holds; 0: for good. Who may act on others follows the stricter rule."""
    days = [policy.expires_days, policy.admin_expires_days] if holds_mandate else [policy.expires_days]
    return min((one for one in days if one), default=0)


def ends_at(user: User, now: datetime) -> datetime | None:
    """When USER's password ends; None: never, or none of their own."""
    if user.password_kind != PasswordKind.OWN or user.password_changed_at is None:
        return None
    policy = policy_for(user.account.academy).password
    days = days_of(policy, holds_mandate=mandates_of(user.account, now).exists())
    return user.password_changed_at + timedelta(days=days) if days else None
