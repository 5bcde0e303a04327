"""Room for password checks: few at once, and who is likely genuine goes first.

A check costs 27 ms of a core whatever comes of it, so a crowd of guesses could keep everybody waiting. This
is about the cores of one process, hence in its memory; everything that is *counted* lies in Redis.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

from casier.kernel.errors import CasierError


class Busy(CasierError):
    """No room in time; nothing was looked at."""

    code = "busy"


class Rank(IntEnum):
    """Who goes first."""

    KNOWN = 0  # a device that has been in before
    CALM = 1  # an unknown one, where nobody was wrong lately
    RESTLESS = 2  # where somebody just was


@dataclass(frozen=True, slots=True)
class Terms:
    """For one rank: how many SLOTS it may hold at once, how many may wait, and how long (seconds)."""

    slots: int
    queue: int
    patience: float


class Room:
    """SLOTS checks at once; each rank on its terms, the better one first."""

    def __init__(self, slots: int, terms: Mapping[Rank, Terms]) -> None:
        self._free, self._terms = slots, terms
        self._held: Counter[Rank] = Counter()
        self._waiting: Counter[Rank] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def place(self, rank: Rank) -> Iterator[None]:
        """Wait for a place and hold it. Raises Busy."""
        self._enter(rank)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._held[rank] -= 1
                self._changed.notify_all()

    def crowded(self, rank: Rank) -> bool:
        """Whether one more of this rank would be told at once that there is no room."""
        with self._changed:
            return self._full(rank)

    def _full(self, rank: Rank) -> bool:
        return not self._may_take(rank) and self._waiting[rank] >= self._terms[rank].queue

    def _enter(self, rank: Rank) -> None:
        terms = self._terms[rank]
        until = time.monotonic() + terms.patience
        with self._changed:
            if self._full(rank):
                raise Busy("The queue is full.")
            self._waiting[rank] += 1
            try:
                while not self._may_take(rank):
                    left = until - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        raise Busy("No place in time.")
                self._free -= 1
                self._held[rank] += 1
            finally:
                self._waiting[rank] -= 1
                self._changed.notify_all()

    def _may_take(self, rank: Rank) -> bool:
        better = any(self._waiting[other] for other in Rank if other < rank)
        return self._free > 0 and self._held[rank] < self._terms[rank].slots and not better


# Two cores. Where somebody was just wrong, guesses are likely: they never take both, and few wait, so that
# some of the web's threads are left for everybody else.
ROOM = Room(
    slots=2,
    terms={
        Rank.KNOWN: Terms(slots=2, queue=64, patience=10.0),
        Rank.CALM: Terms(slots=2, queue=32, patience=5.0),
        Rank.RESTLESS: Terms(slots=1, queue=8, patience=2.0),
    },
)
