"""How much guessing a password costs, on zxcvbn's scale of 0 to 4, with French words and the person's own."""

from __future__ import annotations

from zxcvbn_rs_py import zxcvbn

from casier.identity.passwords.words import french_words, words_in
from casier.kernel.addresses import fold

# Beyond this a password isn't weighed: the cost grows with the square, and what is weak shows before.
LOOKED_AT = 40
MOST_INPUTS = 100
BEST = 4


def score(text: str, own: tuple[str, ...] = ()) -> int:
    """0 (guessed first) to 4. OWN: words that stand close to the person, folded."""
    text = text[:LOOKED_AT]
    known, _ = words_in(fold(text), french_words(), shortest=4)
    inputs = [*own, *known][:MOST_INPUTS]
    return int(zxcvbn(text, inputs).score) if text else 0
