"""Codes sent to a person: drawn, kept as a keyed hash, good for one account and one purpose, once."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from casier.directory.models import Account
from casier.identity.dispatch.sealing import vault
from casier.identity.means.models import Code, Means

MOST_TRIES = 5
_USE = "codes"
_CHALLENGE_BYTES = 32
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGITS = {"mail": 8, "sms": 6, "voice": 6}
# Minutes. Text messages and calls: at most ten (the network may be slow, a thief may be quick).
_LIFE = {"mail": 15, "sms": 10, "voice": 10}
_LONGEST = {"mail": 1440, "sms": 10, "voice": 10}
# What a person needs to read how long it lasts.
_KEPT_AFTER = timedelta(days=1)


class CodePurpose(StrEnum):
    """What a code is good for; a code for one is worth nothing for another."""

    SECOND_FACTOR = "second_factor"
    VERIFY = "verify"
    RECOVERY = "recovery"
    REPAIR = "repair"
    STEP_UP = "step_up"


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """A fresh code, in clear: on its way into the sealed outbox."""

    challenge: str
    code: str
    expires_at: datetime
    minutes: int


def life_minutes(road: str, wanted: int | None = None) -> int:
    """How long a code by ROAD lasts; WANTED by the policy, within what is right for the road."""
    return min(wanted or _LIFE[road], _LONGEST[road])


def draw(account: Account | None, means: Means | None, road: str, purpose: str, minutes: int) -> Drawn:
    """A fresh code; the one before, for the same account and purpose, is worth nothing from now on."""
    now = timezone.now()
    code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS[road]))
    challenge = secrets.token_urlsafe(_CHALLENGE_BYTES)
    with transaction.atomic():
        Code.objects.filter(account=account, purpose=purpose, account__isnull=False).delete()
        Code.objects.create(
            challenge=challenge,
            account=account,
            means=means,
            road=road,
            purpose=purpose,
            mac=_mac(challenge, purpose, account.public_id if account else "", code),
            created_at=now,
            expires_at=now + timedelta(minutes=minutes),
        )
    return Drawn(challenge, code, now + timedelta(minutes=minutes), minutes)


def row_of(challenge: str) -> Code | None:
    """The row of CHALLENGE. What isn't one is looked up nowhere: databases differ about odd letters."""
    if not _CHALLENGE.fullmatch(challenge):
        return None
    return Code.objects.select_related("account", "means").filter(challenge=challenge).first()


def opens(challenge: str, typed: str, purpose: str) -> Code | None:
    """The row that TYPED opens, once. The try is counted before anything is looked at.

    Call it outside a transaction that may be undone: with it the count of tries would be undone.
    """
    now = timezone.now()
    code = "".join(letter for letter in typed[:40] if letter.isascii() and letter.isdigit())
    key = challenge if _CHALLENGE.fullmatch(challenge) else ""
    live = Code.objects.filter(
        challenge=key, purpose=purpose, used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES
    )
    counted = live.update(tries=F("tries") + 1)
    row = row_of(key)
    account = row.account.public_id if row and row.account else ""
    same = constant_time_compare(row.mac if row else "", _mac(key, purpose, account, code))
    if not counted or not same or row is None or row.account is None:
        return None
    # Of two that come at once with the right code, one gets in.
    taken = Code.objects.filter(challenge=key, used_at=None).update(used_at=now)
    return row if taken else None


def tries_left(challenge: str) -> int:
    """How many more times something may be typed for CHALLENGE; 0 when it is over."""
    row = row_of(challenge)
    live = row is not None and row.used_at is None and row.expires_at > timezone.now()
    return max(0, MOST_TRIES - row.tries) if row is not None and live else 0


def forget_old(now: datetime) -> None:
    """Codes that are long over."""
    Code.objects.filter(expires_at__lt=now - _KEPT_AFTER).delete()


def _mac(challenge: str, purpose: str, account: str, code: str) -> str:
    return vault(_USE).index(f"{challenge}:{purpose}:{account}:{code}")
