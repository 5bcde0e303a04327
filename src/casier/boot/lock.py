"""One start at a time for an instance; the kernel gives the lock back at any kind of death."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock; `pid` is who took it, 0 where that isn't known."""

    def __init__(self, pid: int) -> None:
        super().__init__(str(pid))
        self.pid = pid


def _file(root: Path) -> Path:
    return root / ".lock"


def take(root: Path) -> int:
    """Take the lock of the instance in ROOT; return its descriptor. Raises Taken."""
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_file(root), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Taken(holder(root)) from None
    sign(descriptor, os.getpid())
    return descriptor


def sign(descriptor: int, pid: int) -> None:
    """Say who answers for the lock: the start in the foreground, or the supervisor that was left alone."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{pid}\n".encode(), 0)


def is_abandoned(taken: Taken) -> bool:
    """Whether who answers for the lock is gone: what still holds it is left of a start that was killed."""
    return not taken.pid or not Path(f"/proc/{taken.pid}").exists()


def holder(root: Path) -> int:
    """The pid that took the lock last."""
    try:
        return int(_file(root).read_text("ascii"))
    except (OSError, ValueError):
        return 0


def is_free(root: Path) -> bool:
    """Whether nobody holds the lock now."""
    try:
        descriptor = os.open(_file(root), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def wait_until_free(root: Path, seconds: float) -> bool:
    """Whether the lock was given back within SECONDS."""
    until = time.monotonic() + seconds
    while not is_free(root):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
