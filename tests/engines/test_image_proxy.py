"""The proxy of remote images against servers that attack it: each attack beside what is allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest
from starlette.requests import Request

from casier.edge.images.fetching import MOST_BYTES, CheckedRoad, Fetcher
from casier.edge.images.kept import Kept
from casier.edge.images.kinds import Kind
from casier.edge.images.proxy import ImageProxy
from casier.edge.images.reach import Ip, Reach, Refused
from casier.edge.images.signing import Signer

FAR = ipaddress.ip_address("93.184.215.14")
ACCOUNT, OTHER = "a" * 32, "b" * 32
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture whose header tells WIDTH and HEIGHT."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x10\x20\x30" * min(width, 4) for _ in range(min(height, 4))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def said(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Peer:
    """A server of pictures somewhere on the Internet: names and far addresses lead to it."""

    def __init__(self, answer: bytes | Answer) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.connected: list[Ip] = []
        self.resolved: list[str] = []
        self.names: dict[str, list[list[Ip]]] = {}
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(request)
            if isinstance(self.answer, bytes):
                writer.write(self.answer)
            else:
                await self.answer(reader, writer, request)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def resolve(self, host: str, _port: int) -> list[Ip]:
        """A resolver whose answers may change from one question to the next."""
        self.resolved.append(host)
        answers = self.names.get(host)
        if answers is None:
            return [ipaddress.ip_address(host)] if host[0].isdigit() or ":" in host else [FAR]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def connect(self, address: Ip, _port: int, timeout: float) -> httpcore.AsyncNetworkStream:
        self.connected.append(address)
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port, timeout)


@asynccontextmanager
async def peer(answer: bytes | Answer) -> AsyncIterator[Peer]:
    played = Peer(answer)
    server = await asyncio.start_server(played.serve, "127.0.0.1", 0)
    played.port = server.sockets[0].getsockname()[1]
    try:
        yield played
    finally:
        server.close()


def fetcher(played: Peer, folder: Path, *, seconds: float = 5, reach: Reach | None = None) -> Fetcher:
    road = CheckedRoad(reach or Reach(outside=True), played.resolve, played.connect)
    return Fetcher(road, Kept(folder / "images"), seconds=seconds)


def fetched(answer: bytes | Answer, folder: Path, url: str = "http://far.example/a.png") -> tuple[Path, Kind]:
    async def run() -> tuple[Path, Kind]:
        async with peer(answer) as played:
            return await fetcher(played, folder, seconds=3).fetch(url)

    return asyncio.run(run())


def why_refused(answer: bytes | Answer, folder: Path, url: str = "http://far.example/a.png") -> object:
    with pytest.raises(Refused) as refused:
        fetched(answer, folder, url)
    kept = folder / "images"
    assert not kept.exists() or list(kept.iterdir()) == [], "a refused picture leaves nothing behind"
    return refused.value.facts["why"]


def test_a_picture_comes_and_nothing_of_the_reader_goes(tmp_path: Path) -> None:
    async def run() -> bytes:
        async with peer(said(png())) as played:
            path, kind = await fetcher(played, tmp_path).fetch("http://far.example/a.png?suivi=1#fragment")
            assert (kind.type, kind.width, kind.height) == ("image/png", 2, 2)
            assert path.read_bytes() == png()
            return played.requests[0]

    request = asyncio.run(run()).lower()
    assert request.startswith(b"get /a.png?suivi=1 http/1.1\r\nhost: far.example\r\n")
    for absent in (
        b"cookie",
        b"referer",
        b"origin",
        b"accept-language",
        b"x-forwarded",
        b"forwarded",
        b"linux",
    ):
        assert absent not in request


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1",
    ],
)  # fmt: skip
def test_nothing_near_us_is_reached(tmp_path: Path, address: str) -> None:
    async def run() -> Peer:
        async with peer(said(png())) as played:
            played.names["near.example"] = [[FAR, ipaddress.ip_address(address)]]
            literal = f"[{address}]" if ":" in address else address
            for url in ("http://near.example/a.png", f"http://{literal}/a.png"):
                with pytest.raises(Refused, match="image_refused") as refused:
                    await fetcher(played, tmp_path).fetch(url)
                assert refused.value.facts["why"] == "address"
            return played

    assert asyncio.run(run()).connected == []


def test_an_address_of_this_machine_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    reach = Reach(outside=True)
    assert reach.allows(FAR)
    monkeypatch.setattr("casier.edge.images.reach.is_far", lambda _: True)
    assert not reach.allows(ipaddress.ip_address("127.0.0.1"))


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(tmp_path: Path) -> None:
    async def run() -> Peer:
        async with peer(said(png())) as played:
            played.names["turning.example"] = [[FAR], [ipaddress.ip_address("127.0.0.1")]]
            await fetcher(played, tmp_path).fetch("http://turning.example/a.png")
            with pytest.raises(Refused):
                await fetcher(played, tmp_path).fetch("http://turning.example/b.png")
            return played

    played = asyncio.run(run())
    assert played.connected == [FAR], "what was checked is what is connected to"
    assert len(played.resolved) == 2, "once for each connection"


@pytest.mark.parametrize(
    ("onward", "why"),
    [
        ("http://127.0.0.1/a.png", "address"),
        ("http://[::1]/a.png", "address"),
        ("http://169.254.169.254/latest/meta-data", "address"),
        ("http://localhost:6379/", "port"),
        ("file:///etc/passwd", "form"),
        ("gopher://far.example/", "form"),
        ("http://user:mot@far.example/", "form"),
        ("http://far.example:25/", "port"),
        ("//far.example/a.png", "redirects"),
        ("/a.png", "redirects"),
    ],
)
def test_a_redirect_is_checked_as_the_first_address(tmp_path: Path, onward: str, why: str) -> None:
    answer = said(b"", f"Location: {onward}", status="302 Found")
    assert why_refused(answer, tmp_path) == why


def test_a_few_redirects_are_followed(tmp_path: Path) -> None:
    async def turn(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        there = request.startswith(b"GET /3")
        step = int(request[5:6]) if request[5:6].isdigit() else 0
        writer.write(said(png()) if there else said(b"", f"Location: /{step + 1}", status="301 Moved"))

    assert fetched(turn, tmp_path)[1].type == "image/png"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(SVG, "Content-Type: image/svg+xml"), "kind"),
        (said(SVG, "Content-Type: image/png"), "kind"),
        (said(b"<html><script>alert(1)</script>", "Content-Type: image/png"), "kind"),
        (said(b"GIF89", "Content-Type: image/gif"), "kind"),
        (said(b"", "Content-Type: image/png"), "kind"),
        (said(b"%PDF-1.7\n" + png()), "kind"),
        (said(png(), "Content-Encoding: gzip"), "encoding"),
        (said(png(), "Content-Encoding: br"), "encoding"),
        (said(zlib.compress(b"\0" * 10_000_000), "Content-Encoding: deflate"), "encoding"),
        (said(png(60_000, 60_000)), "pixels"),
        (said(png(0, 4)), "pixels"),
        (said(png(100_000, 1)), "pixels"),
        (said(b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0" * 99), "pixels"),
        (said(png(), status="404 Not Found"), "status"),
        (said(png(), status="401 No", ), "status"),
        (said(png(), status="206 Partial Content"), "status"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + png(), "large"),
        (b"not http at all\r\n\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, "broken"),
        (b"", "broken"),
    ],
)  # fmt: skip
def test_what_is_no_bearable_picture_is_refused(tmp_path: Path, answer: bytes, why: str) -> None:
    assert why_refused(answer, tmp_path) == why


def test_a_picture_with_a_page_behind_it_stays_a_picture(tmp_path: Path) -> None:
    """A polyglot is served under the type of its beginning, which `nosniff` holds the browser to."""
    body = png() + b"<script>alert(1)</script>"
    assert fetched(said(body, "Content-Type: text/html"), tmp_path)[1].type == "image/png"


def test_a_body_without_end_is_cut_off(tmp_path: Path) -> None:
    sent = 0

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + png())
        while not writer.is_closing():
            writer.write(b"\0" * 65_536)
            sent += 65_536
            await writer.drain()

    assert why_refused(endless, tmp_path) == "large"
    assert sent < MOST_BYTES * 3


def test_a_server_that_trickles_is_given_up(tmp_path: Path) -> None:
    async def trickling(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + png())
        while not writer.is_closing():
            writer.write(b"\0")
            await writer.drain()
            await asyncio.sleep(0.05)

    begun = time.monotonic()
    assert why_refused(trickling, tmp_path) == "slow"
    assert time.monotonic() - begun < 5


def request_of(account: str, path: str) -> Request:
    token = path.removeprefix("/images/")
    headers = [(b"x-casier-account", account.encode())]
    return Request({"type": "http", "method": "GET", "headers": headers, "path_params": {"token": token}})


def through(played: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the proxy find PLAYED behind all names."""

    def road(reach: Reach) -> CheckedRoad:
        return CheckedRoad(reach, played.resolve, played.connect)

    monkeypatch.setattr("casier.edge.images.proxy.CheckedRoad", road)


