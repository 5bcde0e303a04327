"""How a name may be written: the store's search knows names as they are written, with their accents.

As `web/src/store/search/spellings.ts` does: what a try counts is what the rule takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# The letters of French with their accents, and how rare each is.
_ACCENTED: dict[str, dict[str, int]] = {
    "a": {"â": 3, "à": 4},
    "i": {"î": 3, "ï": 3},
    "o": {"ô": 2},
    "u": {"û": 3, "ü": 4},
    "c": {"ç": 2},
}
# Beyond this hardly any French word or name is spelt so.
_RAREST = 5
# Before x, twice the same consonant or one that ends the syllable, an e bears no accent.
_CLOSED = re.compile(r"x|([b-df-hj-np-tv-z])\1|[lmnrs][b-df-hj-np-tv-z]")
_MUTE = re.compile(r"[bcdfghjklmnpqrstvwxz]{1,2}e")
# More ways than that are of no word: the likeliest go on.
_MOST = 1_000


def fold(text: str) -> str:
    """Without accents and case: as one may type it."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if unicodedata.category(sign)[0] != "M").lower()


def spellings(word: str, most: int) -> list[str]:
    """WORD as typed, without accents, then with those that French has, the likeliest first; MOST of them."""
    typed, bare = word.lower(), fold(word)
    found: list[tuple[str, int]] = [("", 0)]
    for at, letter in enumerate(bare):
        accents = _accents_of_e(bare[:at], bare[at + 1 :]) if letter == "e" else _ACCENTED.get(letter, {})
        # Where é is nearly sure, none is the exception.
        plain = 1 if 0 in accents.values() else 0
        ways = [(letter, plain), *accents.items()]
        found = [
            (start + way, cost + more)
            for start, cost in found
            for way, more in ways
            if cost + more <= _RAREST
        ]
        if len(found) > _MOST:
            found = sorted(found, key=_cost)[:_MOST]
    likely = [spelling for spelling, _ in sorted(found, key=_cost)]
    joined = [bare.replace("oe", "œ")] if "oe" in bare else [bare.replace("œ", "oe")] if "œ" in bare else []
    return [one for one in dict.fromkeys([typed, bare, *joined, *likely]) if one][:most]


def _cost(found: tuple[str, int]) -> int:
    return found[1]


def _accents_of_e(before: str, after: str) -> Mapping[str, int]:
    """A word begins with é and ends with ée; before a mute e it is è, else é; after a vowel perhaps ë."""
    if _CLOSED.match(after):
        return {}
    if not before:
        return {"é": 0, "ê": 3, "è": 4}
    if re.fullmatch("es?", after):
        return {"é": 0}
    mute = bool(_MUTE.match(after))
    rare = 2 if before[-1] in "oa" else 5
    return {"é": 2 if mute or not after else 1, "è": 1 if mute else 3, "ê": 3, "ë": rare}
