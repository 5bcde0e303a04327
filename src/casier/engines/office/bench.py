"""The queue: one document at a time, nobody fills it alone, what failed isn't tried again at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from casier.engines.office.converting import NotConverted
from casier.engines.office.frames import Standing
from casier.engines.office.kinds import Kind
from casier.engines.office.shelf import Shelf

LOG = logging.getLogger("casier.engines.office")
WAITING = 24
WAITING_EACH = 4
# A document that took all its time is not given more of it for a while.
FAILURE_SECONDS = 900.0
FAILURES = 1000


@dataclass(frozen=True, slots=True)
class _Job:
    key: str
    kind: Kind
    owner: str
    content: bytes


@dataclass
class Bench:
    """What waits, what is under way, what failed. All methods may be called from any thread."""

    convert: Callable[[Kind, bytes], bytes]
    shelf: Shelf
    clock: Callable[[], float] = time.time
    _waiting: list[_Job] = field(default_factory=list)
    _failed: dict[str, tuple[float, str]] = field(default_factory=dict)
    _at_work: str = ""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def standing(self, key: str) -> Standing:
        """How far KEY is."""
        with self._changed:
            return self._standing(key)

    def add(self, key: str, kind: Kind, owner: str, content: bytes) -> Standing:
        """Put a document into the queue unless it is known."""
        with self._changed:
            known = self._standing(key)
            if known.state != "unknown":
                return known
            mine = sum(job.owner == owner for job in self._waiting)
            if len(self._waiting) >= WAITING or mine >= WAITING_EACH:
                return Standing("failed", "busy")
            self._waiting.append(_Job(key, kind, owner, content))
            self._changed.notify_all()
            return self._standing(key)

    def work(self, stopping: threading.Event) -> None:
        """Convert what comes, until STOPPING."""
        while not stopping.is_set():
            with self._changed:
                if not self._waiting and not self._changed.wait(1.0):
                    continue
                if not self._waiting:
                    continue
                job = self._waiting.pop(0)
                self._at_work = job.key
            self._do(job)

    def _standing(self, key: str) -> Standing:
        if key == self._at_work:
            return Standing("working")
        for ahead, job in enumerate(self._waiting, start=bool(self._at_work)):
            if job.key == key:
                return Standing("queued", ahead=ahead)
        if self.shelf.has(key):
            return Standing("ready")
        when, reason = self._failed.get(key, (0.0, ""))
        return Standing("failed", reason) if self.clock() - when < FAILURE_SECONDS else Standing("unknown")

    def _do(self, job: _Job) -> None:
        begun, reason = time.monotonic(), ""
        try:
            self.shelf.put(job.key, self.convert(job.kind, job.content))
            self.shelf.tidy(self.clock())
        except NotConverted as refused:
            reason = refused.code
            LOG.info("%s of %s bytes: %s", job.kind.ending, len(job.content), refused)
        except Exception:
            reason = "not_convertible"
            LOG.exception("%s of %s bytes", job.kind.ending, len(job.content))
        with self._changed:
            if reason:
                self._remember_failure(job.key, reason)
            self._at_work = ""
        LOG.info("%s, %s bytes, %.1f s", job.kind.ending, len(job.content), time.monotonic() - begun)

    def _remember_failure(self, key: str, reason: str) -> None:
        if len(self._failed) >= FAILURES:
            del self._failed[next(iter(self._failed))]
        self._failed[key] = (self.clock(), reason)
