"""Headers as people read them, of messages that no protocol shows any more."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

_LONGEST = 300
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def text_of(raw: str) -> str:
    """A header's words: RFC 2047 decoded; raw bytes (given as Latin-1) are UTF-8, else Windows-1252."""
    if "=?" in raw:
        try:
            raw = str(make_header(decode_header(raw)))
        except (HeaderParseError, LookupError, UnicodeError, ValueError):
            return _seen(raw)
    elif not raw.isascii():
        content = raw.encode("latin-1", "replace")
        try:
            raw = content.decode("utf-8")
        except UnicodeDecodeError:
            raw = content.decode("cp1252", "replace")
    return _seen(raw)


def people_of(cached: str) -> list[tuple[str, str]]:
    """Name and address of each person in a header as Cyrus's cache has it, decoded."""
    return [(_seen(name), _seen(address)) for name, address in getaddresses([cached], strict=False)[:50]]


def subject_of(cached: str) -> str:
    """A subject as Cyrus's cache writes it, between quotation marks; `NIL` is none."""
    if cached.startswith('"') and cached.endswith('"') and len(cached) > 1:
        cached = re.sub(r"\\(.)", r"\1", cached[1:-1])
    return "" if cached == "NIL" else _seen(cached)


def folded(text: str) -> str:
    """TEXT without accents and capitals, as one searches."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _seen(text: str) -> str:
    """One line of what can be seen: nothing that turns round or hides what is read."""
    if text.isascii() and text.isprintable():
        return text[:_LONGEST].strip()
    spaced = " ".join(text.split())[:_LONGEST]
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN).strip()
