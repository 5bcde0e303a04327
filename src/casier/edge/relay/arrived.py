"""From deliveries into inboxes to the stream by which the worker tells devices whose pages are closed."""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from typing import cast

from redis.asyncio import Redis

from casier.edge.relay.gathering import Gathering
from casier.edge.relay.hub import Hub
from casier.kernel.arrived import CHANNEL_ARRIVED, FIELD, LONGEST, STREAM, WANTED, Arrived, dumps
from casier.kernel.stored import Road, Stored

# Nobody minds a fraction of a second here, and a mail to a whole staff room is one question to Redis.
PAUSE = 0.25
# What waits while Redis is away; older than that, it is no news any more.
MOST_WAITING = 5_000
INBOX = "INBOX"


class Arrivals:
    """Writes to the stream what was delivered to whoever wants to be told."""

    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis, self._hub = redis, hub
        self._waiting = Gathering(self._flush, PAUSE, "new mail waits to be told")

    def note(self, stored: Stored | None, seers: Collection[str] = ()) -> None:
        """Keep STORED if it is new mail in an inbox; SEERS, beside its owner, may see it (mailbox keys)."""
        if stored is None or stored.road is not Road.DELIVERED or stored.folder != INBOX:
            return
        # Who looks now sees it come, whatever they close a moment later.
        live = self._hub.digests_of({stored.owner, *seers})
        self._waiting.add(Arrived(stored.owner, stored.uid_validity, stored.uids, live))
        self._waiting.forget(max(0, len(self._waiting) - MOST_WAITING))

    async def write(self) -> None:
        """Write for ever."""
        await self._waiting.write()

    async def _flush(self, events: list[Arrived]) -> None:
        owners = sorted({event.owner for event in events})
        answer = cast("Awaitable[list[int]]", self._redis.smismember(WANTED, owners))
        wanted = {owner for owner, there in zip(owners, await answer, strict=True) if there}
        told = [event for event in events if event.owner in wanted]
        if not told:
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(STREAM, {FIELD: dumps(told)}, maxlen=LONGEST)
            pipe.publish(CHANNEL_ARRIVED, "1")
            await pipe.execute()
