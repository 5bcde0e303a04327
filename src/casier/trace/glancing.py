"""What is worth a look, told from bytes: of a day's millions of lines a few are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

# Beyond this many words looking for each of them costs more than looking at each line.
_FEW = 60


@dataclass(frozen=True, slots=True)
class Glance:
    """LINE says of a line whether it is worth a look. One of WORDS stands in each that is (none given: who
    knows); FOLDED: they are small letters, whatever stands there.
    """

    line: Callable[[bytes], bool]
    words: tuple[bytes, ...] = ()
    folded: bool = False

    def block(self, raw: bytes) -> bool:
        """Whether a line of RAW may be worth a look."""
        if not self.words or len(self.words) > _FEW:
            return True
        text = raw.lower() if self.folded else raw
        return any(word in text for word in self.words)


def naming(addresses: Collection[str]) -> Glance:
    """Lines in which one of ADDRESSES (small letters) stands."""
    words = tuple(address.encode() for address in addresses)

    def line(raw: bytes) -> bool:
        low = raw.lower()
        return any(word in low for word in words)

    return Glance(line, words, folded=True)


def refusing() -> Glance:
    """Postfix's lines on what it didn't take."""
    return Glance(lambda raw: b"reject: " in raw, (b"reject: ",))


def queued_in(queues: Collection[str]) -> Glance:
    """Postfix's lines on the messages of QUEUES: `… postfix/smtpd[1]: 4jXaaaaaaaz1: …`."""
    return _between(b"]: ", b":", {queue.encode() for queue in queues})


def scanned_in(queues: Collection[str]) -> Glance:
    """The filter's lines on the messages of QUEUES: `… qid: <4jXaaaaaaaz1>, …`."""
    return _between(b"qid: <", b">", {queue.encode() for queue in queues})


def stored(message_ids: Collection[str]) -> Glance:
    """The store's lines on deliveries; most tell of what people do with their mail."""
    # A name that isn't text can't be looked for: its lines are read one by one.
    names = () if any("\ufffd" in name for name in message_ids) else message_ids
    words = tuple(name.encode() for name in names)
    return Glance(lambda raw: b": Delivered: <" in raw or b": sieve log: " in raw, words)


def _between(before: bytes, after: bytes, wanted: set[bytes]) -> Glance:
    def line(raw: bytes) -> bool:
        begin = raw.find(before) + len(before)
        return raw[begin : raw.find(after, begin)] in wanted

    return Glance(line, tuple(wanted))
