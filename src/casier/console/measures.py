"""Numbers, shares and sizes as people read them."""

from __future__ import annotations

from django.utils import translation

_STEP = 1000


def spaced(number: int) -> str:
    """A number with its thousands apart, as both languages read it."""
    return f"{number:,}".replace(",", "\u202f")


def share_words(part: int, whole: int) -> str:
    """PART of WHOLE in hundredths: « 82 % »."""
    percent = round(100 * part / whole) if whole else 0
    return f"{percent}%" if _english() else f"{percent}\u00a0%"


def size_words(size: int) -> str:
    """So many bytes: « 1,2 Go »."""
    letter = "B" if _english() else "o"
    value, units = float(size), ("", "K", "M", "G", "T", "P")
    place = 0
    while abs(value) >= _STEP and place < len(units) - 1:
        value, place = value / _STEP, place + 1
    text = f"{value:.1f}" if place and abs(value) < 10 else f"{value:.0f}"
    text = text.removesuffix(".0")
    return f"{text if _english() else text.replace('.', ',')}\u00a0{units[place]}{letter}"


def _english() -> bool:
    return (translation.get_language() or "fr").startswith("en")
