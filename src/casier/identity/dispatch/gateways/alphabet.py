"""The alphabet of text messages (3GPP TS 23.038): 160 letters of it fit, 70 of any other."""

from __future__ import annotations

import re
import unicodedata

# The basic table and its extension (each letter of which counts twice).
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
_QUOTED = re.compile(r"«\s?(.*?)\s?»")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "–": "-",
     "—": "-", "…": "...", "œ": "oe", "Œ": "OE"}
)  # fmt: skip


def is_basic(text: str) -> bool:
    """Whether TEXT fits the alphabet of text messages."""
    return all(letter in BASIC or letter in EXTENSION for letter in text)


def plain(text: str) -> str:
    """TEXT in the alphabet of text messages where it loses nothing but an accent; else as it is."""
    simple = "".join(_plain_letter(letter) for letter in _QUOTED.sub(r'"\1"', text).translate(_PLAIN))
    return simple if is_basic(simple) else text


def _plain_letter(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base in BASIC else letter
