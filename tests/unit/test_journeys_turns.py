"""Journeys go on side by side, and one that is alone is."""

from __future__ import annotations

import fcntl
import threading
from contextlib import ExitStack
from pathlib import Path

from journeys.turns import turn
from waiting import wait_until


def later(folder: Path, *, alone: bool) -> tuple[threading.Event, threading.Event]:
    """Another journey: whether it is under way, and what ends it."""
    under_way, end = threading.Event(), threading.Event()

    def go() -> None:
        with turn(folder, alone=alone):
            under_way.set()
            end.wait(10)

    threading.Thread(target=go, daemon=True).start()
    return under_way, end


def test_two_go_on_side_by_side(tmp_path: Path) -> None:
    with turn(tmp_path, alone=False):
        under_way, end = later(tmp_path, alone=False)
        assert under_way.wait(10)
        end.set()


def test_who_is_alone_waits_for_those_under_way_and_nobody_comes_in(tmp_path: Path) -> None:
    with ExitStack() as mine:
        mine.enter_context(turn(tmp_path, alone=False))
        alone, end_of_it = later(tmp_path, alone=True)
        wait_until("it to stand in the door", lambda: _is_held(tmp_path / "door"))
        other, end = later(tmp_path, alone=False)
        assert not alone.wait(0.1)
        assert not other.is_set()
    assert alone.wait(10)
    assert not other.wait(0.1)
    end_of_it.set()
    assert other.wait(10)
    end.set()


def _is_held(path: Path) -> bool:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
