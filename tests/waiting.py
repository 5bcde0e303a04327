"""Waiting for a named condition: no test sleeps blindly."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PAUSE = 0.03


def wait_until(what: str, ask: Callable[[], T], seconds: float = 30) -> T:
    """Ask until the answer is true, and return it; WHAT names the condition in the failure."""
    until = time.monotonic() + seconds
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(_PAUSE)


def within(seconds: float, attempt: Callable[[], float], tries: int = 3) -> None:
    """ATTEMPT, which tells how long it took, takes less than SECONDS. What was late is tried anew: a machine
    that stood still proves nothing.
    """
    took = [attempt()]
    while took[-1] >= seconds and len(took) < tries:
        took.append(attempt())
    assert took[-1] < seconds, took
