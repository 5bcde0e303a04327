"""A stored message on its way out: without its blind copies, as SMTP wants it. Pieces of bytes in and out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Who gets a blind copy is for the envelope alone (RFC 5322 §3.6.3). A field goes on over lines that begin
# with a blank; one that wrongly has a blank before its colon is one all the same for many a reader.
_BLIND = re.compile(rb"(?:^|(?<=\n))(?:resent-)?bcc[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|$)", re.IGNORECASE)
_END_OF_HEADER = re.compile(rb"\n\r?\n")


def without_blind_copies(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The message in PIECES without `Bcc:` and `Resent-Bcc:`. Only the header is held in memory."""
    rest = iter(pieces)
    header = b""
    for piece in rest:
        # The two line ends may stand in two pieces.
        start = max(0, len(header) - 2)
        header += piece
        if end := _END_OF_HEADER.search(header, start):
            yield _BLIND.sub(b"", header[: end.start() + 1]) + header[end.start() + 1 :]
            break
    else:
        yield _BLIND.sub(b"", header)
    yield from rest


def stuffed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """PIECES as they follow DATA: dots at the beginning of lines doubled, the end marked (RFC 5321 §4.5.2).

    The last piece is the end alone: before it nothing has been handed in.
    """
    last = b"\n"
    for piece in pieces:
        if not piece:
            continue
        yield (b"." if last == b"\n" and piece.startswith(b".") else b"") + piece.replace(b"\n.", b"\n..")
        last = piece[-1:]
    if last != b"\n":
        yield b"\r\n"
    yield b".\r\n"
