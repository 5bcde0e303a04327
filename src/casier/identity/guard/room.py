"""Room for password checks: few at once, known devices first, strangers in a short queue.

A check costs 31 ms of a core whatever comes of it, so a crowd of guesses could keep everybody waiting. This
is about the cores of one process, hence in its memory; everything that is *counted* lies in Redis.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from casier.kernel.errors import CasierError


class Busy(CasierError):
    """No room in time; nothing was looked at."""

    code = "busy"


class Room:
    """SLOTS checks at once. At most QUEUE strangers wait, STRANGER_SECONDS; known devices wait
    KNOWN_SECONDS.
    """

    def __init__(
        self, slots: int, queue: int, stranger_seconds: float = 2.0, known_seconds: float = 10.0
    ) -> None:
        self._free, self._queue = slots, queue
        self._patience = {False: stranger_seconds, True: known_seconds}
        self._waiting = {False: 0, True: 0}
        self._changed = threading.Condition()

    @contextmanager
    def place(self, *, known: bool) -> Iterator[None]:
        """Wait for a place and hold it. Raises Busy."""
        self._enter(known=known)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _enter(self, *, known: bool) -> None:
        until = time.monotonic() + self._patience[known]
        with self._changed:
            if not known and not self._may_take(known=False) and self._waiting[False] >= self._queue:
                raise Busy("The queue is full.")
            self._waiting[known] += 1
            try:
                while not self._may_take(known=known):
                    left = until - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        raise Busy("No place in time.")
                self._free -= 1
            finally:
                self._waiting[known] -= 1
                self._changed.notify_all()

    def _may_take(self, *, known: bool) -> bool:
        return self._free > 0 and (known or self._waiting[True] == 0)


# Two cores; a web process has few threads, and some must be left for those who are in already.
ROOM = Room(slots=2, queue=8)
