"""The code given on arrival: made to be read aloud, copied by hand and checked before anything is looked up.

Eleven signs of thirty-one are 54 bits; the twelfth tells a slip from a guess. Neither I, L, O nor 0, 1 occur.
"""

from __future__ import annotations

import hmac
import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM_SIGNS = 11
SIGNS = RANDOM_SIGNS + 1
GROUP = 4
_PLACE = {sign: place for place, sign in enumerate(ALPHABET)}
# What hands write and eyes read instead of a sign that doesn't occur, or between the groups.
_BETWEEN = " -–—.\u00a0\u202f"

# How letters are named on the telephone in France.
SPELLING = {
    "A": "Anatole", "B": "Berthe", "C": "Célestin", "D": "Désiré", "E": "Eugène", "F": "François",
    "G": "Gaston", "H": "Henri", "J": "Joseph", "K": "Kléber", "M": "Marcel", "N": "Nicolas",
    "P": "Pierre", "Q": "Quintal", "R": "Raoul", "S": "Suzanne", "T": "Thérèse", "U": "Ursule",
    "V": "Victor", "W": "William", "X": "Xavier", "Y": "Yvonne", "Z": "Zoé",
}  # fmt: skip


class BadCode(CasierError):
    """Not a code that we could have given: a slip of the pen. The message doesn't repeat what was typed."""

    code = "bad_code"


def generate() -> Secret:
    """A fresh code, without the hyphens between its groups."""
    return with_check("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SIGNS)))


def with_check(signs: str) -> Secret:
    """SIGNS (eleven of the alphabet) with the sign that checks them."""
    return Secret(signs + ALPHABET[_sum(signs)])


def parse(typed: str) -> Secret:
    """The code that was typed, in whatever grouping and case. Raises BadCode.

    The check finds every wrong sign and every two neighbours exchanged: the weights differ, 31 is prime.
    """
    signs = typed.upper().translate({ord(sign): None for sign in _BETWEEN})
    if len(signs) != SIGNS or any(sign not in _PLACE for sign in signs):
        raise BadCode("This is not a code: twelve signs.")
    if ALPHABET[_sum(signs[:-1])] != signs[-1]:
        raise BadCode("The code was copied with a slip.")
    return Secret(signs)


def grouped(code: Secret) -> str:
    """CODE as it is printed: `K7RM-4TXQ-9AHW`."""
    signs = code.reveal()
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def spelled(code: Secret) -> list[str]:
    """CODE sign by sign, as it is said on the telephone: `K comme Kléber`, `7`."""
    return [f"{sign} comme {SPELLING[sign]}" if sign in SPELLING else sign for sign in code.reveal()]


def mac_of(code: Secret, key: bytes) -> str:
    """What the database knows of CODE. KEY: the instance's secret `numen`, from which one for this is made.

    54 random bits under a key that isn't in the database need no slow hash.
    """
    derived = HKDFExpand(SHA256(), 32, b"casier arrival code").derive(key)
    return hmac.digest(derived, code.reveal().encode(), "sha256").hex()


def _sum(signs: str) -> int:
    """The weighted sum that the check sign stands for. The check itself would have the weight -1."""
    return sum(weight * _PLACE[sign] for weight, sign in enumerate(signs, 1)) % len(ALPHABET)
