"""Lending the key of a device's copy, and forgetting it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from casier.directory.models import Account
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.mailbox.offline.models import DeviceCopy
from casier.policies.api import policy_for

KEY_BYTES = 32
# More browsers than this at a time nobody has; those used longest ago make room.
MOST_COPIES = 20
# Nobody comes back to a draft after this; without its key the copy is only noise.
UNUSED = timedelta(days=60)


class NothingKept(CasierError):
    """Nothing may be kept on this device: the computer is shared, or the academy wants it so."""

    code = "nothing_kept"


@dataclass(frozen=True, slots=True)
class Lent:
    """The key of one copy, and for how many days conversations that were opened stay in it."""

    key: Secret
    days: int
    new: bool


def lend_key(account: Account, copy: UUID, shared_computer: bool, now: datetime) -> Lent:
    """The key of ACCOUNT's COPY, made when it is asked for the first time. Raises NothingKept."""
    days = policy_for(account.academy).mail.offline_days
    if shared_computer or days == 0:
        raise NothingKept(shared_computer=shared_computer)
    with transaction.atomic():
        DeviceCopy.objects.filter(used_at__lt=now - UNUSED).delete()
        made = {"key": secrets.token_bytes(KEY_BYTES), "made_at": now, "used_at": now}
        row, new = DeviceCopy.objects.get_or_create(account=account, copy=copy, defaults=made)
        if new:
            _make_room(account)
        else:
            DeviceCopy.objects.filter(pk=row.pk).update(used_at=now)
    return Lent(Secret(bytes(row.key).hex()), days, new)


def _make_room(account: Account) -> None:
    rows = account.device_copies.order_by("-used_at", "-pk")
    excess = list(rows.values_list("pk", flat=True)[MOST_COPIES:])
    if excess:
        rows.filter(pk__in=excess).delete()


def forget_key(account: Account, copy: UUID) -> None:
    """Nobody can read ACCOUNT's COPY any more. Again changes nothing."""
    account.device_copies.filter(copy=copy).delete()
