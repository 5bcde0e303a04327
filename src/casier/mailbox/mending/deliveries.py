"""Whether two messages of a folder are one that was delivered twice, and which of them stays.

A person's own copies never count: a copy of a delivered message carries the lines that Cyrus put above it,
the number of the delivery among them; what was delivered again carries others.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

# Those who pass a message on write these above it; the same message has others on its second way. `Date` too:
# where a message has none, Cyrus writes one.
_TRACE = frozenset(
    (
        b"return-path", b"received", b"x-cyrus-session-id", b"x-sieve",
        b"delivered-to", b"x-original-to", b"authentication-results", b"date",
    )
)  # fmt: skip
_LARGEST_HEAD = 1 << 20
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
# What the store itself says about a message, of any copy.
_OF_THE_STORE = frozenset(("\\recent", "\\deleted", "$hasattachment"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """What tells one delivery from another, and what was delivered."""

    number: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """A message of a folder, as its index tells it."""

    uid: int
    at: datetime
    flags: frozenset[str]
    message_id: bytes

    @property
    def marks(self) -> frozenset[str]:
        """The flags that a person, or a person's rules, have put on it."""
        return frozenset(flag for flag in self.flags if flag.lower() not in _OF_THE_STORE)


@dataclass(frozen=True, slots=True)
class Doubled:
    """One message that was delivered more than once."""

    kept: Copy
    removed: tuple[Copy, ...]

    @property
    def marks_to_add(self) -> frozenset[str]:
        """What a person did with those that go, and not with the one that stays."""
        return frozenset[str]().union(*(copy.marks for copy in self.removed)) - self.kept.flags


def delivery_of(pieces: Iterable[bytes]) -> Delivery | None:
    """How the message in PIECES was delivered by LMTP; None where it came by another road."""
    rest = iter(pieces)
    head, body = _head(rest)
    fields = [(name.strip().lower(), value.strip()) for name, value in _fields(head)]
    first = next((value for name, value in fields if name == b"received"), b"")
    if b"return-path" not in dict(fields) or b" with LMTP" not in b" ".join(first.split()):
        return None
    number = next((value for name, value in fields if name == b"x-cyrus-session-id"), first)
    content = hashlib.sha256()
    for name, value in fields:
        if name not in _TRACE:
            content.update(name + b":" + value + b"\r\n")
    content.update(b"\r\n" + body)
    for piece in rest:
        content.update(piece)
    return Delivery(number, content.digest())


def _head(pieces: Iterable[bytes]) -> tuple[bytes, bytes]:
    """The header, and what came with its last piece of the body."""
    read = bytearray()
    for piece in pieces:
        read += piece
        if b"\r\n\r\n" in read or len(read) > _LARGEST_HEAD:
            break
    head, _, body = bytes(read).partition(b"\r\n\r\n")
    return head, body


def _fields(head: bytes) -> Iterable[tuple[bytes, bytes]]:
    for line in _FIELD_END.split(head):
        name, colon, value = line.partition(b":")
        if colon:
            yield name, value


def candidates(copies: Iterable[Copy], since: datetime) -> list[list[Copy]]:
    """Those with the same Message-ID, where one came SINCE then. What is deleted or a draft doesn't count."""
    by_id: defaultdict[bytes, list[Copy]] = defaultdict(list)
    for copy in copies:
        if copy.message_id and not {"\\deleted", "\\draft"} & {flag.lower() for flag in copy.flags}:
            by_id[copy.message_id].append(copy)
    return [same for same in by_id.values() if len(same) > 1 and max(copy.at for copy in same) >= since]


def doubled(copies: Sequence[Copy], deliveries: Mapping[int, Delivery], since: datetime) -> list[Doubled]:
    """What of COPIES was delivered more than once; DELIVERIES are those that came by LMTP, by UID.

    Where somebody has copied one of them within the folder, all stay: it is theirs to sort.
    """
    by_content: defaultdict[bytes, list[Copy]] = defaultdict(list)
    for copy in copies:
        if copy.uid in deliveries:
            by_content[deliveries[copy.uid].content].append(copy)
    return [
        _choice(same)
        for same in by_content.values()
        if len(same) > 1
        and len({deliveries[copy.uid].number for copy in same}) == len(same)
        and max(copy.at for copy in same) >= since
    ]


def _choice(same: Sequence[Copy]) -> Doubled:
    """The one that somebody has read or marked stays; else the last, which mail programs have seen."""
    kept = max(same, key=lambda copy: (len(copy.marks), copy.uid))
    return Doubled(kept, tuple(copy for copy in same if copy != kept))
