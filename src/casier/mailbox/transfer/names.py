"""Names in a zip that every system can unpack, made of what people call things."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
# Windows has no files of these names, whatever their ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.I)
_FOLDER_LENGTH, _SUBJECT_LENGTH = 60, 60


def file_name(text: str, longest: int = _FOLDER_LENGTH, nameless: str = "_") -> str:
    """TEXT as one step of a path."""
    clean = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    clean = " ".join(clean.split())[:longest].strip(" .")
    if not clean:
        return nameless
    return f"_{clean}" if _RESERVED.match(clean) else clean


def message_name(received: datetime, subject: str, uid: int) -> str:
    """`2026-11-22 0934 Sortie à Verdun 412.eml`: in order of time, told apart by the UID."""
    words = file_name(subject, _SUBJECT_LENGTH, "")
    return " ".join(filter(None, (f"{received:%Y-%m-%d %H%M}", words, f"{uid}.eml")))


def unique(path: str, taken: set[str]) -> str:
    """PATH, or with a number where another, whatever its capitals, has it; it is taken then."""
    number, found = 1, path
    while found.casefold() in taken:
        number += 1
        found = f"{path} ({number})"
    taken.add(found.casefold())
    return found
