"""What the relay tells the worker of new mail: for whom it is wanted, and who sees it come."""

from __future__ import annotations

import asyncio
from typing import Any

from redis.exceptions import ConnectionError as RedisDown

from casier.edge.relay import arrived
from casier.edge.relay.arrived import Arrivals
from casier.edge.relay.hub import Hub, Stream
from casier.kernel.arrived import FIELD, Arrived, loads
from casier.kernel.stored import Road, Stored

HERS, HIS = "claire@ac-rouen.fr", "ali@ac-rouen.fr"


class Redis:
    """Knows who wants to be told; keeps what is written; may be away."""

    def __init__(self, *wanted: str) -> None:
        self.wanted, self.away = set(wanted), 0
        self.written: list[Arrived] = []

    async def smismember(self, _key: str, names: list[str]) -> list[int]:
        if self.away:
            self.away -= 1
            raise RedisDown
        return [int(name in self.wanted) for name in names]

    def pipeline(self, **_: Any) -> Redis:
        return self

    async def __aenter__(self) -> Redis:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def xadd(self, _key: str, fields: dict[str, str], **_: Any) -> None:
        self.written += loads(fields[FIELD])

    def publish(self, *_: str) -> None: ...

    async def execute(self) -> None: ...


def came(owner: str = HERS, road: Road = Road.DELIVERED, folder: str = "INBOX") -> Stored:
    return Stored(road, owner, folder, 1, "7", 7)


def told(
    redis: Redis, *events: Stored | None, live: bool = False, seers: tuple[str, ...] = ()
) -> list[Arrived]:
    async def run() -> None:
        hub = Hub(asyncio.get_running_loop())
        stream = Stream(HERS, "id", "digest", lambda _: None, lambda: None)
        if live:
            hub.add(stream)
        arrivals = Arrivals(redis, hub)  # type: ignore[arg-type]
        for event in events:
            arrivals.note(event, seers)
        hub.remove(stream)
        with_end = asyncio.ensure_future(arrivals.write())
        await asyncio.sleep(arrived.PAUSE * (2 + 6 * bool(redis.away)))
        with_end.cancel()

    asyncio.run(run())
    return redis.written


def test_only_new_mail_in_inboxes_of_who_wants_it() -> None:
    roads = [came(road=road) for road in (Road.APPENDED, Road.MADE, Road.COPIED)]
    others = [came(HIS), *roads, came(folder="Junk"), None]
    assert told(Redis(HERS), came(), *others) == [Arrived(HERS, 1, "7")]
    assert told(Redis(), came()) == []


def test_who_looked_when_it_came_has_seen_it() -> None:
    assert told(Redis(HERS), came(), live=True) == [Arrived(HERS, 1, "7", ("digest",))]


def test_who_looks_at_a_mailbox_of_others_has_seen_it_too() -> None:
    assert told(Redis(HIS), came(HIS), live=True) == [Arrived(HIS, 1, "7")]
    assert told(Redis(HIS), came(HIS), live=True, seers=(HERS,)) == [Arrived(HIS, 1, "7", ("digest",))]


def test_nothing_is_lost_while_redis_is_away_a_moment() -> None:
    redis = Redis(HERS)
    redis.away = 1
    assert told(redis, came()) == [Arrived(HERS, 1, "7")]
