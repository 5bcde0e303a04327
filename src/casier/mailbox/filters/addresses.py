"""Proving an address elsewhere: a code is sent there, and typed here."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.models import Account, MailDomain
from casier.kernel.addresses import PLATFORM_DOMAIN
from casier.kernel.errors import CasierError
from casier.mailbox.filters.limits import RedirectRefused
from casier.mailbox.filters.models import RedirectAddress
from casier.mailbox.filters.notice import send_code
from casier.mailbox.filters.publishing import publish_verified
from casier.policies.api import policy_for

VALID = timedelta(minutes=30)
BETWEEN = timedelta(seconds=60)
MAX_TRIES = 5
MAX_ADDRESSES = 10


class WrongCode(CasierError):
    """Not the code, or one that is too old or was tried too often."""

    code = "wrong_code"


class TooSoon(CasierError):
    """A code was sent a moment ago, or too many addresses wait."""

    code = "code_too_soon"


def ask_code(account: Account, address: str, *, by: Actor, now: datetime) -> None:
    """Send a code to ADDRESS. Raises RedirectRefused, TooSoon, Unavailable."""
    address = address.strip().lower()
    if policy_for(account.academy).rules.redirect != "verified" or _is_ours(address):
        raise RedirectRefused(address=address, scope="verified")
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        rows = RedirectAddress.objects.select_for_update().filter(account=account)
        row = rows.filter(address=address).first()
        if (row is None and rows.count() >= MAX_ADDRESSES) or (row and now - row.asked_at < BETWEEN):
            raise TooSoon(address=address)
        if row and row.verified_at:
            return
        values = {"code": _hash(account, address, code), "asked_at": now, "tries": 0}
        RedirectAddress.objects.update_or_create(account=account, address=address, defaults=values)
        _note(account, address, "redirect.code_sent", by, now)
    send_code(account, address, code)


def confirm(account: Account, address: str, code: str, *, by: Actor, now: datetime) -> None:
    """ADDRESS is theirs: they have typed what was sent there. Raises WrongCode."""
    address = address.strip().lower()
    with transaction.atomic():
        row = RedirectAddress.objects.select_for_update().filter(account=account, address=address).first()
        if row is None or row.verified_at or row.tries >= MAX_TRIES or now - row.asked_at > VALID:
            raise WrongCode(address=address)
        right = hmac.compare_digest(row.code, _hash(account, address, code.strip()))
        if right:
            row.verified_at, row.code = now, ""
            _note(account, address, "redirect.verified", by, now)
        row.tries += 1
        row.save(update_fields=["verified_at", "code", "tries"])
    if not right:
        raise WrongCode(address=address)
    publish_verified([account])


def forget(account: Account, address: str, *, by: Actor, now: datetime) -> None:
    """Rules may not send mail on to ADDRESS any more, at once."""
    with transaction.atomic():
        gone, _kinds = RedirectAddress.objects.filter(account=account, address=address.lower()).delete()
        if gone:
            _note(account, address.lower(), "redirect.forgotten", by, now)
    publish_verified([account])


def _is_ours(address: str) -> bool:
    domain = address.rpartition("@")[2]
    return domain == PLATFORM_DOMAIN or MailDomain.objects.filter(name=domain).exists()


def _hash(account: Account, address: str, code: str) -> str:
    key = settings.CASIER_INSTANCE.key("django")
    return hmac.digest(key, f"redirect:{account.public_id}:{address}:{code}".encode(), "sha256").hex()


def _note(account: Account, address: str, action: str, by: Actor, now: datetime) -> None:
    target = f"account:{account.public_id}"
    record(by, action, target, "", academy=account.academy.slug, at=now, address=address)
