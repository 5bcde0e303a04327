"""What stands on a PDF, as far as a test must read it: strings drawn with a font's own table."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)>")
_DRAWN = re.compile(rb"\[((?:<[0-9A-Fa-f]*>|[-\d. ]+)+)\] *TJ|<([0-9A-Fa-f]+)> *Tj")


def texts(pdf: bytes) -> list[str]:
    """Every string of PDF, read with every table of characters in it: the right reading is among them."""
    streams = [_inflated(found) for found in _STREAM.findall(pdf)]
    tables = [_table(stream) for stream in streams if b"beginbfchar" in stream]
    drawn = [
        b"".join(re.findall(rb"<([0-9A-Fa-f]*)>", array)) or single
        for stream in streams
        for array, single in _DRAWN.findall(stream)
    ]
    return ["".join(table.get(glyph, "") for glyph in _glyphs(one)) for one in drawn for table in tables]


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _table(stream: bytes) -> dict[int, str]:
    inside = b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL))
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in _PAIR.findall(inside)
    }


def _glyphs(drawn: bytes) -> list[int]:
    return [int(drawn[start : start + 4], 16) for start in range(0, len(drawn) - 3, 4)]
