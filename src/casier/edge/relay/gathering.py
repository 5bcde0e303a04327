"""Events that are written together, a few times a second, and kept while Redis is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from redis.exceptions import RedisError

LOG = logging.getLogger("casier.edge.relay")
AGAIN_SECONDS = 1.0
Event = TypeVar("Event")


class Gathering(Generic[Event]):
    """Hands what was added within PAUSE seconds to FLUSH; LATE tells the log what waits when that fails."""

    def __init__(self, flush: Callable[[list[Event]], Awaitable[None]], pause: float, late: str) -> None:
        self._flush, self._pause, self._late = flush, pause, late
        self._waiting: list[Event] = []
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, event: Event) -> None:
        """Have EVENT written soon."""
        self._waiting.append(event)
        self._news.set()

    def forget(self, count: int) -> None:
        """Leave out the COUNT that wait longest."""
        del self._waiting[:count]

    def wake(self) -> None:
        """Flush soon, even nothing."""
        self._news.set()

    async def write(self) -> None:
        """Write for ever."""
        while True:
            await self._news.wait()
            await asyncio.sleep(self._pause)
            self._news.clear()
            events, self._waiting = self._waiting, []
            try:
                await self._flush(events)
            except (RedisError, OSError) as error:
                LOG.warning("%s: %s", self._late, type(error).__name__)
                self._waiting = events + self._waiting
                self._news.set()
                await asyncio.sleep(AGAIN_SECONDS)
