"""What one push says, and what becomes of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from casier.mailbox.delegations.access import opened_to
from casier.mailbox.push.messages import Told
from casier.mailbox.push.models import Device, Followed
from casier.mailbox.push.sending import Answer, Outcome

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
# After as many failures (about five hours) it is no news any more; the next message begins anew.
MOST_TRIES = 15


@dataclass(frozen=True, slots=True)
class Push:
    """DEVICE as it was when this was made; what it tells of mailboxes of others, by their rows."""

    device: Device
    told: Told
    followed: tuple[Followed, ...] = ()


def is_open(row: Followed, now: datetime) -> bool:
    """Whether the mailbox is open to the device's owner at NOW."""
    return any(one.mailbox_key == row.mailbox_key for one in opened_to(row.device.account, now))


def made(device: Device, now: datetime) -> Push | None:
    """All that DEVICE is yet to be told; None where that is nothing.

    What waited of a mailbox that is no longer open to its owner is forgotten.
    """
    rows = list(Followed.objects.filter(device=device))
    mine = {one.mailbox_key for one in opened_to(device.account, now)} if rows else set()
    closed = [row.pk for row in rows if row.mailbox_key not in mine]
    Followed.objects.filter(pk__in=closed).update(told=0, waiting=0)
    counted: list[Device | Followed] = [device, *(row for row in rows if row.mailbox_key in mine)]
    if not device.trial and not any(one.waiting for one in counted):
        return None
    count = sum(one.told + one.waiting for one in counted)
    followed = tuple(row for row in rows if row.mailbox_key in mine and row.waiting)
    return Push(device, Told(count, device.language, trial=device.trial), followed)


def settle(push: Push, answer: Answer, now: datetime, pause: timedelta) -> None:
    """Note what became of a push. What came while it was under way stays to be told, after PAUSE."""
    device = push.device
    if answer.outcome is not Outcome.ACCEPTED:
        log.info("device %s: %s, %s", device.id.hex, answer.outcome.value, answer.why)
    if answer.outcome is Outcome.GONE:
        # Another one since, where the browser has renewed it: that is tried next.
        Device.objects.filter(pk=device.pk, endpoint_digest=device.endpoint_digest).delete()
        return
    with transaction.atomic():
        row = Device.objects.select_for_update().filter(pk=device.pk).first()
        if row is None:
            return
        if answer.outcome is Outcome.ACCEPTED:
            _accepted(row, push, now, pause)
        else:
            _failed(row, answer, now)
        row.save(update_fields=["trial", "told", "waiting", "tries", "fault", "due_at", "sent_at"])


def _accepted(row: Device, push: Push, now: datetime, pause: timedelta) -> None:
    row.tries, row.fault = 0, ""
    if push.told.trial:
        row.trial = False
        row.due_at = now if _left(row) else None
        return
    _move(row, push.device.waiting)
    for sent in push.followed:
        followed = Followed.objects.select_for_update().filter(pk=sent.pk).first()
        if followed is not None:
            _move(followed, sent.waiting)
            followed.save(update_fields=["told", "waiting"])
    row.sent_at = now
    row.due_at = now + pause if _left(row) else None


def _move(row: Device | Followed, sent: int) -> None:
    """SENT of what waited is told. Where the device was used meanwhile, both counts are 0 already."""
    told_now = min(sent, row.waiting)
    row.told, row.waiting = row.told + told_now, row.waiting - told_now


def _left(row: Device) -> int:
    """How many are yet to be told."""
    return row.waiting + int(Followed.objects.filter(device=row).aggregate(sum=Sum("waiting"))["sum"] or 0)


def _failed(row: Device, answer: Answer, now: datetime) -> None:
    row.tries += 1
    row.fault = "refused" if answer.outcome is Outcome.REFUSED else "unreached"
    if row.trial:
        # One that comes when its person no longer looks would only puzzle them.
        row.trial, row.tries, row.due_at = False, 0, now if _left(row) else None
        return
    if answer.outcome is Outcome.REFUSED or row.tries >= MOST_TRIES:
        row.waiting, row.tries, row.due_at = 0, 0, None
        Followed.objects.filter(device=row).update(waiting=0)
        return
    wait = min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    row.due_at = now + max(wait, answer.wait or wait)