def test_an_address_is_for_one_person_and_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(b"k" * 32)

    async def run() -> list[int]:
        async with peer(said(png())) as played:
            through(played, monkeypatch)
            proxy = ImageProxy(signer, Kept(tmp_path / "images"), lambda: Reach(outside=True))
            path = signer.sign(ACCOUNT, "http://far.example/a.png", time.time())
            old = signer.sign(ACCOUNT, "http://far.example/a.png", time.time() - 7 * 3600)
            asked = [
                (ACCOUNT, path),
                (OTHER, path),
                ("", path),
                (ACCOUNT, path[:-1] + ("1" if path.endswith("0") else "0")),
                (ACCOUNT, old),
                (ACCOUNT, "/images/x"),
                (ACCOUNT, "/images/٣.x.y"),
            ]
            answers = [await proxy.answer(request_of(*one)) for one in asked]
            again = await asyncio.gather(*(proxy.answer(request_of(ACCOUNT, path)) for _ in range(5)))
            assert [answer.status_code for answer in again] == [200] * 5
            assert len(played.requests) == 1, "the sender is told once"
            assert answers[0].headers["content-type"] == "image/png"
            assert answers[0].headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answers[0].headers["content-security-policy"]
            return [answer.status_code for answer in answers]

    statuses = asyncio.run(run())
    assert statuses[1:] == [403] * 6
    assert statuses[0] == 200


