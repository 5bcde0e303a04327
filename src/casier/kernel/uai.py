"""The UAI: the number of every French school and service, seven digits and a letter that checks them."""

from __future__ import annotations

import re

from casier.kernel.errors import CasierError

# Without I, O and Q, which are read as digits.
KEY_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{7}[A-Z]", re.ASCII)


class BadUai(CasierError):
    """Not a UAI; `facts["expected"]` gives the right key letter when only that is wrong."""

    code = "bad_uai"


def key_letter(digits: str) -> str:
    """The letter that follows these seven digits."""
    return KEY_LETTERS[int(digits) % 23]


def parse_uai(text: str) -> str:
    """The UAI in upper case.

    Raises BadUai: with a wrong key letter it is a slip of the pen, which would name another school.
    """
    uai = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(uai):
        raise BadUai(
            f"{text!r} is not a UAI: seven digits and a letter, such as 0761234{key_letter('0761234')}."
        )
    expected = key_letter(uai[:7])
    if uai[7] != expected:
        raise BadUai(f"{uai} has a wrong key letter: {uai[:7]} takes {expected}.", expected=expected)
    return uai
