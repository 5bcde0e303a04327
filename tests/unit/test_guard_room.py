"""Room for password checks: known devices first, strangers in a short queue."""

from __future__ import annotations

import threading

import pytest

from casier.identity.guard.room import Busy, Room
from waiting import wait_until


def hold(
    room: Room, let_go: threading.Event, *, known: bool, order: list[str], name: str
) -> threading.Thread:
    def run() -> None:
        with room.place(known=known):
            order.append(name)
            let_go.wait(10)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def waiting(room: Room, *, known: bool) -> int:
    return room._waiting[known]


def test_known_devices_go_first() -> None:
    room = Room(1, 5)
    order: list[str] = []
    first, others = threading.Event(), threading.Event()
    others.set()
    threads = [hold(room, first, known=False, order=order, name="first")]
    wait_until("the place is taken", lambda: order == ["first"])
    threads += [
        hold(room, others, known=False, order=order, name=f"stranger {number}") for number in range(2)
    ]
    wait_until("strangers wait", lambda: waiting(room, known=False) == 2)
    threads.append(hold(room, others, known=True, order=order, name="known"))
    wait_until("the known one waits", lambda: waiting(room, known=True) == 1)
    first.set()
    for thread in threads:
        thread.join(5)
    assert order[:2] == ["first", "known"]
    assert len(order) == 4


def test_beyond_the_queue_strangers_are_told_at_once_and_known_devices_wait() -> None:
    room, let_go = Room(1, 1, stranger_seconds=5), threading.Event()
    order: list[str] = []
    threads = [hold(room, let_go, known=False, order=order, name="first")]
    wait_until("the place is taken", lambda: order == ["first"])
    threads.append(hold(room, let_go, known=False, order=order, name="second"))
    wait_until("one waits", lambda: waiting(room, known=False) == 1)
    with pytest.raises(Busy), room.place(known=False):
        pass
    threads.append(hold(room, let_go, known=True, order=order, name="known"))
    wait_until("the known one waits", lambda: waiting(room, known=True) == 1)
    let_go.set()
    for thread in threads:
        thread.join(5)
    assert order[1] == "known"


def test_nobody_waits_longer_than_their_patience() -> None:
    room, let_go = Room(1, 5, stranger_seconds=0.05, known_seconds=0.05), threading.Event()
    order: list[str] = []
    thread = hold(room, let_go, known=False, order=order, name="first")
    wait_until("the place is taken", lambda: order == ["first"])
    for known in (False, True):
        with pytest.raises(Busy), room.place(known=known):
            pass
    let_go.set()
    thread.join(5)
    with room.place(known=False):
        pass
