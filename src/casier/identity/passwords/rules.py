"""What a password must be. Pure rules: the policy, the person's own names and the word list decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from casier.kernel.addresses import fold
from casier.kernel.secret import Secret

LONGEST = 128
# Characters outside known words that make a password more than those words with a year and a sign behind.
UNKNOWN_CHARACTERS = 6
# A sentence of more known words than this is no longer a guess.
MOST_KNOWN_WORDS = 3

# NUMEN: two digits, a letter, seven digits, three letters. Confidential, and known to the administration.
_NUMEN = re.compile(r"(?<!\d)\d{2}[a-z]\d{7}[a-z]{3}", re.IGNORECASE)
_RUNS = re.compile(r"(.)\1{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ROWS = "abcdefghijklmnopqrstuvwxyz 01234567890 azertyuiop qsdfghjklm wxcvbn qwertyuiop asdfghjkl zxcvbnm"
_LEET = str.maketrans("013457@$€!", "oleastasei")


def _steps(shortest: int = 3) -> re.Pattern[str]:
    """Three or more neighbours of a row, in either direction, the longest first."""
    lines = [line for row in _ROWS.split() for line in (row, row[::-1])]
    pieces = {
        line[start : start + size]
        for line in lines
        for size in range(shortest, len(line) + 1)
        for start in range(len(line) - size + 1)
    }
    return re.compile("|".join(sorted(pieces, key=lambda piece: (-len(piece), piece))))


_STEPS = _steps()


class Weakness(StrEnum):
    """Why a password is refused; the page finds the words."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW_KINDS = "too_few_kinds"
    NUMEN = "numen"
    NAME = "name"
    COMMON = "common"


@dataclass(frozen=True, slots=True)
class Fault:
    """A weakness and, for a length, how many characters are missing or too many."""

    weakness: Weakness
    count: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of an academy's policy that concerns passwords."""

    minimum_length: int = 12
    kinds: int = 0  # how many of: letters, digits, signs
    phrase_length: int = 20  # from here on kinds don't matter: a sentence is better than a riddle


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that open accounts: leaked, French, of the school. Folded, three letters or more."""
    path = Path(__file__).parent / "data" / "common-words.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def faults(password: Secret, rules: Rules, names: tuple[str, ...] = ()) -> list[Fault]:
    """Everything that is wrong with PASSWORD, in the order to be told; empty when it may be used."""
    text = password.reveal()
    found = _length_faults(text, rules)
    if len(text) < rules.phrase_length and _kinds(text) < rules.kinds:
        found.append(Fault(Weakness.TOO_FEW_KINDS, rules.kinds))
    if _NUMEN.search(text):
        found.append(Fault(Weakness.NUMEN))
    elif _is_made_of(text, _own_words(names)):
        found.append(Fault(Weakness.NAME))
    elif _is_made_of(text, common_words() | _own_words(names)) or _is_pattern(text):
        found.append(Fault(Weakness.COMMON))
    return found


def _length_faults(text: str, rules: Rules) -> list[Fault]:
    if len(text) < rules.minimum_length:
        return [Fault(Weakness.TOO_SHORT, rules.minimum_length - len(text))]
    if len(text) > LONGEST:
        return [Fault(Weakness.TOO_LONG, len(text) - LONGEST)]
    return []


def _kinds(text: str) -> int:
    tests = (str.isalpha, str.isdigit, lambda letter: not letter.isalnum())
    return sum(any(test(letter) for letter in text) for test in tests)


def _is_pattern(text: str) -> bool:
    """Whether TEXT is hardly more than a walk along the keyboard, a year, one character again and again."""
    return len(_without_patterns(fold(text))) < UNKNOWN_CHARACTERS


def _own_words(names: tuple[str, ...]) -> frozenset[str]:
    """The parts of a person's names and addresses that are long enough to be recognised."""
    return frozenset(part for name in names for part in re.findall(r"[a-z]{3,}", fold(name)))


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether TEXT is a few of WORDS with little else, as typed or with signs standing for letters."""
    if not words:
        return False
    folded = fold(text)
    return _is_little_but(folded, words) or _is_little_but(folded.translate(_LEET), words)


def _is_little_but(folded: str, words: frozenset[str]) -> bool:
    rest, known = _without_words(folded, words)
    return 0 < known <= MOST_KNOWN_WORDS and len(_without_patterns(rest)) < UNKNOWN_CHARACTERS


def _without_words(folded: str, words: frozenset[str]) -> tuple[str, int]:
    """What is left of FOLDED after taking the longest known words out, and how many there were."""
    rest, known, place = [], 0, 0
    while place < len(folded):
        longest = min(len(folded) - place, 24)
        size = next((n for n in range(longest, 2, -1) if folded[place : place + n] in words), 0)
        known += bool(size)
        if not size:
            rest.append(folded[place])
        place += size or 1
    return "".join(rest), known


def _without_patterns(rest: str) -> str:
    """REST without years, repeated characters and steps along the keyboard or the alphabet."""
    rest = _RUNS.sub("", _YEAR.sub("", rest))
    return _STEPS.sub("", rest)
