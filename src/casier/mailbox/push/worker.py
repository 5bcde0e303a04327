"""The worker's lane for devices: takes over what the relay tells, pushes what is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import redis
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from casier.audit.wake import client
from casier.directory.models import Academy, Account, AccountState
from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store
from casier.kernel.arrived import FIELD, STREAM, WANTED, WHOLE, Arrived, loads
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.push.acquaintances import known_among
from casier.mailbox.push.actions import all_wanted, is_quiet, used, why_off
from casier.mailbox.push.keys import Keys
from casier.mailbox.push.messages import Told
from casier.mailbox.push.models import Audience, Device
from casier.mailbox.push.reach import PushReach, reach_of
from casier.mailbox.push.sending import Answer, Outcome, Sender
from casier.mailbox.stores import store_named

log = logging.getLogger(__name__)
AT_ONCE = 200  # entries of the stream
SIDE_BY_SIDE = 20  # pushes under way
# A device rings at most this often; what comes meanwhile is told together.
PAUSE = timedelta(seconds=15)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
# After as many failures (about five hours) it is no news any more; the next message begins anew.
MOST_TRIES = 15
_BATCH = 1_000

Send = Callable[[Sequence[tuple[Device, Told, str]]], Sequence[Answer]]
Known = Callable[[Account, Arrived], int]


@dataclass(frozen=True, slots=True)
class Ways:
    """How this lane reaches the world."""

    send: Send
    known: Known
    reach: Callable[[], PushReach]
    now: Callable[[], datetime]

    @classmethod
    def of(cls, instance: Instance) -> Ways:
        keys, reach = Keys.of(instance), reach_of(instance)
        store: Store = store_named("store1")
        return cls(
            lambda asked: asyncio.run(_send_all(keys, Sender.of(keys, reach(), timezone.now), asked)),
            lambda account, event: known_among(store, account, event),
            reach,
            timezone.now,
        )


class Pushing:
    """One lane, one process: devices are never pushed to twice for one message."""

    def __init__(self, connection: redis.Redis, ways: Ways) -> None:
        self._redis, self._ways = connection, ways

    @classmethod
    def of(cls, instance: Instance) -> Pushing:
        return cls(client(instance.socket("redis", "casier", "redis.sock")), Ways.of(instance))

    def step(self) -> int:
        """One round: 0 where there is nothing to do now."""
        return int(self._note()) + self._push()

    def next_due(self) -> datetime | None:
        """When the next push is due."""
        first: datetime | None = Device.objects.filter(due_at__isnull=False).aggregate(at=Min("due_at"))["at"]
        return first

    # What came -------------------------------------------------------------------------------------
    def _note(self) -> bool:
        """Take over what the relay has written; whether there is more."""
        try:
            self._publish_wanted()
            found = cast("list[tuple[bytes, dict[bytes, bytes]]]", self._redis.xrange(STREAM, count=AT_ONCE))
            for number, fields in found:
                self._take(fields)
                cast("Any", self._redis).xdel(STREAM, number)
        except (redis.RedisError, Unavailable, StoreRefused) as error:
            log.info("new mail isn't told for now (%s)", type(error).__name__)
            return False
        return len(found) == AT_ONCE

    def _publish_wanted(self) -> None:
        """Write anew whom the relay is to tell us of, where Redis has lost it."""
        if self._redis.exists(WHOLE):
            return
        keys = list(all_wanted())
        for start in range(0, len(keys), _BATCH):
            self._redis.sadd(WANTED, *keys[start : start + _BATCH])
        self._redis.set(WHOLE, "1")

    def _take(self, fields: dict[bytes, bytes]) -> None:
        try:
            events = loads(fields[FIELD.encode()])
        except (KeyError, TypeError, ValueError):
            log.warning("stream: an entry was not understood")
            return
        for event in events:
            self._came(event)

    def _came(self, event: Arrived) -> None:
        """Note for each of its owner's devices what it is to be told. Raises Unavailable or StoreRefused."""
        account = Account.objects.select_related("academy").filter(mailbox_key=event.owner).first()
        devices = list(Device.objects.filter(account=account)) if account else []
        if account is None or not devices:
            self._redis.srem(WANTED, event.owner)
            return
        if account.state != AccountState.ACTIVE or why_off(account, self._ways.reach()):
            return
        known: int | None = None
        for device in devices:
            if device.session in event.live:
                _seen(device, self._ways.now())
            elif not is_quiet(device, self._ways.now()):
                if device.audience == Audience.KNOWN and known is None:
                    known = self._ways.known(account, event)
                count = known if device.audience == Audience.KNOWN else _count(event)
                _wait(device, count or 0, self._ways.now())

    # What is due -----------------------------------------------------------------------------------
    def _push(self) -> int:
        now = self._ways.now()
        rows = Device.objects.select_related("account__academy").filter(due_at__lte=now).order_by("due_at")
        due = list(rows[:SIDE_BY_SIDE])
        asked = [(row, _told(row), _contact(row.account.academy)) for row in due]
        if not asked:
            return 0
        for (row, told, _), answer in zip(asked, self._ways.send(asked), strict=True):
            _settle(row, told, answer, self._ways.now())
        return len(due)


