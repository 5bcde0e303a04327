"""That a password isn't one of the last ones: hashes are kept, and looked through within bounds."""

from __future__ import annotations

from datetime import datetime

from casier.directory.models import Account
from casier.identity import hashers
from casier.identity.models import PastPassword, User
from casier.identity.passwords.rules import Weakness
from casier.kernel.secret import Secret

# A hash takes some 30 ms of a core: this many at most are computed for one new password.
MOST_HASHES = 40


def repeated(user: User | None, password: Secret, keep: int) -> Weakness | None:
    """Whether PASSWORD is the present one or one of the KEEP before it, whatever its capitals."""
    if user is None or not user.has_usable_password():
        return None
    forms = _forms(password.reveal())
    if any(hashers.matches(form, user.password)[0] for form in forms):
        return Weakness.PRESENT
    past = PastPassword.objects.filter(account=user.account).order_by("-replaced_at")[:keep]
    tries = [(form, row.encoded) for row in past for form in forms][: MOST_HASHES - len(forms)]
    return Weakness.USED_BEFORE if any(hashers.matches(*one)[0] for one in tries) else None


def _forms(text: str) -> list[str]:
    """TEXT as typed, in small letters, and with the first one a capital: the usual ways to "change" one."""
    small = text.lower()
    return list(dict.fromkeys((text, small, small[:1].upper() + small[1:])))


def keep_past(account: Account, encoded: str, keep: int, now: datetime) -> None:
    """Remember the hash of a password that is being replaced; forget what is beyond the last KEEP."""
    if keep:
        PastPassword.objects.create(account=account, encoded=encoded, replaced_at=now)
    kept = PastPassword.objects.filter(account=account).order_by("-replaced_at", "-pk")
    PastPassword.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[keep:])).delete()
