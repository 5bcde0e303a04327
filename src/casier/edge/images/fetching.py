"""One picture from outside: GET, nothing of the reader, little time, little room."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpcore

from casier.edge.images.kept import Kept
from casier.edge.images.kinds import HEAD, Kind, kind_of
from casier.edge.images.reach import Ip, Reach, Refused, Target

LOG = logging.getLogger("casier.edge.images")
MOST_BYTES = 8_000_000
MOST_REDIRECTS = 3
SECONDS = 12.0  # for the whole of a picture, redirects included
STEP_SECONDS = 5.0  # for a connection, and between two pieces
CHUNK = 65_536
# The same for everybody: it says what asks, not who.
HEADERS = (
    (b"User-Agent", b"Mozilla/5.0 (compatible; image proxy)"),
    (b"Accept", b"image/avif,image/webp,image/png,image/jpeg,image/gif"),
    (b"Accept-Encoding", b"identity"),
)
Resolve = Callable[[str, int], Awaitable[list[Ip]]]
Connect = Callable[[Ip, int, float], Awaitable[httpcore.AsyncNetworkStream]]


async def resolve(host: str, port: int) -> list[Ip]:
    """What the system's resolver says. Raises Refused when there is no such name."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(why="name") from error
    return [ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]


async def connect(address: Ip, port: int, timeout: float) -> httpcore.AsyncNetworkStream:
    """A connection to exactly this address."""
    return await httpcore.AnyIOBackend().connect_tcp(str(address), port, timeout)


@dataclass(slots=True)
class CheckedRoad(httpcore.AsyncNetworkBackend):
    """Connections to addresses that were checked after the name was resolved, and to no other.

    A name is resolved once for each connection and the answer is used as it is: one that changes between
    the check and the use has no second chance. One forbidden address among several refuses all.
    """

    reach: Reach
    resolve: Resolve = resolve
    connect: Connect = connect

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        found = await self.resolve(host, port)
        if not found or not all(self.reach.allows(address) for address in found):
            raise Refused(why="address")
        return await self.connect(found[0], port, timeout or STEP_SECONDS)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise Refused(why="form")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Fetcher:
    """Fetches pictures into KEPT."""

    road: CheckedRoad
    kept: Kept
    trust: ssl.SSLContext | None = None
    seconds: float = SECONDS

    async def fetch(self, url: str) -> tuple[Path, Kind]:
        """The picture at URL, whole and looked at. Raises Refused with why not."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(url)
        except TimeoutError as error:
            raise Refused(why="slow") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise Refused(why="broken", cause=type(error).__name__) from error

    async def _follow(self, url: str) -> tuple[Path, Kind]:
        at = url
        for _ in range(MOST_REDIRECTS + 1):
            target = Target.parse(at)
            self._check_port(target)
            async with self._ask(target) as answer:
                onward = _redirected(answer)
                if onward is None:
                    return await self._take(answer, url)
                at = urljoin(target.url, onward)
        raise Refused(why="redirects")

    def _check_port(self, target: Target) -> None:
        """A port of its own only where the house says so: others hold services, not pictures."""
        if not target.usual_port and not self.road.reach.networks:
            raise Refused(why="port")

    @asynccontextmanager
    async def _ask(self, target: Target) -> AsyncIterator[httpcore.Response]:
        times = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
        context = self.trust or ssl.create_default_context()
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=context, network_backend=self.road, max_connections=1, http2=False
            ) as pool,
            pool.stream("GET", target.url, headers=list(HEADERS), extensions={"timeout": times}) as answer,
        ):
            yield answer

    async def _take(self, answer: httpcore.Response, url: str) -> tuple[Path, Kind]:
        _check(answer)
        staging, file = self.kept.begin(url)
        try:
            with file:
                kind = await _copy(answer, file)
            return self.kept.finish(staging, url), kind
        finally:
            staging.unlink(missing_ok=True)


def _header(answer: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in answer.headers if key.lower() == name), "")


def _redirected(answer: httpcore.Response) -> str | None:
    if answer.status not in (301, 302, 303, 307, 308):
        return None
    return _header(answer, b"location") or "about:nothing"


def _check(answer: httpcore.Response) -> None:
    if answer.status != 200:
        raise Refused(why="status", status=answer.status)
    if _header(answer, b"content-encoding").strip().lower() not in ("", "identity"):
        raise Refused(why="encoding")  # a small answer must not become a large one
    length = _header(answer, b"content-length")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Refused(why="large")


async def _copy(answer: httpcore.Response, file: Any) -> Kind:
    """Write the answer to FILE. The kind is known from its beginning, or nothing more is read."""
    head, total, kind = b"", 0, None
    async for piece in answer.aiter_stream():
        total += len(piece)
        if total > MOST_BYTES:
            raise Refused(why="large")
        file.write(piece)
        if kind is None:
            head += piece[: HEAD - len(head)]
            kind = _known(head, whole=len(head) >= HEAD)
    kind = kind or _known(head, whole=True)
    if kind is None:
        raise Refused(why="kind")
    return kind


def _known(head: bytes, *, whole: bool) -> Kind | None:
    kind = kind_of(head)
    if kind is None and whole:
        raise Refused(why="kind")
    if kind is not None and not kind.bearable:
        raise Refused(why="pixels", width=kind.width, height=kind.height)
    return kind
