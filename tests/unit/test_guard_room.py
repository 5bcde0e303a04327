"""Room for password checks: who is likely genuine goes first, guesses wait in a short queue."""

from __future__ import annotations

import threading

import pytest

from casier.identity.guard.room import ROOM, Busy, Rank, Room, Terms
from waiting import wait_until

KNOWN, CALM, RESTLESS = Rank.KNOWN, Rank.CALM, Rank.RESTLESS


def room_of(slots: int, queue: int = 5, patience: float = 5.0, restless: int = 1) -> Room:
    terms = {rank: Terms(slots, queue, patience) for rank in Rank}
    return Room(slots, terms | {RESTLESS: Terms(restless, queue, patience)})


def hold(room: Room, let_go: threading.Event, rank: Rank, order: list[str], name: str) -> threading.Thread:
    def run() -> None:
        with room.place(rank):
            order.append(name)
            let_go.wait(10)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def waits(room: Room, rank: Rank, count: int = 1) -> None:
    wait_until(f"{count} of {rank.name} wait", lambda: room._waiting[rank] == count)


def joined(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def test_the_better_rank_goes_first() -> None:
    room, order = room_of(1), list[str]()
    first, others = threading.Event(), threading.Event()
    others.set()
    threads = [hold(room, first, RESTLESS, order, "first")]
    wait_until("the place is taken", lambda: order == ["first"])
    for rank in (RESTLESS, CALM, KNOWN):
        threads.append(hold(room, others, rank, order, rank.name))
        waits(room, rank)
    first.set()
    joined(threads)
    assert order == ["first", "KNOWN", "CALM", "RESTLESS"]


def test_guesses_never_hold_every_place() -> None:
    room, order, let_go = room_of(2), list[str](), threading.Event()
    threads = [hold(room, let_go, RESTLESS, order, "one")]
    wait_until("a place is taken", lambda: order == ["one"])
    threads.append(hold(room, let_go, RESTLESS, order, "two"))
    waits(room, RESTLESS)
    threads.append(hold(room, let_go, CALM, order, "calm"))
    wait_until("the other place is taken", lambda: order == ["one", "calm"])
    let_go.set()
    joined(threads)
    assert order == ["one", "calm", "two"]


def test_beyond_the_queue_one_is_told_at_once_and_the_better_rank_waits() -> None:
    room, order, let_go = room_of(1, queue=1), list[str](), threading.Event()
    threads = [hold(room, let_go, RESTLESS, order, "first")]
    wait_until("the place is taken", lambda: order == ["first"])
    threads.append(hold(room, let_go, RESTLESS, order, "second"))
    waits(room, RESTLESS)
    assert (room.crowded(RESTLESS), room.crowded(CALM)) == (True, False)
    with pytest.raises(Busy), room.place(RESTLESS):
        pass
    threads.append(hold(room, let_go, KNOWN, order, "known"))
    waits(room, KNOWN)
    let_go.set()
    joined(threads)
    assert order[1] == "known"


def test_nobody_waits_longer_than_their_patience() -> None:
    room, order, let_go = room_of(1, patience=0.05), list[str](), threading.Event()
    thread = hold(room, let_go, RESTLESS, order, "first")
    wait_until("the place is taken", lambda: order == ["first"])
    for rank in Rank:
        with pytest.raises(Busy), room.place(rank):
            pass
    let_go.set()
    joined([thread])
    for rank in Rank:
        with room.place(rank):
            pass


def test_some_threads_of_the_web_are_always_left() -> None:
    """Guesses that are looked at and those that wait for it don't fill the web's threads."""
    from casier.boot.web import THREADS

    terms = ROOM._terms[RESTLESS]
    assert terms.slots + terms.queue <= THREADS * 2 // 3
