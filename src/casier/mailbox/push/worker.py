"""The worker's lane for devices: takes over what the relay tells, pushes what is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import redis
from django.db.models import F, Min
from django.utils import timezone

from casier.audit.wake import client
from casier.directory.life import IN_USE
from casier.directory.models import Academy, Account
from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store
from casier.kernel.arrived import FIELD, STREAM, WANTED, WHOLE, Arrived, loads
from casier.kernel.errors import Unavailable
from casier.kernel.handed_over import by_key
from casier.kernel.instance import OWN_STORE, Instance
from casier.mailbox.push.acquaintances import known_among
from casier.mailbox.push.actions import all_wanted, is_quiet, used, why_off
from casier.mailbox.push.counting import Came, Heads, Known
from casier.mailbox.push.heads import heads_of
from casier.mailbox.push.keys import Keys
from casier.mailbox.push.messages import Told
from casier.mailbox.push.models import Device, Followed
from casier.mailbox.push.reach import PushReach, reach_of
from casier.mailbox.push.sending import Answer, Outcome, Sender
from casier.mailbox.push.telling import Push, is_open, made, settle
from casier.mailbox.stores import store_named

log = logging.getLogger(__name__)
AT_ONCE = 200  # entries of the stream
SIDE_BY_SIDE = 20  # pushes under way
_BATCH = 1_000

Send = Callable[[Sequence[tuple[Device, Told, str]]], Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Ways:
    """How this lane reaches the world."""

    send: Send
    heads: Heads
    known: Known
    reach: Callable[[], PushReach]
    now: Callable[[], datetime]

    @classmethod
    def of(cls, instance: Instance) -> Ways:
        keys, reach = Keys.of(instance), reach_of(instance)
        store: Store = store_named(OWN_STORE)
        return cls(
            lambda asked: asyncio.run(_send_all(keys, Sender.of(keys, reach(), timezone.now), asked)),
            lambda event: heads_of(store, event),
            lambda account, key, addresses: known_among(store, account, key, addresses),
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
        """Note for each device that follows the mailbox what it is to be told. Raises Unavailable."""
        own, followed = _followers(event.owner)
        if not own and not followed:
            self._redis.srem(WANTED, event.owner)
            return
        came = Came(event, self._ways.heads, self._ways.known, self._handed_in)
        for device in own:
            if count := self._count(device, came):
                self._wait(device, None, count)
        for row in followed:
            # Asked now: who may no longer open the mailbox hears nothing of it, not even that something came.
            if is_open(row, self._ways.now()) and (count := self._count(row.device, came)):
                self._wait(row.device, row, count)

    def _wait(self, device: Device, row: Followed | None, count: int) -> None:
        _wait(device, row, count, self._ways.now(), self._ways.reach().pause)

    def _count(self, device: Device, came: Came) -> int:
        """How many of what CAME this device is to be told of."""
        if not self._may_be_told(device.account):
            return 0
        if device.session in came.event.live:
            _seen(device, self._ways.now())
            return 0
        if is_quiet(device, self._ways.now()):
            return 0
        return came.count_for(device.account, device.audience)

    def _may_be_told(self, account: Account) -> bool:
        return account.state in IN_USE and not why_off(account, self._ways.reach())

    def _handed_in(self, message_id: str) -> str:
        login = cast("bytes | None", self._redis.get(by_key(message_id)))
        return login.decode() if login else ""

    # What is due -----------------------------------------------------------------------------------
    def _push(self) -> int:
        now = self._ways.now()
        rows = Device.objects.select_related("account__academy").filter(due_at__lte=now).order_by("due_at")
        due = list(rows[:SIDE_BY_SIDE])
        pushes = [push for row in due if (push := self._made(row)) is not None]
        if pushes:
            asked = [(push.device, push.told, _contact(push.device.account.academy)) for push in pushes]
            for push, answer in zip(pushes, self._ways.send(asked), strict=True):
                settle(push, answer, self._ways.now(), self._ways.reach().pause)
        return len(due)

    def _made(self, device: Device) -> Push | None:
        """What DEVICE is told now; None where nothing is left to tell."""
        if self._may_be_told(device.account):
            push = made(device, self._ways.now())
            if push is not None:
                return push
        Followed.objects.filter(device=device).update(waiting=0)
        Device.objects.filter(pk=device.pk).update(due_at=None, waiting=0, trial=False, tries=0)
        return None


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


def _seen(device: Device, now: datetime) -> None:
    """Its owner has the page open there."""
    used(device, now)
    device.save(update_fields=["used_at", "told", "waiting", "due_at"])


def _wait(device: Device, row: Followed | None, count: int, now: datetime, pause: timedelta) -> None:
    """COUNT more of the mailbox of ROW (None: the owner's) are to be told, soon."""
    soon = max(now, device.sent_at + pause) if device.sent_at else now
    # What is being tried again after failures keeps its time: the service has asked for patience.
    due = device.due_at if device.due_at and device.tries else min(device.due_at or soon, soon)
    own = count if row is None else 0
    Device.objects.filter(pk=device.pk).update(waiting=F("waiting") + own, due_at=due)
    if row is not None:
        Followed.objects.filter(pk=row.pk).update(waiting=F("waiting") + count)


def _followers(mailbox_key: str) -> tuple[list[Device], list[Followed]]:
    """The devices of the mailbox's owner, and those of others that follow it."""
    own = Device.objects.select_related("account__academy").filter(account__mailbox_key=mailbox_key)
    others = Followed.objects.select_related("device__account__academy").filter(mailbox_key=mailbox_key)
    return list(own), list(others)
