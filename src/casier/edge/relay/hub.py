"""Who listens, and what they have not been told yet.

Changes come in bursts (a delivery is three events, a move of a folder hundreds), so each stream is written to
at most fifty times a second, with everything that came meanwhile, once.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable

from casier.edge.relay import frames
from casier.edge.relay.notifications import Change

PAUSE = 0.02  # seconds
MOST_PER_ACCOUNT = 60  # streams; more than that is no person


class Stream:
    """One browser that listens."""

    __slots__ = ("account", "digest", "end", "mailbox_key", "pending", "write")

    def __init__(
        self,
        mailbox_key: str,
        account: str,
        digest: str,
        write: Callable[[bytes], None],
        end: Callable[[], None],
    ) -> None:
        self.mailbox_key = mailbox_key
        self.account = account
        self.digest = digest
        self.write = write
        self.end = end
        self.pending: dict[str, set[str]] | None = None


class Hub:
    """The streams of this process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._by_mailbox: defaultdict[str, set[Stream]] = defaultdict(set)
        self._by_account: defaultdict[str, set[Stream]] = defaultdict(set)
        self._dirty: set[Stream] = set()

    def __len__(self) -> int:
        return sum(map(len, self._by_mailbox.values()))

    def add(self, stream: Stream) -> bool:
        """Let STREAM listen; False when the account has too many already."""
        if len(self._by_account[stream.account]) >= MOST_PER_ACCOUNT:
            return False
        self._by_mailbox[stream.mailbox_key].add(stream)
        self._by_account[stream.account].add(stream)
        stream.write(frames.READY)
        return True

    def remove(self, stream: Stream) -> None:
        """Forget STREAM; harmless when it is forgotten already."""
        for streams, key in ((self._by_mailbox, stream.mailbox_key), (self._by_account, stream.account)):
            streams[key].discard(stream)
            if not streams[key]:
                del streams[key]
        self._dirty.discard(stream)

    def tell(self, change: Change) -> None:
        """Note CHANGE for everyone it concerns; they are written to after a pause."""
        for mailbox_key in change.audience:
            for stream in self._by_mailbox.get(mailbox_key, ()):
                self._note(stream, change)

    def send(self, mailbox_key: str, frame: bytes) -> None:
        """Write FRAME at once to the streams of one mailbox; to all, where none is named."""
        for stream in tuple(self._by_mailbox.get(mailbox_key, ())) if mailbox_key else self.all():
            stream.write(frame)

    def beat(self) -> None:
        """Keep every stream alive, and notice those that are not."""
        for stream in self.all():
            stream.write(frames.BEAT)

    def all(self) -> tuple[Stream, ...]:
        """Every stream."""
        return tuple(stream for streams in self._by_mailbox.values() for stream in streams)

    def of_account(self, account: str) -> tuple[Stream, ...]:
        """The streams of one account."""
        return tuple(self._by_account.get(account, ()))

    def digests_of(self, mailbox_keys: Iterable[str]) -> tuple[str, ...]:
        """The sessions that have a page open of the people with these mailboxes."""
        streams = (stream for key in mailbox_keys for stream in self._by_mailbox.get(key, ()))
        return tuple(sorted({stream.digest for stream in streams if stream.digest}))

    def sign_out(self, streams: Iterable[Stream], reason: str) -> None:
        """Tell STREAMS that they are signed out, and end them."""
        for stream in streams:
            stream.write(frames.signed_out(reason))
            stream.end()
            self.remove(stream)

    def _note(self, stream: Stream, change: Change) -> None:
        if stream.pending is None:
            stream.pending = {}
        stream.pending.setdefault(change.account, set()).update(change.types)
        if not self._dirty:
            self._loop.call_later(PAUSE, self._flush)
        self._dirty.add(stream)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, set()
        for stream in dirty:
            pending, stream.pending = stream.pending or {}, None
            stream.write(b"".join(frames.changed(account, types) for account, types in pending.items()))
