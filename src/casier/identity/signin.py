"""Signing in: the one place where a password is looked at.

An unknown name, a wrong password and a locked lane get the same answer after the same work: the same
counting, the same hash (or none), the same entries. Only after the right password is a person told that
their account is suspended.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.models import Academy, Account, AccountState
from casier.identity import hashers, sessions
from casier.identity.guard import doors
from casier.identity.guard.doors import Caller, Door
from casier.identity.guard.refusals import reference_of_delay
from casier.identity.guard.room import ROOM, Busy
from casier.identity.history.api import SignInResult, note_sign_in, refuse
from casier.identity.models import User
from casier.identity.names import canonical, find_account, may_enter
from casier.identity.passwords.due import hash_to_check
from casier.kernel.errors import new_reference
from casier.kernel.secret import Secret

NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What someone showed at the door, and where."""

    name: str
    password: Secret
    academy: Academy | None
    source: str  # IP address
    device_cookie: str = ""
    device: str = ""  # the browser, in words


@dataclass(frozen=True, slots=True)
class Welcome:
    """The right password of an account that may enter. GENERATION: see `sessions.generation`."""

    user: User
    generation: int
    known_device: str = ""  # the id of the device, if the account has been in with it


@dataclass(frozen=True, slots=True)
class Suspended:
    """The right password of an account that is suspended: its person may be told so."""

    user: User
    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a name and password that open the door; nothing tells why."""

    reference: str


@dataclass(frozen=True, slots=True)
class Delayed:
    """Too many failures: nothing was looked at. SECONDS until it may be; -1: not before a reset."""

    seconds: int
    reference: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Too many people at the door: nothing was looked at, and nothing counted."""

    reference: str


Outcome = Welcome | Suspended | Refused | Delayed | TryAgain


def sign_in(shown: Credentials, now: float) -> Outcome:
    """Whether these credentials open the door. Raises Unavailable when failures can't be counted."""
    if doors.turned_away(Caller(shown.source, shown.device_cookie)):
        return TryAgain(new_reference())
    account = find_account(shown.name, shown.academy)
    door = _door(account, shown, now)
    verdict = door.knock(now)
    if verdict.wait:
        return Delayed(verdict.wait, reference_of_delay(door.attempt, account, shown.academy, shown.source))
    # Asked before the password is: whatever ends in between ends this entry, too.
    generation = sessions.generation(account.public_id if account else NOBODY.hex)
    user = _user(account)
    try:
        with ROOM.place(door.rank(verdict)):
            encoded = hash_to_check(user, timezone.now())
            correct, renew = hashers.matches(shown.password.reveal(), encoded)
    except Busy:
        door.was_not_looked_at(verdict)
        return TryAgain(new_reference())
    if user is None or not correct or not _has_life(user.account):
        door.was_wrong(verdict, now)
        return Refused(_note_failure(shown, account))
    door.was_right(now)
    if not may_enter(user.account):
        return Suspended(user, _note_suspended(shown, user.account))
    if renew:
        _renew_hash(user, shown.password)
    return Welcome(user, generation, door.device)


def _door(account: Account | None, shown: Credentials, now: float) -> Door:
    caller, password = Caller(shown.source, shown.device_cookie), shown.password.reveal()
    if account is None:
        return doors.strangers_door(canonical(shown.name), shown.academy, caller, password)
    return doors.door_of(account, caller, password, now)


def _has_life(account: Account) -> bool:
    return may_enter(account) or account.state == AccountState.SUSPENDED


def _user(account: Account | None) -> User | None:
    """Whose password it is; for a name that nobody has, nobody, after the same question."""
    wanted = account.pk if account else NOBODY
    return (
        User.objects.select_related("account__academy", "account__person").filter(account_id=wanted).first()
    )


def _note_failure(shown: Credentials, account: Account | None) -> str:
    """Keep a failure; the reference for the page. A name that nobody has isn't kept: people type passwords
    into the wrong field.
    """
    actor = Actor("visitor", shown.source)
    target = f"account:{account.public_id}" if account else "account:unknown"
    academy = account.academy if account else shown.academy
    with transaction.atomic():
        reference = refuse(
            SignInResult.WRONG, account=account, academy=academy, source=shown.source, facts={}
        )
        record(
            actor, "identity.sign_in_failed", target, "",
            academy=academy.slug if academy else "", reference=reference,
        )  # fmt: skip
        note_sign_in(
            account,
            SignInResult.WRONG,
            academy=academy,
            source=shown.source,
            device=shown.device,
            reference=reference,
        )
    return reference


def _note_suspended(shown: Credentials, account: Account) -> str:
    with transaction.atomic():
        reference = refuse(
            "suspended", account=account, academy=account.academy, source=shown.source, facts={}
        )
        note_sign_in(
            account,
            SignInResult.REFUSED,
            academy=account.academy,
            source=shown.source,
            device=shown.device,
            reference=reference,
        )
    return reference


def _renew_hash(user: User, password: Secret) -> None:
    user.set_password(password.reveal())
    user.save(update_fields=["password"])
