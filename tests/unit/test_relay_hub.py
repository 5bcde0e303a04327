"""Streams: who hears what, once, and until when."""

from __future__ import annotations

import asyncio

from casier.edge.relay.hub import MOST_PER_ACCOUNT, Hub, Stream
from casier.edge.relay.notifications import Change

MAIL = ("Email", "Mailbox", "Thread")


class Browser:
    """A stream that remembers what was written to it."""

    def __init__(self, mailbox_key: str, account: str = "a", digest: str = "d") -> None:
        self.written: list[bytes] = []
        self.ended = False
        self.stream = Stream(mailbox_key, account, digest, self.written.append, self._end)

    def _end(self) -> None:
        self.ended = True


def change(owner: str, *others: str, types: tuple[str, ...] = MAIL) -> Change:
    return Change(owner, types, frozenset({owner, *others}))


def test_a_burst_is_told_once_to_those_whom_it_concerns() -> None:
    async def scene() -> None:
        hub = Hub(asyncio.get_running_loop())
        camille, colleague, stranger = Browser("camille"), Browser("colleague", "b"), Browser("x", "x")
        for browser in (camille, colleague, stranger):
            assert hub.add(browser.stream)
        for _ in range(100):
            hub.tell(change("camille", "colleague"))
        hub.tell(change("camille", types=("CalendarEvent",)))
        assert len(camille.written) == 1
        await asyncio.sleep(0.05)
        assert camille.written[1:] == [
            b'event: changed\ndata: {"account": "camille", "types": '
            b'["CalendarEvent", "Email", "Mailbox", "Thread"]}\n\n'
        ]
        assert colleague.written[1:] == [
            b'event: changed\ndata: {"account": "camille", "types": ["Email", "Mailbox", "Thread"]}\n\n'
        ]
        assert stranger.written[1:] == []
        hub.tell(change("camille"))
        await asyncio.sleep(0.05)
        assert len(camille.written) == 3

    asyncio.run(scene())


def test_signing_out_ends_one_session_and_no_other() -> None:
    async def scene() -> None:
        hub = Hub(asyncio.get_running_loop())
        here, there = Browser("camille", digest="one"), Browser("camille", digest="two")
        hub.add(here.stream)
        hub.add(there.stream)
        hub.tell(change("camille"))
        hub.sign_out([here.stream], "session_expired")
        assert here.ended
        assert here.written[-1] == b'event: signed-out\ndata: {"reason": "session_expired"}\n\n'
        assert not there.ended
        await asyncio.sleep(0.05)
        assert here.written[-1].startswith(b"event: signed-out")
        assert there.written[-1].startswith(b"event: changed")
        assert len(hub) == 1
        hub.remove(here.stream)  # the connection closes afterwards; that must not hurt

    asyncio.run(scene())


def test_one_account_can_not_take_all_streams() -> None:
    async def scene() -> None:
        hub = Hub(asyncio.get_running_loop())
        browsers = [Browser("camille") for _ in range(MOST_PER_ACCOUNT)]
        assert all(hub.add(browser.stream) for browser in browsers)
        assert not hub.add(Browser("camille").stream)
        hub.remove(browsers[0].stream)
        assert hub.add(Browser("camille").stream)

    asyncio.run(scene())
