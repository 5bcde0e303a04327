"""Factors of the demo's people: known ones, so that everyone may try and journeys can sign in."""

from __future__ import annotations

import hashlib
import time
from base64 import b32encode

from django.db import transaction
from django.utils import timezone

from casier.directory.access import account_with
from casier.directory.models import Account
from casier.identity.factors import totp
from casier.identity.factors.models import Totp
from casier.identity.factors.vault import vault
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret

NAME = "Application de démonstration"


class NoKnownFactor(CasierError):
    """This person has no application of the demo."""

    code = "no_known_factor"


def known_secret(address: str) -> Secret:
    """The secret of a demo person: always the same, so that a telephone that has it keeps working."""
    return Secret(b32encode(hashlib.sha256(f"casier demo {address}".encode()).digest()[:20]).decode())


def enrol_known_totp(account: Account, secret: Secret) -> Totp:
    """Give ACCOUNT an application with SECRET, once; doing it again puts SECRET in its place."""
    sealed = vault().seal(secret, account.public_id)
    with transaction.atomic():
        row, _ = Totp.objects.update_or_create(
            account=account,
            name=NAME,
            defaults={"secret_sealed": sealed, "last_counter": 0},
            create_defaults={"secret_sealed": sealed, "created_at": timezone.now()},
        )
    return row


def code_of(address: str, now: float | None = None) -> str:
    """The code that the demo application of the person with ADDRESS shows now.

    The next one where the current one was taken already: a journey needn't wait half a minute.
    Raises NotFound, NoKnownFactor.
    """
    account = account_with(address)
    row = Totp.objects.filter(account=account, name=NAME).first()
    if row is None:
        raise NoKnownFactor(f"{address} has no application of the demo.", address=address)
    moment = time.time() if now is None else now
    secret = vault().open(bytes(row.secret_sealed), account.public_id)
    step = max(int(moment // 30), row.last_counter + 1)
    return totp.code_at(secret, step * 30)
