"""Text that was read as one byte a letter and is UTF-8, as programs leave it that change half of a file."""

from __future__ import annotations

from typing import Final

ONE_BYTE: Final = frozenset({"iso-8859-1", "iso-8859-15", "cp1252", "windows-1252"})
_MET = frozenset(chr(code) for code in range(0xC0, 0x180)) | set("’‘“”«»…–—°\u00a0")


def in_utf8(text: str, encoding: str) -> str:
    """TEXT, which was read in the one-byte ENCODING, as UTF-8 where its bytes are that; as it is otherwise.

    Two letters of one byte hardly ever look like one of UTF-8, and then not like one that French is written
    with. Bytes that ENCODING doesn't have may stand in TEXT as `surrogateescape` leaves them.
    """
    if text.isascii():
        return text
    try:
        found = text.encode(encoding, "surrogateescape").decode("utf-8")
    except UnicodeError:
        return text
    return found if all(sign.isascii() or sign in _MET for sign in found) else text
