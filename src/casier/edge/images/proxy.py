"""What nginx asks for `/images/…`: the check of the address, the queue, what is kept, the answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from casier.edge.images.fetching import CHUNK, CheckedRoad, Fetcher
from casier.edge.images.kept import Kept
from casier.edge.images.kinds import Kind
from casier.edge.images.reach import Reach, Refused
from casier.edge.images.signing import PATH, Signer
from casier.kernel.instance import Instance

LOG = logging.getLogger("casier.edge.images")
AT_ONCE = 24  # fetches of the whole platform
EACH = 120  # requests of one person that wait or run
WAIT_SECONDS = 20.0
FAILED_SECONDS = 300.0  # a failure isn't tried again at once: the sender would be told again
MOST_FAILURES = 5_000
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="image"',
}


class ImageProxy:
    """Pictures for readers. One fetch for one address, however many ask for it at the same time."""

    def __init__(self, signer: Signer, kept: Kept, reach: Callable[[], Reach]) -> None:
        self._signer = signer
        self._kept = kept
        self._reach = reach
        self._all = asyncio.Semaphore(AT_ONCE)
        self._of: dict[str, int] = {}
        self._under_way: dict[str, asyncio.Task[tuple[Path, Kind]]] = {}
        self._failed: dict[str, tuple[float, str]] = {}

    async def answer(self, request: Request) -> Response:
        """`GET /images/<token>`, for the account that the check of the session named."""
        account = request.headers.get("x-casier-account", "")
        url = self._signer.read(account, request.path_params["token"], time.time())
        if url is None:
            return _refusal("image_address", 403)
        try:
            path, kind = await self._picture(account, url)
            return StreamingResponse(_read(path), headers={**HEADERS, "Content-Type": kind.type})
        except Refused as refused:
            LOG.info("image for %s refused: %s (%s)", account, refused.facts, refused.reference)
            return _refusal("image_refused", 404, str(refused.facts.get("why", "")))

    async def _picture(self, account: str, url: str) -> tuple[Path, Kind]:
        now = time.time()
        if found := self._kept.find(url, now):
            return found
        failed_at, why = self._failed.get(url, (0.0, ""))
        if now - failed_at < FAILED_SECONDS:
            raise Refused(why=why)
        if self._of.get(account, 0) >= EACH:
            raise Refused(why="busy")
        self._of[account] = self._of.get(account, 0) + 1
        try:
            return await self._shared(url)
        except Refused as refused:
            self._note_failure(url, now, str(refused.facts.get("why", "")))
            raise
        finally:
            self._of[account] -= 1
            if self._of[account] == 0:
                del self._of[account]

    async def _shared(self, url: str) -> tuple[Path, Kind]:
        task = self._under_way.get(url)
        if task is None:
            task = asyncio.create_task(self._fetch(url))
            self._under_way[url] = task
            task.add_done_callback(lambda _: self._under_way.pop(url, None))
        return await asyncio.shield(task)

    async def _fetch(self, url: str) -> tuple[Path, Kind]:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._all.acquire()
        except TimeoutError as error:
            raise Refused(why="busy") from error
        try:
            self._kept.tidy(time.time())
            return await Fetcher(CheckedRoad(self._reach()), self._kept).fetch(url)
        finally:
            self._all.release()

    def _note_failure(self, url: str, now: float, why: str) -> None:
        if why == "busy":
            return
        if len(self._failed) >= MOST_FAILURES:
            self._failed.clear()
        self._failed[url] = (now, why)


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _refusal(code: str, status: int, why: str = "") -> Response:
    """For our own page, which says it in words; a broken picture for anybody else."""
    body = {"type": code, "status": status, "why": why}
    return JSONResponse(body, status, {"Cache-Control": "no-store"}, "application/problem+json")


def for_readers(instance: Instance) -> Starlette:
    """The proxy of INSTANCE. What may be reached is read anew when `instance.toml` changes."""
    kept = Kept(instance.data / "platform" / "images")
    proxy = ImageProxy(Signer(instance.key("token")), kept, reach_of(instance))
    return Starlette(routes=[Route(f"{PATH}{{token}}", proxy.answer)])


def reach_of(instance: Instance) -> Callable[[], Reach]:
    """Tells the reach of INSTANCE as its settings are now."""
    file = instance.root / "instance.toml"
    known: dict[float, Reach] = {}

    def now() -> Reach:
        changed = file.stat().st_mtime if file.exists() else 0.0
        if changed not in known:
            known.clear()
            known[changed] = Reach.of(Instance.load(instance.root) if changed else instance)
        return known[changed]

    return now
