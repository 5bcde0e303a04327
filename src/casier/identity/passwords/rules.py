"""What a password must be. Pure rules: the policy, what is known of the person and the word lists decide."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casier.identity.passwords.leaked import has_leaked
from casier.identity.passwords.strength import BEST, score
from casier.identity.passwords.words import common_words, words_in
from casier.kernel.addresses import fold
from casier.kernel.secret import Secret

LONGEST = 128
# Characters outside known words that make a password more than those words with a year and a sign behind.
UNKNOWN_CHARACTERS = 6
# A sentence of more known words than this is no longer a guess.
MOST_KNOWN_WORDS = 3
# How strong a password looks at most while something is held against it.
WEAK_AT_MOST = 1

# NUMEN: two digits, a letter, seven digits, three letters. Confidential, and known to the administration.
_NUMEN = re.compile(r"(?<!\d)\d{2}[a-z]\d{7}[a-z]{3}", re.IGNORECASE)
_RUNS = re.compile(r"(.)\1{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s./_()-]{1,3}(?=\d)")
_ROWS = "abcdefghijklmnopqrstuvwxyz 01234567890 azertyuiop qsdfghjklm wxcvbn qwertyuiop asdfghjkl zxcvbnm"
_LEET = str.maketrans("013457@$€!", "oleastasei")
_DATES = re.compile(
    r"(?<!\d)(?:"
    r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)?\d\d)"  # day, month, year
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # year, month, day
    r")(?!\d)"
    r"|\d{1,2}[\s./_-]?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"[\s./_-]?(?:19|20)\d\d"
)
_TELEPHONE = re.compile(
    r"(?<!\d)(?:0|\+?(?:33|590|594|596|262|687|689))[1-9]\d{8}(?!\d)|(?<!\d)\+\d{9,14}(?!\d)"
)
_ADDRESS = re.compile(r"[^\s@]{2,}@[^\s@]+\.[a-z]{2,}")


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
    UNTYPABLE = "untypable"
    TOO_FEW_KINDS = "too_few_kinds"
    NUMEN = "numen"
    DATE = "date"
    TELEPHONE = "telephone"
    ADDRESS = "address"
    NAME = "name"
    LEAKED = "leaked"
    COMMON = "common"
    GUESSABLE = "guessable"
    USED_BEFORE = "used_before"
    PRESENT = "present"


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
    least_score: int = 3
    leaked: Path | None = None  # a local list of leaked passwords, looked up beside the shipped one


@dataclass(frozen=True, slots=True)
class Personal:
    """What others know of a person. NAMES: of the person, the school, the town, the academy, in any form."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The parts of names and addresses that are long enough to be recognised, folded."""
        known = (*self.names, *self.addresses)
        return tuple(
            dict.fromkeys(word for name in known for word in re.findall(r"[a-z0-9]{3,}", fold(name)))
        )


NOBODY = Personal()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that is held against a password, in the order to be told, and how strong it is (0 to 4)."""

    faults: list[Fault]
    strength: int


def faults(password: Secret, rules: Rules, personal: Personal = NOBODY) -> list[Fault]:
    """Everything that is wrong with PASSWORD, in the order to be told; empty when it may be used."""
    return judge(password, rules, personal).faults


def judge(password: Secret, rules: Rules, personal: Personal = NOBODY) -> Verdict:
    """What is wrong with PASSWORD, and how much guessing it costs."""
    text = unicodedata.normalize("NFC", password.reveal())
    found = _length_faults(text, rules)
    if len(text) > LONGEST:
        return Verdict(found, WEAK_AT_MOST)
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") for letter in text):
        return Verdict([*found, Fault(Weakness.UNTYPABLE)], WEAK_AT_MOST)
    if len(text) < rules.phrase_length and _kinds(text) < rules.kinds:
        found.append(Fault(Weakness.TOO_FEW_KINDS, rules.kinds))
    guessed = _guessed(text, rules, personal)
    strength = score(text, personal.words)
    if guessed is None and strength < rules.least_score:
        guessed = Weakness.GUESSABLE
    if guessed is not None:
        found.append(Fault(guessed))
    return Verdict(found, min(strength, WEAK_AT_MOST if found else BEST))


def _length_faults(text: str, rules: Rules) -> list[Fault]:
    if len(text) < rules.minimum_length:
        return [Fault(Weakness.TOO_SHORT, rules.minimum_length - len(text))]
    if len(text) > LONGEST:
        return [Fault(Weakness.TOO_LONG, len(text) - LONGEST)]
    return []


def _kinds(text: str) -> int:
    tests = (str.isalpha, str.isdigit, lambda letter: not letter.isalnum())
    return sum(any(test(letter) for letter in text) for test in tests)


def _guessed(text: str, rules: Rules, personal: Personal) -> Weakness | None:
    """Why someone who knows the person or the usual lists would come upon TEXT, the worst reason first."""
    own = frozenset(personal.words)
    if _NUMEN.search(fold(text)):
        return Weakness.NUMEN
    if shown := _shown(text):
        return shown
    if _is_made_of(text, own):
        return Weakness.NAME
    if has_leaked(text, rules.leaked):
        return Weakness.LEAKED
    if _is_made_of(text, common_words() | own) or _is_pattern(text):
        return Weakness.COMMON
    return None


def _shown(text: str) -> Weakness | None:
    """Whether a whole date, a telephone number or an address stands in TEXT, however it is written.

    Anyone's: a rule about this person's own would tell a guesser when it is met.
    """
    folded = fold(text)
    digits = _BETWEEN_DIGITS.sub("", folded)
    if _ADDRESS.search(folded):
        return Weakness.ADDRESS
    if _TELEPHONE.search(digits):
        return Weakness.TELEPHONE
    return Weakness.DATE if _DATES.search(digits) or _DATES.search(folded) else None


def _is_pattern(text: str) -> bool:
    """Whether TEXT is hardly more than a walk along the keyboard, a year, one character again and again."""
    return len(_without_patterns(fold(text))) < UNKNOWN_CHARACTERS


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether TEXT is a few of WORDS with little else, as typed or with signs standing for letters."""
    if not words:
        return False
    folded = fold(text)
    return _is_little_but(folded, words) or _is_little_but(folded.translate(_LEET), words)


def _is_little_but(folded: str, words: frozenset[str]) -> bool:
    known, rest = words_in(folded, words)
    return 0 < len(known) <= MOST_KNOWN_WORDS and len(_without_patterns(rest)) < UNKNOWN_CHARACTERS


def _without_patterns(rest: str) -> str:
    """REST without years, repeated characters and steps along the keyboard or the alphabet."""
    rest = _RUNS.sub("", _YEAR.sub("", rest))
    return _STEPS.sub("", rest)