def _contact(academy: Academy) -> str:
    """Whom a push service may ask about what it gets: nobody's own address."""
    domain = academy.domains.filter(is_primary=True).first()
    return f"mailto:postmaster@{domain.name if domain else 'localhost'}"


async def _send_all(keys: Keys, sender: Sender, asked: Sequence[tuple[Device, Told, str]]) -> list[Answer]:
    return list(await asyncio.gather(*(_send_one(keys, sender, *one) for one in asked)))


async def _send_one(keys: Keys, sender: Sender, device: Device, told: Told, contact: str) -> Answer:
    subscription = keys.opened(device.sealed)
    if subscription is None:
        return Answer(Outcome.GONE, why="sealed under another secret")
    return await sender.send(subscription, told, contact)


def _count(event: Arrived) -> int:
    try:
        return sum(last - first + 1 for first, last in Uids.parse(event.uids).intervals)
    except ValueError:
        return 1


def _seen(device: Device, now: datetime) -> None:
    """Its owner has the page open there."""
    used(device, now)
    device.save(update_fields=["used_at", "told", "waiting", "due_at"])


def _wait(device: Device, count: int, now: datetime) -> None:
    """COUNT more are to be told, soon."""
    if count == 0:
        return
    soon = max(now, device.sent_at + PAUSE) if device.sent_at else now
    # What is being tried again after failures keeps its time: the service has asked for patience.
    due = device.due_at if device.due_at and device.tries else min(device.due_at or soon, soon)
    Device.objects.filter(pk=device.pk).update(waiting=F("waiting") + count, due_at=due)


def _told(device: Device) -> Told:
    return Told(device.told + device.waiting, device.language, trial=device.trial)


def _settle(device: Device, told: Told, answer: Answer, now: datetime) -> None:
    """Note what became of a push. What came while it was under way stays to be told."""
    if answer.outcome is not Outcome.ACCEPTED:
        log.info("device %s: %s, %s", device.id.hex, answer.outcome.value, answer.why)
    if answer.outcome is Outcome.GONE:
        Device.objects.filter(pk=device.pk).delete()
        return
    with transaction.atomic():
        row = Device.objects.select_for_update().filter(pk=device.pk).first()
        if row is None:
            return
        if answer.outcome is Outcome.ACCEPTED:
            _accepted(row, device, told, now)
        else:
            _failed(row, answer, now)
        row.save(update_fields=["trial", "told", "waiting", "tries", "fault", "due_at", "sent_at"])


def _accepted(row: Device, sent: Device, told: Told, now: datetime) -> None:
    row.tries, row.fault = 0, ""
    if told.trial:
        row.trial = False
        row.due_at = now if row.waiting else None
        return
    # Used meanwhile: both are 0 already.
    told_now = min(sent.waiting, row.waiting)
    row.told, row.waiting, row.sent_at = row.told + told_now, row.waiting - told_now, now
    row.due_at = now + PAUSE if row.waiting else None


def _failed(row: Device, answer: Answer, now: datetime) -> None:
    row.tries += 1
    row.fault = "refused" if answer.outcome is Outcome.REFUSED else "unreached"
    if row.trial:
        # One that comes when its person no longer looks would only puzzle them.
        row.trial, row.tries, row.due_at = False, 0, now if row.waiting else None
        return
    if answer.outcome is Outcome.REFUSED or row.tries >= MOST_TRIES:
        row.waiting, row.tries, row.due_at = 0, 0, None
        return
    wait = min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    row.due_at = now + max(wait, answer.wait or wait)
