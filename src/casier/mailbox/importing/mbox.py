"""Read an mbox as a stream, one message in memory at a time.

The standard library's `mailbox.mbox` is not used: it builds an index of the whole file first, locks it, cuts
at every `From ` after a blank line, keeps `>From ` quoted, and knows nothing of Content-Length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from casier.mailbox.importing import dates, flags, headers
from casier.mailbox.importing.found import MESSAGE_LIMIT, Folder, Found, Message, Origin, Reason, Unreadable

_LINE = 1 << 20
_QUOTED = re.compile(rb"^>(>*From )", re.M)
# A From_ line of some kind: sender, then a date that has a time and a year.
_LOOSE = re.compile(rb"From .*\b\d{1,2}:\d\d(:\d\d)?\b.*\b\d{4}\b|From .*\b\d{4}\b.*\b\d{1,2}:\d\d")
# asctime to the letter: a separator even where no blank line stands before it, as some programs leave it out.
_STRICT = re.compile(
    rb"From \S+ +(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} "
    rb"\d\d:\d\d:\d\d( [A-Z]{2,5}| [+-]\d{4})* \d{4}( [+-]\d{4})?\s*$"
)
_ASCTIME = re.compile(rb"((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*)$")


@dataclass(slots=True)
class _Draft:
    """The message being gathered."""

    number: int
    offset: int
    separator: bytes
    lines: list[bytes]
    size: int = 0
    counted: bool = False  # its length stands in Content-Length, so nothing in it is quoted

    @property
    def too_large(self) -> bool:
        return self.size > MESSAGE_LIMIT

    def add(self, line: bytes) -> None:
        self.size += len(line)
        if self.too_large:
            self.lines.clear()
        else:
            self.lines.append(line)


def looks_like(start: bytes) -> bool:
    """Whether a file that begins with START is an mbox. A message saved with its From_ line is one too."""
    line, _, rest = start.lstrip(b"\r\n").partition(b"\n")
    return line.startswith(b"From ") and (_LOOSE.match(line) is not None or headers.is_field(rest))


def read(stream: BinaryIO, path: str, folder: Folder) -> Iterator[Found]:
    """Every message of the mbox STREAM, in order. Its size may be anything; a message's is limited."""
    offset, number, blank = 0, 0, True
    draft: _Draft | None = None
    while line := stream.readline(_LINE):
        if line.startswith(b"From ") and _separates(line, blank, number):
            if draft:
                yield from _finish(draft, path, folder)
            number += 1
            draft = _Draft(number, offset, line, [])
        elif draft and not (draft.counted and blank_line(line)):
            draft.add(line)
            if blank_line(line) and not draft.counted:
                offset += _take_counted(stream, draft, offset + len(line))
        offset += len(line)
        blank = blank_line(line) or bool(draft and draft.counted)
    if draft:
        yield from _finish(draft, path, folder)


def blank_line(line: bytes) -> bool:
    """Whether LINE holds nothing but its end."""
    return line in (b"\n", b"\r\n")


def _separates(line: bytes, after_blank: bool, number: int) -> bool:
    if number == 0:
        return True
    return bool(_STRICT.match(line)) or (after_blank and bool(_LOOSE.match(line)))


def _take_counted(stream: BinaryIO, draft: _Draft, body: int) -> int:
    """Take the body at once when Content-Length is there and true; return the number of bytes taken.

    True means that a separator or the end of the file stands where it says; a wrong one would swallow the
    messages that follow. A stream that can't go back (a zip's) is read by its separators alone.
    """
    if any(blank_line(line) for line in draft.lines[:-1]) or not stream.seekable():
        return 0
    said = headers.first(b"".join(draft.lines), "Content-Length")
    if not said.isdigit() or not 0 < int(said) < MESSAGE_LIMIT:
        return 0
    content = stream.read(int(said))
    after = stream.read(8).lstrip(b"\r\n")
    if len(content) < int(said) or (after and not after.startswith(b"From ")):
        stream.seek(body)
        return 0
    stream.seek(body + len(content))
    draft.counted = True
    draft.add(content)
    return len(content)


def _finish(draft: _Draft, path: str, folder: Folder) -> Iterator[Found]:
    origin = Origin(path, f"message {draft.number}, octet {draft.offset}")
    if draft.too_large:
        yield Unreadable(origin, Reason.TOO_LARGE, f"{draft.size} octets")
        return
    if draft.lines and blank_line(draft.lines[-1]) and not draft.counted:
        draft.lines.pop()  # the blank line before the next separator is the mbox's, not the message's
    content = b"".join(draft.lines)
    head = headers.block(content)
    if b"DON'T DELETE THIS MESSAGE" in headers.first(head, "Subject") and headers.first(head, "X-IMAP"):
        return  # a c-client mbox keeps its own state in a false first message
    state = flags.of_headers(head)
    if headers.first(head, "X-Mozilla-Status") and "\\Deleted" in state:
        return  # deleted in Thunderbird, and only waiting for the file to be compacted
    yield Message(origin, _clean(content, draft.counted), folder, state, _separator_date(draft.separator))


def _clean(content: bytes, counted: bool) -> bytes:
    content = headers.without(content, flags.STATE_HEADERS)
    if counted or b">From " not in content:
        return content
    return _QUOTED.sub(rb"\1", content)


def _separator_date(line: bytes) -> datetime | None:
    found = _ASCTIME.search(line.rstrip())
    return dates.parse(found[1]) if found else None
