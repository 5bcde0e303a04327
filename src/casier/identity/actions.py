"""What can be done to passwords, application passwords and sessions: with author, fact and effect."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casier.audit.api import Actor, emit, record
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState
from casier.identity import app_passwords, hashers, sessions
from casier.identity.app_passwords import Protocol
from casier.identity.ending import sessions_ended
from casier.identity.models import AppPassword, User
from casier.identity.passwords import Fault, Rules, faults
from casier.identity.publish import publish_account
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

# More devices than this is a list nobody looks through any more.
MOST_APP_PASSWORDS = 30
ALL_PROTOCOLS = tuple(Protocol)


class WeakPassword(CasierError):
    """The password breaks the rules; `faults` holds every way in which it does."""

    code = "weak_password"

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(", ".join(fault.weakness for fault in found))
        self.faults = found


class TooManyAppPasswords(CasierError):
    """The account has as many application passwords as it may."""

    code = "too_many_app_passwords"


class NoSuchAppPassword(CasierError):
    """Not one of this account, or revoked already."""

    code = "no_such_app_password"


@dataclass(frozen=True, slots=True)
class NewAppPassword:
    """A fresh application password: the only moment at which it can be read."""

    row: AppPassword
    password: Secret


def password_faults(account: Account, password: Secret) -> list[Fault]:
    """What the policy and the person's own names hold against PASSWORD."""
    policy = policy_for(account.academy).password
    rules = Rules(policy.min_length, policy.classes, policy.long_enough)
    addresses = account.addresses.values_list("address", flat=True)
    names = (account.person.given_name, account.person.family_name, *(a.partition("@")[0] for a in addresses))
    return faults(password, rules, names)


def set_password(account: Account, password: Secret, by: Actor, reason: str = "") -> User:
    """Give ACCOUNT a password and end its sessions. Raises WeakPassword."""
    found = password_faults(account, password)
    if found:
        raise WeakPassword(found)
    encoded = hashers.hashed(password.reveal())
    with transaction.atomic():
        user, _ = User.objects.select_for_update().get_or_create(account=account)
        user.password = encoded
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
        _note(by, "identity.password_set", account, reason)
        sessions_ended.send(User, account_id=account.public_id)
        transaction.on_commit(lambda: sessions.end_all(account.public_id), robust=True)
    return user


def check_password(account: Account, password: Secret) -> bool:
    """Whether PASSWORD is the account's. For confirming something; signing in is `signin.sign_in`."""
    user = User.objects.filter(account=account).first()
    encoded = user.password if user and user.has_usable_password() else hashers.no_password()
    return hashers.matches(password.reveal(), encoded)[0]


def create_app_password(
    account: Account, name: str, by: Actor, protocols: Sequence[Protocol] = ALL_PROTOCOLS
) -> NewAppPassword:
    """Make an application password that works at once. Raises TooManyAppPasswords, WrongState (closed)."""
    password = app_passwords.generate()
    mac = app_passwords.lookup_mac(password, settings.CASIER_INSTANCE.key("app-password"))
    with transaction.atomic():
        if account.state == AccountState.CLOSED:
            raise WrongState("The account is closed.", state=account.state)
        if live_app_passwords(account).count() >= MOST_APP_PASSWORDS:
            raise TooManyAppPasswords(most=MOST_APP_PASSWORDS)
        row = AppPassword.objects.create(
            account=account,
            name=name,
            protocols=[str(protocol) for protocol in protocols],
            mac=mac,
            created_at=timezone.now(),
        )
        _note(by, "identity.app_password_created", account, "", app_password=row.id.hex, name=name)
        _publish_after_commit(account)
    return NewAppPassword(row, password)


def revoke_app_password(account: Account, app_password_id: str, by: Actor) -> AppPassword:
    """End an application password; what it opened is cut. Raises NoSuchAppPassword."""
    with transaction.atomic():
        row = live_app_passwords(account).select_for_update().filter(id=_parsed(app_password_id)).first()
        if row is None:
            raise NoSuchAppPassword("No such application password.", id=app_password_id)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _note(by, "identity.app_password_revoked", account, "", app_password=row.id.hex, name=row.name)
        _publish_after_commit(account)
        transaction.on_commit(lambda: sessions.tell_ended(account.public_id), robust=True)
    return row


def _parsed(app_password_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(app_password_id)
    except ValueError:
        raise NoSuchAppPassword("No such application password.", id=app_password_id) from None


def live_app_passwords(account: Account) -> QuerySet[AppPassword]:
    """The application passwords of ACCOUNT that work, the newest first; none once it is closed."""
    if account.state == AccountState.CLOSED:
        return AppPassword.objects.none()
    return AppPassword.objects.filter(account=account, revoked_at__isnull=True).order_by("-created_at")


def end_sessions(account: Account, reason: str, by: Actor, but: str = "") -> int:
    """Sign an account out everywhere, but from the session with digest BUT. How many sessions there were."""
    with transaction.atomic():
        _note(by, "identity.sessions_ended", account, reason)
        sessions_ended.send(User, account_id=account.public_id, but=but)
    return sessions.end_all(account.public_id, but)


def end_session(account: Account, digest: str, by: Actor) -> bool:
    """Sign out one browser of an account. True when there was such a session."""
    ended = sessions.end_one(account.public_id, digest)
    if ended:
        with transaction.atomic():
            _note(by, "identity.signed_out", account, "")
            sessions_ended.send(User, account_id=account.public_id, only=digest)
    return ended


def _publish_after_commit(account: Account) -> None:
    """Publish now for who waits for it, and by the outbox for when Redis is down now."""
    emit("account.changed", account.public_id)
    transaction.on_commit(lambda: publish_account(account), robust=True)


def _note(by: Actor, action: str, account: Account, reason: str, **facts: Any) -> None:
    record(by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, **facts)
