"""Whom a change of policy touches, told before it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from casier.directory.models import Academy, Account, AccountState
from casier.identity.models import AppPassword, User
from casier.policies.api import Policy


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to how many people, in both languages."""

    count: int
    french: str
    english: str


def touched(academy: Academy, before: Policy, after: Policy) -> list[Effect]:
    """What going from BEFORE to AFTER does to the people of ACADEMY, as far as it can be counted."""
    return [effect for look in _LOOKS for effect in look(academy, before, after)]


_Look = Callable[[Academy, Policy, Policy], Iterator[Effect]]


def _everyone(academy: Academy, before: Policy, after: Policy) -> Iterator[Effect]:
    if before == after:
        return
    count = Account.objects.filter(academy=academy, state=AccountState.ACTIVE).count()
    yield Effect(
        count,
        f"{count} comptes actifs suivent cette politique.",
        f"{count} active accounts follow this policy.",
    )


_STEPS = ("off", "offered", "advised", "contextual", "required")


def _factor(_: Academy, before: Policy, after: Policy) -> Iterator[Effect]:
    old, new = before.second_factor, after.second_factor
    if _STEPS.index(new.requirement) <= _STEPS.index(old.requirement):
        return
    yield Effect(
        0,
        "Qui n’a pas de second facteur en inscrit un à la prochaine connexion, selon le délai.",
        "Whoever has no second factor enrols one at the next sign-in, within the deadline.",
    )


def _expiry(academy: Academy, before: Policy, after: Policy) -> Iterator[Effect]:
    days, was = after.password.expires_days, before.password.expires_days
    if not days or (was and was <= days):
        return
    limit = timezone.now() - timedelta(days=days)
    count = User.objects.filter(
        account__academy=academy, account__state=AccountState.ACTIVE, password_changed_at__lt=limit
    ).count()
    yield Effect(
        count,
        f"{count} mots de passe ont déjà plus de {days} jours : à changer à la prochaine connexion.",
        f"{count} passwords are older than {days} days: to be changed at the next sign-in.",
    )


def _programs(academy: Academy, before: Policy, after: Policy) -> Iterator[Effect]:
    if after.app_passwords.allowed or not before.app_passwords.allowed:
        return
    live = AppPassword.objects.filter(account__academy=academy, revoked_at=None)
    count = live.values("account").distinct().count()
    yield Effect(
        count,
        f"{count} personnes ont un mot de passe d’application qui ne servirait plus.",
        f"{count} people have an application password that would no longer be of use.",
    )


_LOOKS: tuple[_Look, ...] = (_everyone, _factor, _expiry, _programs)
