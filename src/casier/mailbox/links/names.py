"""Names of files that strangers chose, as they may be shown and saved."""

from __future__ import annotations

import unicodedata

LONGEST = 180
# Characters that turn what follows around, so that `gpj.exe` reads `exe.jpg` (UTR #36).
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RESERVED = frozenset('/\\:*?"<>|')


def clean_name(name: str) -> str:
    """NAME without folders, line ends, invisible or turning characters; never empty, never only dots.

    The end is kept when it is too long: it says what kind of file it is.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", last))
    words = " ".join(kept.split()).strip(". ")
    return _shortened(words) or "fichier"


def _plain(letter: str) -> str:
    if letter in _TURNING or unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return ""
    return "_" if letter in _RESERVED else letter


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