def test_a_failure_is_not_tried_again_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = Signer(b"k" * 32)

    async def run() -> int:
        async with peer(said(b"no", status="500 No")) as played:
            through(played, monkeypatch)
            proxy = ImageProxy(signer, Kept(tmp_path / "images"), lambda: Reach(outside=True))
            path = signer.sign(ACCOUNT, "http://far.example/a.png", time.time())
            answers = [await proxy.answer(request_of(ACCOUNT, path)) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [404] * 3
            return len(played.requests)

    assert asyncio.run(run()) == 1


def test_an_installation_without_outside_fetches_only_what_it_names(tmp_path: Path) -> None:
    async def run() -> None:
        async with peer(said(png())) as played:
            house = Reach(outside=False, networks=(ipaddress.ip_network("10.1.2.0/24"),))
            played.names["photos.example"] = [[ipaddress.ip_address("10.1.2.3")]]
            await fetcher(played, tmp_path, reach=house).fetch("http://photos.example:8080/a.png")
            for url in ("http://far.example/b.png", "http://10.1.3.1/b.png"):
                with pytest.raises(Refused):
                    await fetcher(played, tmp_path, reach=house).fetch(url)

    asyncio.run(run())


def test_what_is_kept_has_bounds(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "images", most_bytes=250)
    now = time.time()
    for number in range(5):
        staging, file = kept.begin(f"http://far.example/{number}")
        with file:
            file.write(b"x" * 100)
        kept.finish(staging, f"http://far.example/{number}")
    kept.tidy(now)
    assert len(list((tmp_path / "images").iterdir())) == 2
    kept.tidy(now + 20 * 86400)
    assert list((tmp_path / "images").iterdir()) == []
