"""Until when a password holds: by policy, never where it says 0."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from casier.directory.life import IN_USE
from casier.directory.mandates import in_force, mandates_of
from casier.directory.models import Academy
from casier.identity.history import api as history
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


def is_over(user: User, now: datetime) -> bool:
    """Whether USER's password has ended. Asked at each sign-in: mandates only where they could decide."""
    if user.password_kind != PasswordKind.OWN or user.password_changed_at is None:
        return False
    policy = policy_for(user.account.academy).password
    soonest = days_of(policy, holds_mandate=True)
    if not soonest or now - user.password_changed_at < timedelta(days=soonest):
        return False
    end = ends_at(user, now)
    return end is not None and end <= now


def give_notice(now: datetime) -> int:
    """Tell those whose password ends soon, once for each of the policy's days before. How many were told."""
    return sum(_give_notice(academy, now) for academy in Academy.objects.all())


def _give_notice(academy: Academy, now: datetime) -> int:
    policy = policy_for(academy).password
    charged = in_force(now).filter(account__academy=academy).values("account")
    told = 0
    for holds_mandate in (False, True):
        days = days_of(policy, holds_mandate=holds_mandate)
        of_these = Q(account__in=charged) if holds_mandate else ~Q(account__in=charged)
        # The shortest first: who is told that a day is left isn't told of fifteen.
        for notice in sorted(policy.notice_days) if days else ():
            told += sum(
                _tell(user, notice, days, now) for user in _due(academy, days, notice, now).filter(of_these)
            )
    return told


def _due(academy: Academy, days: int, notice: int, now: datetime) -> QuerySet[User]:
    """The people of ACADEMY whose password has NOTICE days left or fewer, and who weren't told so yet."""
    whole = timedelta(days=days)
    return User.objects.select_related("account__academy").filter(
        Q(expiry_told=None) | Q(expiry_told__gt=notice),
        account__academy=academy,
        account__state__in=sorted(IN_USE),
        password_kind=PasswordKind.OWN,
        password_changed_at__lte=now - whole + timedelta(days=notice),
        password_changed_at__gt=now - whole,
    )


def _tell(user: User, notice: int, days: int, now: datetime) -> int:
    """Tell USER, unless another worker did, or the password was changed meanwhile."""
    if user.password_changed_at is None:
        return 0
    end = user.password_changed_at + timedelta(days=days)
    with transaction.atomic():
        first = User.objects.filter(
            Q(expiry_told=None) | Q(expiry_told__gt=notice),
            pk=user.pk,
            password_changed_at=user.password_changed_at,
        ).update(expiry_told=notice)
        if first:
            left = max(1, -(-(end - now) // timedelta(days=1)))
            history.tell(
                user.account, history.Notice.PASSWORD_EXPIRES, {"days": str(left), "ends_at": end.isoformat()}
            )
    return first
