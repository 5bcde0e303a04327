"""What can be done to application passwords: with author, fact and effect."""

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
from casier.directory.life import ENDED
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.app_passwords import generating
from casier.identity.app_passwords.generating import Protocol
from casier.identity.history import api as history
from casier.identity.models import AppPassword
from casier.identity.publish import publish_account
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

ALL_PROTOCOLS = tuple(Protocol)


class AppPasswordsOff(CasierError):
    """The academy's policy has people read their mail in a browser alone."""

    code = "app_passwords_off"


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


def create_app_password(
    account: Account,
    name: str,
    by: Actor,
    protocols: Sequence[Protocol] = ALL_PROTOCOLS,
    *,
    told: bool = True,
) -> NewAppPassword:
    """Make an application password that works at once, and tell its owner unless TOLD is false (a program
    of the platform's own); the journal has it either way. Raises TooManyAppPasswords, WrongState (closed).
    """
    password = generating.generate()
    mac = generating.lookup_mac(password, settings.CASIER_INSTANCE.key("app-password"))
    with transaction.atomic():
        if account.state in ENDED:
            raise WrongState("The account is closed.", state=account.state)
        policy = policy_for(account.academy).app_passwords
        if not policy.allowed:
            raise AppPasswordsOff("The policy allows no application passwords.")
        if live_app_passwords(account).count() >= policy.most:
            raise TooManyAppPasswords(most=policy.most)
        row = AppPassword.objects.create(
            account=account,
            name=name,
            protocols=[str(protocol) for protocol in protocols],
            mac=mac,
            created_at=timezone.now(),
            under_approval=policy.approval == "new_client",
        )
        _note(by, "identity.app_password_created", account, "", app_password=row.id.hex, name=name)
        if told:
            history.tell(account, history.Notice.APP_PASSWORD_CREATED, {"name": name, "source": by.origin})
        _publish_after_commit(account)
    return NewAppPassword(row, password)


def revoke_app_password(account: Account, app_password_id: str, by: Actor, reason: str = "") -> AppPassword:
    """End an application password; what it opened is cut. Raises NoSuchAppPassword."""
    with transaction.atomic():
        row = live_app_passwords(account).select_for_update().filter(id=parsed(app_password_id)).first()
        if row is None:
            raise NoSuchAppPassword("No such application password.", id=app_password_id)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _note(by, "identity.app_password_revoked", account, reason, app_password=row.id.hex, name=row.name)
        _publish_after_commit(account)
        transaction.on_commit(lambda: sessions.tell_ended(account.public_id), robust=True)
    return row


def parsed(app_password_id: str) -> uuid.UUID:
    """An id as it was typed or sent. Raises NoSuchAppPassword."""
    try:
        return uuid.UUID(app_password_id)
    except ValueError:
        raise NoSuchAppPassword("No such application password.", id=app_password_id) from None


def live_app_passwords(account: Account) -> QuerySet[AppPassword]:
    """The application passwords of ACCOUNT that work, the newest first; none once it is closed."""
    if account.state in ENDED:
        return AppPassword.objects.none()
    return AppPassword.objects.filter(account=account, revoked_at__isnull=True).order_by("-created_at")


def _publish_after_commit(account: Account) -> None:
    """Publish now for who waits for it, and by the outbox for when Redis is down now."""
    emit("account.changed", account.public_id)
    transaction.on_commit(lambda: publish_account(account), robust=True)


def _note(by: Actor, action: str, account: Account, reason: str, **facts: Any) -> None:
    record(by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, **facts)
