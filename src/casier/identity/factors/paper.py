"""Recovery codes: ten, on paper, each good for one sign-in without the telephone or the key."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from casier.kernel.secret import Secret

HOW_MANY = 10
# Letters and digits that are not taken for one another: log2(31) = 4.95 bits each, 59 bits a code.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS = 3
_GROUP_LENGTH = 4


def generate(choose: Callable[[Sequence[str]], str] = secrets.choice) -> list[Secret]:
    """Ten fresh codes: `k7mq-x2vd-h9rt`."""
    return [_code(choose) for _ in range(HOW_MANY)]


def _code(choose: Callable[[Sequence[str]], str]) -> Secret:
    groups = ("".join(choose(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return Secret("-".join(groups))


def normal(typed: str) -> Secret:
    """What was typed, in one form: case, spaces and hyphens make no difference."""
    signs = [sign for sign in typed.lower() if sign in _ALPHABET][: _GROUPS * _GROUP_LENGTH + 1]
    text = "".join(signs)
    return Secret("-".join(text[at : at + _GROUP_LENGTH] for at in range(0, len(text), _GROUP_LENGTH)))
