"""One push to its service: what is sent, and what the answer means (RFC 8030)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

import httpcore

from casier.edge.images.fetching import CheckedRoad
from casier.edge.images.reach import Refused, Target
from casier.mailbox.push.errors import BadSubscription
from casier.mailbox.push.keys import Keys, Subscription
from casier.mailbox.push.messages import Told, encrypted
from casier.mailbox.push.reach import PushReach

SECONDS = 15.0  # for the whole of a push
STEP_SECONDS = 8.0
MOST_ANSWER = 4_096  # bytes of an answer that are read
LIFE = timedelta(days=1)  # how long the service keeps it for a device that is off
LONGEST_WAIT = timedelta(hours=1)


class Outcome(Enum):
    """What became of a push."""

    ACCEPTED = "accepted"
    GONE = "gone"  # the browser has ended it: never again
    LATER = "later"  # busy, or not reached
    REFUSED = "refused"  # this push, by this service, whenever


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome; how long to wait where the service says so; what the log may tell."""

    outcome: Outcome
    wait: timedelta | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Posts to push services."""

    keys: Keys
    reach: PushReach
    now: Callable[[], datetime]
    road: CheckedRoad = field(kw_only=True)

    @classmethod
    def of(cls, keys: Keys, reach: PushReach, now: Callable[[], datetime]) -> Sender:
        return cls(keys, reach, now, road=CheckedRoad(reach.reach))

    async def send(self, subscription: Subscription, told: Told, contact: str) -> Answer:
        """Push TOLD; never raises for what a service does."""
        try:
            target = self.reach.checked(subscription.endpoint)
            async with asyncio.timeout(SECONDS):
                return await self._post(target, subscription, told, contact)
        except BadSubscription as error:
            # Allowed once, not any more: the setting has changed.
            return Answer(Outcome.GONE, why=f"not allowed ({error.facts['why']})")
        except Refused as error:
            return Answer(Outcome.LATER, why=f"not reached ({error.facts['why']})")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return Answer(Outcome.LATER, why=type(error).__name__)

    async def _post(self, target: Target, subscription: Subscription, told: Told, contact: str) -> Answer:
        contact = self.reach.contact or contact
        headers = {
            "Authorization": self.keys.authorization(subscription.endpoint, contact, self.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(LIFE.total_seconds())),
            "Urgency": "high" if told.trial else "normal",
            # The newest stands for those that a device which was off has not had yet.
            "Topic": "trial" if told.trial else "mail",
        }
        times = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
        body = encrypted(told, subscription, self.keys, contact)
        async with self._pool() as pool:
            asked = pool.stream(
                "POST", target.url, headers=list(headers.items()), content=body, extensions={"timeout": times}
            )
            async with asked as answer:
                return meaning(
                    answer.status, await _detail(answer), _header(answer, b"retry-after"), self.now()
                )

    @asynccontextmanager
    async def _pool(self) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """A connection of its own each: pushes are rare, and nothing of one person meets another's."""
        context = ssl.create_default_context(cafile=self.reach.authority)
        pool = (
            httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=1,
                proxy=httpcore.Proxy(self.reach.proxy),
            )
            if self.reach.proxy
            else httpcore.AsyncConnectionPool(
                ssl_context=context, network_backend=self.road, max_connections=1, http2=False
            )
        )
        async with pool:
            yield pool


def meaning(status: int, detail: str, retry_after: str, now: datetime) -> Answer:
    """What a push service means by STATUS."""
    if 200 <= status < 300:
        return Answer(Outcome.ACCEPTED)
    if status in (404, 410):
        return Answer(Outcome.GONE, why=str(status))
    if status in (408, 429) or status >= 500:
        return Answer(Outcome.LATER, wait_of(retry_after, now), f"{status} {detail}")
    return Answer(Outcome.REFUSED, why=f"{status} {detail}")


def wait_of(retry_after: str, now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date (RFC 9110 §10.2.3), an hour at most; None: it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_WAIT)


async def _detail(answer: httpcore.Response) -> str:
    """The beginning of what a service says, fit for a line of the log. An endless answer isn't read."""
    read = b""
    async for piece in answer.aiter_stream():
        read += piece
        if len(read) >= MOST_ANSWER:
            break
    text = read[:120].decode("ascii", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _header(answer: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in answer.headers if key.lower() == name), "")
