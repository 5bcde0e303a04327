"""What may stand in a text that others write onto somebody's page."""

from __future__ import annotations

import unicodedata

# Categories that are not seen but change what is: controls, format marks (bidirectional overrides, zero
# width), lone surrogates, private use. A zero width joiner is part of some emoji; it goes with them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str, longest: int) -> str:
    """TEXT in one line of visible characters, or nothing where it is too long or empty.

    Characters that hide or turn round what is read are dropped, line ends become spaces. What looks like
    markup stays as it is: it is text, and shown as such.
    """
    spaced = " ".join(text.split())
    seen = "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN).strip()
    return seen if len(seen) <= longest else ""
