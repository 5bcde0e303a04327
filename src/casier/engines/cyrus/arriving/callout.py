"""Cyrus's question about each message that it stores, as it comes over a Unix socket.

It is asked for every mailbox that a message is delivered to, on a connection of its own, while the delivery
waits: so it is read without streams and tasks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

LOG = logging.getLogger("casier.engines.cyrus.arriving")
SECONDS = 8.0  # Cyrus waits ten
LARGEST = 8 * 1024 * 1024
_LONGEST_HEAD = 16


class Malformed(Exception):
    """What came isn't what Cyrus sends."""


class Chunks:
    """The arguments as they come in: chunks after their length in a line, `0` at the end."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._arguments = bytearray()

    def feed(self, data: bytes) -> bytes | None:
        """The arguments once they are whole, None until then. Raises Malformed."""
        self._received += data
        while (end := self._received.find(b"\n", 0, _LONGEST_HEAD)) >= 0:
            size = _size(bytes(self._received[:end]))
            if size == 0:
                return bytes(self._arguments)
            if len(self._arguments) + size > LARGEST:
                raise Malformed("too large")
            if len(self._received) < end + 1 + size:
                return None
            self._arguments += self._received[end + 1 : end + 1 + size]
            del self._received[: end + 1 + size]
        if len(self._received) >= _LONGEST_HEAD:
            raise Malformed("no length")
        return None


def _size(head: bytes) -> int:
    text = head.strip()
    if text and not text.isdigit():
        raise Malformed("no length")
    return int(text or 0)


class Callout(asyncio.Protocol):
    """One question."""

    _transport: asyncio.Transport
    _limit: asyncio.TimerHandle

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._chunks = Chunks()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._limit = asyncio.get_running_loop().call_later(SECONDS, self._give_up, "took too long")

    def data_received(self, data: bytes) -> None:
        try:
            arguments = self._chunks.feed(data)
        except Malformed as error:
            self._give_up(str(error))
            return
        if arguments is not None:
            self._transport.write(self._answer(arguments))
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._limit.cancel()

    def _give_up(self, why: str) -> None:
        LOG.warning("callout: %s", why)
        self._transport.abort()
