"""The relay as one process."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError

from casier.edge.listen import unix_socket
from casier.edge.records import Records, connect
from casier.edge.relay import frames, notifications
from casier.edge.relay.arrived import Arrivals
from casier.edge.relay.connection import Connection
from casier.edge.relay.ending import Ending, repeat
from casier.edge.relay.hub import Hub
from casier.edge.relay.stored import Notes, stored_in
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.kernel.published import CHANNEL_ENDED, CHANNEL_PUSH, ENDED_CONNECTIONS

LOG = logging.getLogger("casier.edge.relay")
BEAT_SECONDS = 25.0
LOOK_SECONDS = 5.0
GIVE_BACK_SECONDS = 2.0
AGAIN_SECONDS = 0.5
FOLLOW_SECONDS = 60.0


class Datagrams(asyncio.DatagramProtocol):
    """Cyrus's notifications."""

    def __init__(self, hub: Hub, notes: Notes, arrivals: Arrivals) -> None:
        self._hub, self._notes, self._arrivals = hub, notes, arrivals

    def datagram_received(self, data: bytes, _addr: Any) -> None:
        try:
            event = notifications.event_in(data)
        except notifications.Malformed as error:
            LOG.warning("notification: %s", error)
            return
        stored, change = stored_in(event), notifications.change_in(event)
        self._notes.note(stored)
        self._arrivals.note(stored, change.audience if change is not None else ())
        if change is not None:
            self._hub.tell(change)


def pushed(hub: Hub, text: bytes) -> None:
    """A message of the platform for one account's browsers (for all: ""): `{"account", "type", …}`."""
    try:
        message = json.loads(text)
        account, name = str(message.pop("account")), str(message.pop("type"))
    except (ValueError, KeyError, AttributeError):
        LOG.warning("push: not understood")
        return
    hub.send(account, frames.event(name.replace("\n", " "), message))


async def follow(records: Records, on_push: Callable[[bytes], None], on_ended: Callable[[str], None]) -> None:
    """Follow the platform's channels, for ever; after a break every stream is looked at anew."""
    while True:
        with suppress(RedisError, OSError):
            async with records.redis.pubsub(ignore_subscribe_messages=True) as channels:
                await channels.subscribe(CHANNEL_PUSH, CHANNEL_ENDED)
                on_ended("")
                while True:
                    message = await channels.get_message(timeout=FOLLOW_SECONDS)
                    if message and message["channel"].decode() == CHANNEL_PUSH:
                        on_push(message["data"])
                    elif message:
                        on_ended(message["data"].decode())
        await asyncio.sleep(AGAIN_SECONDS)


class Relay:
    """Everything wired together."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._hub = Hub(asyncio.get_running_loop())
        self._records = Records(connect(instance.socket("redis", "casier", "redis.sock")))
        self._notes = Notes(self._records.redis)
        self._arrivals = Arrivals(self._records.redis, self._hub)
        agent = instance.socket("agent", "casier", "agent.sock")
        self._ending = Ending(self._hub, self._records, agent)
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Awaitable[None]) -> None:
        """Run WORK beside; a failure is logged, never silent."""
        task = asyncio.ensure_future(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Unavailable as error:
            LOG.warning("cannot look now: %s", error)

    def ended(self, message: str) -> None:
        """`<account id>[ connections]`: what ended; "" after a break, when anyone's may have."""
        account_id, _, more = message.partition(" ")
        if account_id:
            self.run(self._ending.account_ended(account_id, connections=more == ENDED_CONNECTIONS))
        else:
            self.run(self._look())

    async def _look(self) -> None:
        await self._ending.look_again(self._hub.all())

    async def _beat(self) -> None:
        self._hub.beat()

    async def serve(self) -> None:
        """Serve until a signal to stop. nginx's socket comes last: who finds it finds all others."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        path = self._instance.socket
        notify = unix_socket(path("relay", "cyrus", "notify"), socket.SOCK_DGRAM)
        notify.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        await loop.create_datagram_endpoint(
            lambda: Datagrams(self._hub, self._notes, self._arrivals), sock=notify
        )
        self.run(follow(self._records, lambda text: pushed(self._hub, text), self.ended))
        self.run(self._notes.write())
        self.run(self._arrivals.write())
        self.run(repeat(BEAT_SECONDS, self._beat))
        self.run(repeat(LOOK_SECONDS, self._look))
        self.run(repeat(GIVE_BACK_SECONDS, self._ending.give_back))
        doors = unix_socket(path("relay", "nginx", "http.sock"))
        browsers = await loop.create_unix_server(lambda: Connection(self._hub), sock=doors, backlog=1024)
        async with browsers:
            await stop.wait()
