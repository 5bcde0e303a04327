"""Names as a feed writes them, and as people read them."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from casier.kernel.addresses import letters

__all__ = ["identity", "letters", "presentable", "same"]

_WORD = re.compile(r"[^\W\d_]+")


def same(one: str, other: str) -> bool:
    """Whether these are the same name, whoever wrote it."""
    return letters(one) == letters(other)


def presentable(name: str) -> str:
    """NAME with single spaces; capitals throughout, as registers write, become a person's spelling."""
    plain = " ".join(name.split())
    if plain != plain.upper():
        return plain
    return _WORD.sub(lambda word: word[0].capitalize(), plain)


def identity(key: str, given: str, family: str, birth_date: date | None, numen_index: str | None) -> str:
    """What a decision about a record is remembered by: the feed's key, else who it says it is."""
    if key:
        return key
    said = "|".join(
        (letters(given), letters(family), birth_date.isoformat() if birth_date else "", numen_index or "")
    )
    return "~" + hashlib.sha256(said.encode()).hexdigest()[:40]
