"""The code in a secured letter: four groups of four, the last sign of which checks the others.

Fifteen signs drawn from thirty-one are 74 bits. The check catches every sign misread and every two swapped,
so that a slip of the pen is told as what it is and costs no try.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from casier.kernel.secret import Secret

# Signs that are not taken for one another (no 0, 1, I, L, O). Thirty-one is a prime: the check rests on it.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 15
_GROUP = 4


class Miscopied(ValueError):
    """Not the shape of a code, or the check fails: somebody misread a sign."""


def draw(choose: Callable[[Sequence[str]], str] = secrets.choice) -> Secret:
    """A fresh code as it is printed: `K7MQ-2XHD-…`."""
    signs = "".join(choose(ALPHABET) for _ in range(DRAWN))
    return Secret(grouped(signs + _check(signs)))


def parse(typed: str) -> Secret:
    """What was typed in one form, as it was printed. Raises Miscopied."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != DRAWN + 1 or any(sign not in ALPHABET for sign in signs):
        raise Miscopied
    if _check(signs[:DRAWN]) != signs[DRAWN]:
        raise Miscopied
    return Secret(grouped(signs))


def grouped(signs: str) -> str:
    """SIGNS in groups, so that the eye keeps its place."""
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def _check(signs: str) -> str:
    """The sign that makes the weighted sum of all a multiple of thirty-one."""
    total = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(signs))
    return ALPHABET[-total % len(ALPHABET)]
