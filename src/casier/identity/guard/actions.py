"""What can be done to what the guard keeps: with author, fact and effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.actors import Actor
from casier.audit.api import record
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.guard import knowing, lanes
from casier.identity.guard.devices import KNOWN_SECONDS
from casier.identity.guard.models import KnownDevice
from casier.identity.history.api import Notice, tell
from casier.identity.redis_link import answering


def unlock(account: Account, *, by: Actor, reason: str, alone: bool = True) -> None:
    """Open every lane of ACCOUNT again: journalled, and its person is told. Raises Unavailable.

    ALONE: not as a part of something larger, whose own notice says it all.
    """
    names = list(knowing.lanes_of(account))
    with transaction.atomic():
        record(by, "identity.unlocked", f"account:{account.public_id}", reason, academy=account.academy.slug)
        own = by.name == f"account:{account.public_id}"
        if alone and not own:
            tell(account, Notice.HELP_DESK, {"reason": reason, "what": "unlock"})
        # Inside the transaction: where Redis doesn't answer, nothing is said to have been done.
        with answering() as redis:
            lanes.reopen(redis, account.public_id, account.academy.slug, names)
        sessions.thaw(account.public_id)


def forget_unused_devices(now: datetime) -> int:
    """Browsers whose cookie is worth nothing any more. How many."""
    unused = KnownDevice.objects.filter(last_at__lt=now - timedelta(seconds=KNOWN_SECONDS))
    return unused.delete()[0]


def forget_devices(account: Account) -> None:
    """No browser is a known device of ACCOUNT any more. Its lanes go with it."""
    names = [lane for lane, _label in knowing.lanes_of(account).items() if lane.startswith("device:")]
    with transaction.atomic():
        KnownDevice.objects.filter(account=account).delete()
    with answering() as redis:
        if names:
            redis.delete(*[lanes.lane_key(account.public_id, lane) for lane in names])
