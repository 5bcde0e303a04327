"""The relay's HTTP side: nginx asks for `/events` and gets a stream without end.

A protocol of callbacks instead of a web framework: an open stream costs a few kilobytes and no task.
"""

from __future__ import annotations

import asyncio
from typing import cast

import httptools

from casier.edge.relay.hub import Hub, Stream

# A browser that does not read is let go; it comes back and asks for what it missed.
MOST_UNREAD = 256 * 1024
_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\nConnection: close\r\n\r\n"
)
_PLAIN = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LONGEST_REQUEST = 16 * 1024


class Connection(asyncio.Protocol):
    """One connection from nginx: one request, then a stream or an answer."""

    __slots__ = ("_headers", "_hub", "_parser", "_seen", "_stream", "_transport", "_url")

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._headers: dict[str, str] = {}
        self._url = b""
        self._seen = 0
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._stream: Stream | None = None
        self._transport: asyncio.Transport | None = None

    # asyncio.Protocol ---------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._seen += len(data)
        if self._parser is None:
            return
        if self._seen > _LONGEST_REQUEST:
            self._answer(b"431 Request Header Fields Too Large")
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._answer(b"400 Bad Request")

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._stream is not None:
            self._hub.remove(self._stream)
        self._transport = self._parser = self._stream = None

    # httptools ----------------------------------------------------------------------------------
    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("utf-8", "replace")

    def on_message_complete(self) -> None:
        path = self._url.partition(b"?")[0]
        if path == b"/health":
            self._answer(b"200 OK")
        elif path == b"/events" and self._headers.get("x-casier-user"):
            self._open()
        else:
            self._answer(b"404 Not Found")

    # ours ---------------------------------------------------------------------------------------
    def _open(self) -> None:
        headers, self._headers, self._parser = self._headers, {}, None
        if self._transport is None:
            return
        stream = Stream(
            headers["x-casier-user"],
            headers.get("x-casier-account", ""),
            headers.get("x-casier-session", ""),
            self._write,
            self._end,
        )
        self._transport.write(_STREAM)
        if self._hub.add(stream):
            self._stream = stream
        else:
            self._end()

    def _write(self, frame: bytes) -> None:
        if self._transport is None:
            return
        self._transport.write(frame)
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self._transport.abort()

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _answer(self, status: bytes) -> None:
        self._parser = None
        self._write(_PLAIN % status)
        self._end()
