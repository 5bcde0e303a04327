"""A password made of words: long enough, written without looking, remembered after a few times."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from casier.identity.passwords.words import phrase_words
from casier.kernel.secret import Secret

# Five words of some 1,370 and a number of two digits: 58 bits. Four, for a temporary one that ends soon and
# can only be tried at the door: 48.
WORDS = 5
TEMPORARY_WORDS = 4
_NUMBERS = tuple(range(10, 100))


def suggest(count: int = WORDS, choose: Callable[[Sequence[object]], object] = secrets.choice) -> Secret:
    """`girafe-moulin-cerise-tambour-orage-47`: letters, digits and signs, for policies that want them all."""
    parts = [choose(phrase_words()) for _ in range(count)]
    return Secret("-".join(map(str, [*parts, choose(_NUMBERS)])))
