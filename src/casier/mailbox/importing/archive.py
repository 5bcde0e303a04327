"""Read mail from a zip without unpacking it anywhere: entries are streamed, their names only name folders.

A zip may lie. Nothing is believed that its directory says of sizes: what comes out is counted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from casier.kernel.zips import DAMAGED
from casier.mailbox.importing import dates, flags, mbox, names
from casier.mailbox.importing.found import MESSAGE_LIMIT, Folder, Found, Message, Origin, Reason, Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ENTRIES = 500_000
# Mail compresses three to twenty times. Past this much output, one entry may not be this many times its size.
RATIO, RATIO_FROM = 200, 64_000_000
TOTAL = 60_000_000_000
_START = 8192
_BESIDE = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)|\.(msf|json|html?|dat)$", re.I)
_MAILDIR = re.compile(r"^(?:(?P<dir>.*)/)?(?:cur|new)/(?P<name>[^/]+)$")


class _Bomb(Exception):
    """An entry grows beyond what mail can."""


@dataclass(slots=True)
class _Budget:
    """What all entries together may still give."""

    left: int = TOTAL


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry, and its name inside the directory that all have in common."""

    info: zipfile.ZipInfo
    name: str


class _Counted(io.RawIOBase):
    """An entry's content, counted as it comes out. Reading past the limits raises _Bomb."""

    def __init__(self, stream: BinaryIO, compressed: int, budget: _Budget) -> None:
        self._stream, self._compressed, self._budget, self._out = stream, max(compressed, 1), budget, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(min(len(view), 1 << 16))
        self._out += len(data)
        self._budget.left -= len(data)
        if self._budget.left < 0 or (self._out > RATIO_FROM and self._out > RATIO * self._compressed):
            raise _Bomb
        view[: len(data)] = data
        return len(data)


def looks_like(start: bytes) -> bool:
    """Whether a file that begins with START is a zip."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(stream: BinaryIO, path: str, folder: Folder) -> Iterator[Found]:
    """Every message in the zip STREAM; what can't be had is reported and the rest goes on."""
    try:
        opened = zipfile.ZipFile(stream)
    except DAMAGED as error:
        yield Unreadable(Origin(path), Reason.DAMAGED_ARCHIVE, str(error))
        return
    with opened:
        entries = [
            entry for entry in opened.infolist() if not entry.is_dir() and not _BESIDE.search(entry.filename)
        ]
        if len(entries) > ENTRIES:
            yield Unreadable(Origin(path), Reason.TOO_MANY, f"{len(entries)} > {ENTRIES}")
            return
        budget, top = _Budget(), _common_top(entries)
        for entry in _apart(entries):
            if isinstance(entry, Unreadable):
                yield Unreadable(Origin(path, entry.origin.path), entry.reason, entry.detail)
            else:
                yield from _entry(opened, _Entry(entry, entry.filename[len(top) :]), path, folder, budget)


def _common_top(entries: list[zipfile.ZipInfo]) -> str:
    """The one directory that all ENTRIES lie in: a zip of a directory means the same as the directory."""
    tops = {entry.filename.partition("/")[0] if "/" in entry.filename else "" for entry in entries}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and top not in ("cur", "new") else ""


def _apart(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo | Unreadable]:
    """ENTRIES in order of name; those whose content overlaps another's are reported instead, both of them.

    Thousands of entries that share one block of data are how a small zip becomes petabytes without nesting.
    """
    end, farthest, overlapping = 0, 0, set()
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            overlapping |= {farthest, id(entry)}
        until = entry.header_offset + 30 + entry.compress_size
        if until >= end:
            end, farthest = until, id(entry)
    for entry in sorted(entries, key=lambda entry: entry.filename):
        yield Unreadable(Origin(entry.filename), Reason.BOMB) if id(entry) in overlapping else entry


def _entry(
    opened: zipfile.ZipFile, entry: _Entry, path: str, folder: Folder, budget: _Budget
) -> Iterator[Found]:
    origin = Origin(path, entry.info.filename)
    if entry.info.flag_bits & 1:
        yield Unreadable(origin, Reason.ENCRYPTED)
        return
    try:
        with opened.open(entry.info) as content:
            counted = io.BufferedReader(
                _Counted(cast(BinaryIO, content), entry.info.compress_size, budget), 1 << 16
            )
            yield from _content(counted, entry, origin, folder)
    except _Bomb:
        yield Unreadable(origin, Reason.BOMB)
    except DAMAGED as error:
        yield Unreadable(origin, Reason.DAMAGED_ARCHIVE, str(error))


def _content(
    stream: io.BufferedReader[_Counted], entry: _Entry, origin: Origin, folder: Folder
) -> Iterator[Found]:
    start = stream.peek(_START)[:_START]
    if looks_like(start):
        yield Unreadable(origin, Reason.NESTED_ARCHIVE)
    elif mbox.looks_like(start) and not entry.name.lower().endswith(".eml"):
        where = _mbox_folder(folder, entry.name)
        yield from mbox.read(cast(BinaryIO, stream), f"{origin.path}:{entry.info.filename}", where)
    else:
        yield _message(cast(BinaryIO, stream), entry, origin, folder)


def _mbox_folder(folder: Folder, name: str) -> Folder:
    parts = [re.sub(r"\.(sbd|mbox|mbx)$", "", part, flags=re.I) for part in name.split("/")]
    if len(parts) > 1 and parts[-1] == "mbox":
        parts.pop()
    return names.clean((*folder, *parts))


def _message(stream: BinaryIO, entry: _Entry, origin: Origin, folder: Folder) -> Found:
    content = stream.read(MESSAGE_LIMIT + 1)
    if len(content) > MESSAGE_LIMIT:
        return Unreadable(origin, Reason.TOO_LARGE, f"> {MESSAGE_LIMIT} octets")
    if not content.strip():
        return Unreadable(origin, Reason.EMPTY)
    where, state = _place(entry.name, folder)
    return Message(origin, content, where, state, dates.of_file(content, _time(entry.info)))


def _place(name: str, folder: Folder) -> tuple[Folder, frozenset[str]]:
    """The folder and flags that an entry's NAME says: a Maildir's file, or a message in a directory."""
    inside = _MAILDIR.match(name)
    if inside is None:
        return names.clean((*folder, *name.split("/")[:-1])), frozenset()
    parts: list[str] = []
    for part in (inside["dir"] or "").split("/"):
        if part.startswith("."):
            parts += [names.decode(piece) for piece in part[1:].split(".")]
        elif part.lower() not in ("", "maildir"):
            parts.append(part)
    return names.clean((*folder, *parts)), flags.of_maildir_name(inside["name"], {})


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*entry.date_time, tzinfo=UTC) if entry.date_time[0] > 1980 else None
    except ValueError:
        return None
