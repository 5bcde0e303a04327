"""From Cyrus's events to the stream of what came into folders, by which the worker knows what to scan."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from redis.asyncio import Redis

from casier.edge.relay.gathering import Gathering
from casier.kernel.stored import CHANNEL_NOW, FIELD, LONGEST, STREAM, WHOLE, Road, Source, Stored, dumps

PAUSE = 0.05
# Events that wait for Redis to come back; beyond that they are forgotten and the worker looks at all folders.
MOST_WAITING = 20_000
_COPIES = frozenset({"vnd.cmu.MessageCopy", "vnd.cmu.MessageMove", "MessageCopy", "MessageMove"})
_NEW = frozenset({"MessageNew", "MessageAppend"})
_MAIL = "e"
_VALIDITY = re.compile(r";UIDVALIDITY=(\d+)")
_UID = re.compile(r"/;UID=(\d+)")
_UIDS = re.compile(r"[\d:,]+")


def _is_looked_at_soon(event: Stored) -> bool:
    """What was scanned on its way or is a draft has time until the worker looks by itself."""
    return event.road is not Road.DELIVERED and not event.is_draft


def stored_in(event: dict[str, Any]) -> Stored | None:
    """What EVENT says came into a mail folder, or None."""
    name = event.get("event")
    kind = str(event.get("vnd.cmu.mbtype", _MAIL))[:1] or _MAIL
    if kind != _MAIL or (name not in _NEW and name not in _COPIES):
        return None
    uri = str(event.get("uri", ""))
    place, uid = _place(uri), _UID.search(uri)
    uids = str(event.get("uidset", "")) or (uid[1] if uid else "")
    if place is None or not _UIDS.fullmatch(uids):
        return None
    owner, folder, validity = place
    last = int(event.get("uidnext", 1)) - 1
    road = Road.COPIED if name in _COPIES else _road(str(event.get("service", "")))
    return Stored(road, owner, folder, validity, uids, last, _source(event) if road is Road.COPIED else None)


def _road(service: str) -> Road:
    """By the process that stored it; whatever isn't known counts as not scanned."""
    if service == "lmtp":
        return Road.DELIVERED
    return Road.MADE if service == "http" else Road.APPENDED


def _place(uri: str) -> tuple[str, str, int] | None:
    """Owner, folder and UIDVALIDITY of `imap://host/user/camille/Sent%40example.org;UIDVALIDITY=1/;UID=2`."""
    validity = _VALIDITY.search(uri)
    name = unquote(uri.partition("://")[2].partition("/")[2].partition(";")[0])
    kind, _, rest = name.partition("/")
    if kind != "user" or not rest or validity is None:
        return None
    path, at, domain = rest.rpartition("@")
    local, _, folder = (path if at else rest).partition("/")
    return (f"{local}@{domain}" if at else local), folder or "INBOX", int(validity[1])


def _source(event: dict[str, Any]) -> Source | None:
    place = _place(str(event.get("oldMailboxID", "")))
    uids = str(event.get("vnd.cmu.oldUidset", ""))
    if place is None or not _UIDS.fullmatch(uids):
        return None
    return Source(place[0], place[2], uids)


class Notes:
    """Writes to the stream what came in, a few times a second. Redis away: kept, then told to look at all."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting = Gathering(self._flush, PAUSE, "what came in waits to be noted")
        self._lost = True  # what came while no relay listened
        self._waiting.wake()

    def note(self, stored: Stored | None) -> None:
        """Keep what came in, if something did."""
        if stored is None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.forget(MOST_WAITING)
            self._lost = True
        self._waiting.add(stored)

    async def write(self) -> None:
        """Write for ever."""
        await self._waiting.write()

    async def _flush(self, events: list[Stored]) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            if self._lost:
                pipe.delete(WHOLE)
            if events:
                pipe.xadd(STREAM, {FIELD: dumps(events)}, maxlen=LONGEST)
            if self._lost or any(_is_looked_at_soon(event) for event in events):
                pipe.publish(CHANNEL_NOW, "1")
            await pipe.execute()
        self._lost = False
