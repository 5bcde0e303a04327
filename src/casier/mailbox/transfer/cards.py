"""Cards and events out of the files that address books and agendas are exchanged in (RFC 6350, 5545).

Only what separates one from the next is read here; whether each is right is the store's to say. What an
event says of who is to be told is made the client's business, whatever it said before: neither taking an old
agenda in nor changing it later invites anybody (RFC 6638 §7.1).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casier.mailbox.transfer import older_cards

ITEMS = 50_000
ITEM_BYTES = 5_000_000
_FOLD = re.compile(rb"\r?\n[ \t]")
_UID = re.compile(rb"^UID(?:;[^:\r\n]*)?:(.*)$", re.I)
_CALLED = re.compile(rb"^(?:SUMMARY|FN)(?:;[^:\r\n]*)?:(.*)$", re.I)
_SAFE = re.compile(r"[A-Za-z0-9@._-]{1,120}")
# A property's name ends at its first parameter or value; readers pass over blanks around it.
_NAMED = re.compile(rb"[\x00-\x20]*(ATTENDEE|ORGANIZER)[\x00-\x20]*(?=[;:])", re.I)
_PARAMETER = re.compile(rb';((?:"[^"]*"|[^";:])*)')
_SCHEDULING = re.compile(rb"[\x00-\x20]*SCHEDULE-", re.I)
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

    @property
    def called(self) -> str:
        """What its owner knows it by."""
        return _called(self.content.split(b"\r\n"))


@dataclass(frozen=True, slots=True)
class Cut:
    """A card or an event that can't be taken: it is larger than allowed, or never ended."""

    called: str
    too_large: bool


def cards_in(content: bytes) -> Iterator[Item | Cut]:
    """Each card of a vCard file; one without a UID gets the hash of what it says."""
    for block in _blocks(_lines(content), b"VCARD"):
        if isinstance(block, Cut):
            yield block
            continue
        # The hash is of what the file says: the same file again brings nothing new.
        uid, whole = _with_uid(block)
        written = older_cards.modern(whole) if older_cards.is_older(whole) else whole
        yield Item(uid, b"\r\n".join(written) + b"\r\n")


def events_in(content: bytes) -> Iterator[Item | Cut]:
    """Each event, task or note of an iCalendar file, with the zones that the file brings."""
    lines = _lines(content)
    zones = [line for zone in _blocks(lines, b"VTIMEZONE") if isinstance(zone, list) for line in zone]
    found: dict[str, list[bytes]] = {}
    for kind in sorted(_KINDS):
        for block in _blocks(lines, kind):
            if isinstance(block, Cut):
                yield block
                continue
            uid, whole_block = _with_uid(block)
            found.setdefault(uid, []).extend(map(_untold, whole_block))
    for uid, parts in found.items():
        whole = [*_BEFORE, *zones, *parts, b"END:VCALENDAR"]
        if sum(map(len, whole)) > ITEM_BYTES:
            yield Cut(_called(parts), too_large=True)
        else:
            yield Item(uid, b"\r\n".join(whole) + b"\r\n")


def _lines(content: bytes) -> list[bytes]:
    """Unfolded, in UTF-8: older programs wrote in the encoding of their machine."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content = content.decode("cp1252", "replace").encode()
    return [
        line for line in re.split(rb"\r?\n", _FOLD.sub(b"", content.removeprefix(b"\xef\xbb\xbf"))) if line
    ]


class _Block:
    """One part, as far as it was read."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.size = 0

    def add(self, line: bytes) -> None:
        self.size += len(line)
        if self.size <= ITEM_BYTES:
            self.lines.append(line)

    @property
    def takes_another(self) -> bool:
        """A card holds the card of someone's agent (RFC 2426 §3.5.4); nothing else holds one of its kind."""
        return self.lines[-1].upper().startswith(b"AGENT")

    def ended(self, *, well: bool = True) -> list[bytes] | Cut:
        if well and self.size <= ITEM_BYTES:
            return self.lines
        return Cut(_called(self.lines), too_large=self.size > ITEM_BYTES)


def _blocks(lines: Iterable[bytes], kind: bytes) -> Iterator[list[bytes] | Cut]:
    """The outermost parts of KIND."""
    begin, end = b"BEGIN:" + kind, b"END:" + kind
    block, depth = _Block(), 0
    for line in lines:
        word = line.strip().upper()
        if word == begin and depth and not block.takes_another:
            yield block.ended(well=False)
            block, depth = _Block(), 0
        depth += word == begin
        if not depth:
            continue
        block.add(line)
        depth -= word == end
        if not depth:
            yield block.ended()
            block = _Block()
    if depth:
        yield block.ended(well=False)


def _with_uid(block: list[bytes]) -> tuple[str, list[bytes]]:
    """BLOCK and its UID; where it has none, the hash of what it says."""
    if uid := _first(_UID, block, 250):
        return uid, block
    made = hashlib.sha256(b"\n".join(block)).hexdigest()[:32]
    return made, [*block[:-1], b"UID:" + made.encode(), block[-1]]


def _called(block: Iterable[bytes]) -> str:
    lines = list(block)
    return _first(_CALLED, lines, 100) or _first(_UID, lines, 100)


def _first(what: re.Pattern[bytes], block: Iterable[bytes], most: int) -> str:
    for line in block:
        if found := what.match(line):
            return found[1].decode("utf-8", "replace").strip()[:most]
    return ""


def _untold(line: bytes) -> bytes:
    """LINE; where it names a guest or the organiser, with nothing for the store to send them."""
    named = _NAMED.match(line)
    if not named:
        return line
    kept, at = list[bytes](), named.end()
    while found := _PARAMETER.match(line, at):
        at = found.end()
        if not _SCHEDULING.match(found[1]):
            kept.append(b";" + found[1])
    return named[1] + b";SCHEDULE-AGENT=CLIENT" + b"".join(kept) + line[at:]
