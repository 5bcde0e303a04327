"""The worker's lane for what comes into folders by other roads than delivery."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import redis
from django.utils import timezone

from casier.audit.wake import client
from casier.engines.clamav.clamd import Clamd
from casier.kernel.errors import Unavailable
from casier.kernel.instance import OWN_STORE, Instance
from casier.kernel.stored import FIELD, STREAM, WHOLE, Stored, loads
from casier.mailbox.arrivals import marks
from casier.mailbox.arrivals.examining import Ways, examine, look
from casier.mailbox.arrivals.quarantine import Quarantine
from casier.mailbox.stores import store_named

log = logging.getLogger(__name__)
# By owner, by UIDVALIDITY: a folder's name and highest UID.
Folders = Mapping[str, Mapping[int, tuple[str, int]]]
AT_ONCE = 200  # entries of the stream, a twentieth of a second each
SWEEP_SECONDS = 6 * 3600.0
DOWN_AGAIN = timedelta(seconds=5)
STUCK_AGAIN = timedelta(seconds=60)
SHORT_WAIT = timedelta(seconds=1.5)


class Arrivals:
    """Note what the relay tells, look through the store now and then, scan what is open."""

    def __init__(self, instance: Instance) -> None:
        self._redis = client(instance.socket("redis", "casier", "redis.sock"))
        self._ways = Ways(
            store_named(OWN_STORE),
            Clamd(instance.socket("clamav", "rspamd", "clamd.sock")),
            Quarantine.of(instance),
            timezone.now,
        )
        self._to_look_at: deque[str] = deque()
        self._swept: float | None = None  # never by this process: what the last one began may not be done

    def step(self) -> int:
        """One round: 0 where there is nothing to do now."""
        more = self._note()
        looked = self._sweep()
        return int(more or looked or self._examine())

    def _note(self) -> bool:
        """Take over what the relay has written; whether there is more."""
        try:
            found = cast("list[tuple[bytes, dict[bytes, bytes]]]", self._redis.xrange(STREAM, count=AT_ONCE))
            events = [event for _, fields in found for event in _events(fields)]
            if events:
                marks.note(events, self._ways.now())
            if found:
                cast("Any", self._redis).xdel(STREAM, *(number for number, _ in found))
            if not self._redis.exists(WHOLE):
                # before looking: what is lost from now on takes it away again
                self._redis.set(WHOLE, "1")
                self._swept = None
        except redis.RedisError as error:
            log.info("what came in is not told (%s)", type(error).__name__)
            return False
        return len(found) == AT_ONCE

    def _sweep(self) -> bool:
        """See one mailbox's folders, where it is time to see all."""
        try:
            if self._swept is None or time.monotonic() - self._swept > SWEEP_SECONDS:
                self._to_look_at = deque(to_look_at(self._ways.store.statuses(), marks.noted()))
                self._swept = time.monotonic()
                self._ways.quarantine.forget_old(self._ways.now())
            if self._to_look_at:
                look(self._to_look_at[0], self._ways)
                self._to_look_at.popleft()
        except Unavailable as error:
            log.info("the store can't be looked through now: %s", error)
            return False
        return bool(self._to_look_at)

    def _examine(self) -> bool:
        folder = marks.next_due()
        if folder is None or folder.due_at is None:
            return False
        now = self._ways.now()
        if folder.due_at > now:
            return _wait(folder.due_at, now)
        try:
            examine(folder, self._ways)
            if marks.postpone_where_stuck(folder, self._ways.now(), now + STUCK_AGAIN):
                log.warning("%s could not be scanned; tried again", folder)
        except Unavailable as error:
            log.info("%s waits to be scanned: %s", folder, error)
            marks.postpone(folder, now + DOWN_AGAIN)
        return True


def to_look_at(held: Folders, noted: Folders) -> list[str]:
    """The owners whose folders aren't as they were noted: HELD are all that the store has.

    An empty folder has nothing to be scanned, whether or not it was ever noted.
    """
    return sorted(
        owner
        for owner, folders in held.items()
        if {validity: one for validity, one in folders.items() if one[1]} != noted.get(owner, {})
    )


def _events(fields: dict[bytes, bytes]) -> list[Stored]:
    try:
        return loads(fields[FIELD.encode()])
    except (KeyError, TypeError, ValueError):
        log.warning("stream: an entry was not understood")
        return []


def _wait(due: datetime, now: datetime) -> bool:
    if due - now > SHORT_WAIT:
        return False
    time.sleep((due - now).total_seconds())
    return True
