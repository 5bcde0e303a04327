"""A limit for what a case may take: a page that answers no more is ended, and the run goes on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

# A case that holds its tab for so long is a failure. A reader would have left long before.
LONGEST = 20.0
DRAWS = b"--type=renderer"


class Patience:
    """Ends the processes that draw the pages of BROWSER when they are busy for longer than SECONDS.

    The driver waits without end for a page that is stuck, and has one thread: the end must come from outside.
    """

    def __init__(self, browser: Browser, seconds: float = LONGEST) -> None:
        asked = browser.new_browser_cdp_session()
        processes = asked.send("SystemInfo.getProcessInfo")["processInfo"]
        asked.detach()
        self._browser = next(int(one["id"]) for one in processes if one["type"] == "browser")
        self._seconds = seconds
        self.lost = False

    @contextmanager
    def during(self) -> Iterator[None]:
        """Watch over the block; `lost` tells afterwards whether its pages were ended."""
        self.lost = False
        alarm = threading.Timer(self._seconds, self._end)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()

    def _end(self) -> None:
        self.lost = True
        for pid in _below(self._browser):
            if DRAWS in _read(f"/proc/{pid}/cmdline"):
                _kill(pid)


def _below(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        for child in _read(f"{thread}/children").split():
            yield int(child)
            yield from _below(int(child))


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
