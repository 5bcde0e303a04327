"""Make of what was found a message that a store takes (RFC 5322 lines, no NUL, a header of fields only)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from casier.mailbox.importing import headers


class Repair(StrEnum):
    """What had to be changed; counted in the report, since the bytes are no longer those of the file."""

    NUL = "nul_removed"
    HEADER_LINE = "header_line_kept_aside"
    BLANK_LINE = "blank_line_added"
    ENCODING = "encoding_named"


# RFC 2045 §6.1. The store shows nothing of a part whose encoding has another name (`7-bit`, `8bits`…).
_ENCODINGS = frozenset({b"7bit", b"8bit", b"binary", b"quoted-printable", b"base64"})
_ENCODING = re.compile(rb"^(content-transfer-encoding:[ \t]*)([^\n;]*)([^\n]*)$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Normal:
    """A message with CRLF line ends, and what was repaired for it."""

    content: bytes
    repairs: frozenset[Repair] = frozenset()


class NotMail(ValueError):
    """There is no header field at all in it."""


def normalise(content: bytes) -> Normal:
    """Give CONTENT the form that IMAP's APPEND asks for. Raises NotMail when it is none.

    Line ends don't count as repair: they differ between a file and the wire. A line in the header that is no
    field would make the store refuse the whole message; it is kept, under a name of its own.
    """
    repairs = set()
    lines = content.replace(b"\r\n", b"\n")
    if b"\n" not in lines:
        lines = lines.replace(b"\r", b"\n")
    if b"\0" in lines:
        lines = lines.replace(b"\0", b"")
        repairs.add(Repair.NUL)
    lines = lines[_start(lines) :]
    head, blank, body = _split(lines)
    head, head_repairs, early = _mend(head)
    repairs |= head_repairs
    if early or not blank:
        body = early + (b"\n" + body if blank else b"")
        repairs |= {Repair.BLANK_LINE} if early else set()
    message, named = _name_encodings(head + b"\n" + body)
    repairs |= {Repair.ENCODING} if named else set()
    return Normal(message.replace(b"\n", b"\r\n"), frozenset(repairs))


def _name_encodings(message: bytes) -> tuple[bytes, bool]:
    """MESSAGE with unknown transfer encodings called `8bit`, as others read them; and whether any was."""
    named = False

    def mend(match: re.Match[bytes]) -> bytes:
        nonlocal named
        value = match[2].strip().lower().strip(b'"')
        if value in _ENCODINGS or not value or not _in_header(message, match.start()):
            return match[0]
        named = True
        return match[1] + b"8bit"

    return _ENCODING.sub(mend, message), named


def _in_header(message: bytes, at: int) -> bool:
    """Whether AT stands in the message's header or a part's: not after a blank line but by a boundary."""
    start = message.rfind(b"\n\n", 0, at)
    return start < 0 or message.startswith(b"--", start + 2) or b"\n--" in message[start:at]


def _start(lines: bytes) -> int:
    """How many bytes stand before the first header: blank lines, and a From_ line that some programs save."""
    at = 0
    while at < len(lines):
        end = lines.find(b"\n", at)
        line = lines[at : end if end >= 0 else len(lines)]
        if line.strip() and not line.startswith((b"From ", b">From ")):
            break
        at = end + 1 if end >= 0 else len(lines)
    return at


def _split(lines: bytes) -> tuple[bytes, bool, bytes]:
    if lines.startswith(b"\n"):
        return b"", True, lines[1:]
    head, blank, body = lines.partition(b"\n\n")
    return (head + b"\n" if head and not head.endswith(b"\n") else head), bool(blank), body


def _mend(head: bytes) -> tuple[bytes, set[Repair], bytes]:
    """The header with only fields in it, what was done, and what turned out to be the body's beginning."""
    lines = headers.lines(head)
    fields = [headers.is_field(line) for line in lines]
    if not any(fields):
        raise NotMail
    folded = [index > 0 and _continues(line) for index, line in enumerate(lines)]
    if all(field or fold for field, fold in zip(fields, folded, strict=True)):
        return _names(lines), set(), b""
    last = max(index for index, field in enumerate(fields) if field)
    kept: list[bytes] = []
    repairs: set[Repair] = set()
    for index, line in enumerate(lines):
        if fields[index] or (folded[index] and kept):
            kept.append(line)
        elif index > last:
            return _names(kept), repairs | {Repair.BLANK_LINE}, b"".join(lines[index:])
        else:
            kept.append(b"X-Unparsed-Header: " + line.strip() + b"\n")
            repairs.add(Repair.HEADER_LINE)
    return _names(kept), repairs, b""


def _continues(line: bytes) -> bool:
    return line[:1] in (b" ", b"\t") and bool(line.strip())


def _names(lines: list[bytes]) -> bytes:
    """Without the space that old programs wrote between a field's name and its colon (RFC 5322 §4.5.8)."""
    out = []
    for line in lines:
        name, colon, value = line.partition(b":")
        out.append(name.rstrip() + colon + value if line[:1] not in (b" ", b"\t") else line)
    return b"".join(out)
