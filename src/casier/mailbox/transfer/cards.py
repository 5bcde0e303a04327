"""Cards and events out of the files that address books and agendas are exchanged in (RFC 6350, 5545).

Only what separates one from the next is read here; whether each is right is the store's to say. What an event
says of who is to be told is made the client's business, so that taking an old agenda in invites nobody again
(RFC 6638 §7.1).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

ITEMS = 50_000
ITEM_BYTES = 5_000_000
_FOLD = re.compile(rb"\r?\n[ \t]")
_UID = re.compile(rb"^UID(?:;[^:\r\n]*)?:(.*)$", re.I)
_SAFE = re.compile(r"[A-Za-z0-9@._-]{1,120}")
_TOLD = re.compile(rb"^(ATTENDEE|ORGANIZER)(?=[;:])", re.I)
_KINDS = frozenset({b"VEVENT", b"VTODO", b"VJOURNAL"})
_BEFORE = (b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//Casier//transfer//FR")


@dataclass(frozen=True, slots=True)
class Item:
    """One card, or one event with its exceptions. NAME is what it is called in its collection."""

    uid: str
    content: bytes

    @property
    def name(self) -> str:
        safe = self.uid if _SAFE.fullmatch(self.uid) and not self.uid.startswith(".") else ""
        return safe or hashlib.sha256(self.content).hexdigest()[:32]


def cards_in(content: bytes) -> Iterator[Item]:
    """Each card of a vCard file; one without a UID gets the hash of what it says."""
    for lines in _blocks(_lines(content), b"VCARD"):
        uid, whole = _with_uid(lines)
        yield Item(uid, b"\r\n".join(whole) + b"\r\n")


def events_in(content: bytes) -> Iterator[Item]:
    """Each event, task or note of an iCalendar file, with the zones that the file brings."""
    lines = _lines(content)
    zones = [line for zone in _blocks(lines, b"VTIMEZONE") for line in zone]
    found: dict[str, list[bytes]] = {}
    for kind in sorted(_KINDS):
        for block in _blocks(lines, kind):
            uid, whole_block = _with_uid(block)
            found.setdefault(uid, []).extend(map(_untold, whole_block))
    for uid, parts in found.items():
        whole = [*_BEFORE, *zones, *parts, b"END:VCALENDAR"]
        yield Item(uid, b"\r\n".join(whole) + b"\r\n")


def _lines(content: bytes) -> list[bytes]:
    """Unfolded."""
    return [
        line for line in re.split(rb"\r?\n", _FOLD.sub(b"", content.removeprefix(b"\xef\xbb\xbf"))) if line
    ]


def _blocks(lines: list[bytes], kind: bytes) -> Iterator[list[bytes]]:
    """The outermost parts of KIND; one that is never ended, or is too long, is left out."""
    begin, end = b"BEGIN:" + kind, b"END:" + kind
    block: list[bytes] = []
    size = depth = 0
    for line in lines:
        word = line.strip().upper()
        depth += word == begin
        if depth:
            size += len(line)
            if size <= ITEM_BYTES:
                block.append(line)
        if word == end and depth:
            depth -= 1
            if not depth:
                if size <= ITEM_BYTES:
                    yield block
                block, size = [], 0


def _with_uid(block: list[bytes]) -> tuple[str, list[bytes]]:
    """BLOCK and its UID; where it has none, the hash of what it says."""
    if uid := _uid_of(block):
        return uid, block
    made = hashlib.sha256(b"\n".join(block)).hexdigest()[:32]
    return made, [*block[:-1], b"UID:" + made.encode(), block[-1]]


def _uid_of(block: list[bytes]) -> str:
    for line in block:
        if found := _UID.match(line):
            return found[1].decode("utf-8", "replace").strip()[:250]
    return ""


def _untold(line: bytes) -> bytes:
    if not _TOLD.match(line) or b"SCHEDULE-AGENT" in line.upper():
        return line
    return _TOLD.sub(rb"\1;SCHEDULE-AGENT=CLIENT", line)
