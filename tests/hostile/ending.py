"""Ctrl-C in the middle of a run: the case that is open is the last, and its mails are taken away."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable
from types import FrameType

ASKED = (signal.SIGINT, signal.SIGTERM)


def apart(work: Callable[[threading.Event], int]) -> int:
    """Do WORK in a process apart, which is told by its event that somebody wants it to end; its exit status.

    A terminal's Ctrl-C goes to all processes in front of it, the browser and its driver too: without them
    nothing could be taken away. Asked a second time, all of it ends at once.
    """
    child = os.fork()
    if child == 0:
        os._exit(_worked(work))
    asked = threading.Event()

    def forward(number: int, _: FrameType | None) -> None:
        if asked.is_set():
            os.killpg(child, signal.SIGKILL)
        asked.set()
        os.kill(child, number)

    for number in ASKED:
        signal.signal(number, forward)
    _, status = os.waitpid(child, 0)
    return 130 if asked.is_set() else os.waitstatus_to_exitcode(status)


def _worked(work: Callable[[threading.Event], int]) -> int:
    os.setsid()
    wanted = threading.Event()
    for number in ASKED:
        signal.signal(number, lambda *_: wanted.set())
    try:
        return work(wanted)
    except BaseException:
        traceback.print_exc()
        return 2
