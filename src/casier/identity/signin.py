"""Signing in: the one place where a password is looked at.

An unknown name, a wrong password and a closed door get the same answer after the same work: the same hash,
the same journal entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.actions.accounts import activate
from casier.directory.models import Academy, Account, AccountState
from casier.identity import hashers, lock
from casier.identity.models import User
from casier.identity.names import canonical, find_account, may_enter
from casier.identity.passwords.due import hash_to_check
from casier.identity.redis_link import answering
from casier.kernel.secret import Secret
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class Credentials:
    """What someone showed at the door, and where."""

    name: str
    password: Secret
    academy: Academy | None
    source: str  # IP address


@dataclass(frozen=True, slots=True)
class Welcome:
    """The right password of an account that may enter."""

    user: User


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a name and password that open the door; nothing tells why."""


@dataclass(frozen=True, slots=True)
class Delayed:
    """Too many failures: nothing was looked at."""

    seconds: int


Outcome = Welcome | Refused | Delayed


def sign_in(shown: Credentials, now: float) -> Outcome:
    """Whether these credentials open the door. Raises Unavailable when failures can't be counted."""
    account = find_account(shown.name, shown.academy)
    person = account.public_id if account else lock.unknown_person(canonical(shown.name))
    attempt = lock.Attempt(person, shown.source)
    with answering() as redis:
        wait = lock.reserve(redis, attempt, now, _free_tries(account, shown.academy))
    if wait:
        return Delayed(wait)
    user = _user(account)
    correct, renew = hashers.matches(shown.password.reveal(), hash_to_check(user, timezone.now()))
    if user is None or not correct or not may_enter(user.account):
        _note_failure(shown, account)
        return Refused()
    with answering() as redis:
        lock.succeed(redis, attempt)
    _note_success(user, shown, renew)
    return Welcome(user)


def _free_tries(account: Account | None, academy: Academy | None) -> int:
    """The policy's number of tries before delays: the person's, else that of the host's academy."""
    owner = account.academy if account else academy
    return policy_for(owner).lock.attempts if owner else 3


def _user(account: Account | None) -> User | None:
    if account is None:
        return None
    return User.objects.select_related("account__academy", "account__person").filter(account=account).first()


def _note_failure(shown: Credentials, account: Account | None) -> None:
    """The journal doesn't keep a name that nobody has: people type passwords into the wrong field."""
    actor = Actor("visitor", shown.source)
    target = f"account:{account.public_id}" if account else "account:unknown"
    with transaction.atomic():
        record(actor, "identity.sign_in_failed", target, "", academy=_slug(account, shown.academy))


def _note_success(user: User, shown: Credentials, renew: bool) -> None:
    actor = Actor.account(user.account.public_id, shown.source)
    with transaction.atomic():
        if user.account.state == AccountState.INVITED:
            activate(user.account, by=actor, reason="first sign-in", now=timezone.now())
        record(actor, "identity.signed_in", f"account:{user.account.public_id}", "")
        changed = ["last_login"]
        user.last_login = timezone.now()
        if renew:
            user.set_password(shown.password.reveal())
            changed.append("password")
        user.save(update_fields=changed)


def _slug(account: Account | None, academy: Academy | None) -> str:
    owner = account.academy if account else academy
    return owner.slug if owner else ""
