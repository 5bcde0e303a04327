"""An academy's accent colour must be readable: white text stands on it, and it stands on white."""

from __future__ import annotations

import re

from casier.kernel.errors import CasierError

# WCAG 2.1, 1.4.3 (level AA).
MINIMUM_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")


class BadColour(CasierError):
    """Not a colour, or not one that can be read on white."""

    code = "bad_colour"


def parse_accent(text: str) -> str:
    """`#rrggbb` in lower case. Raises BadColour when its contrast with white is under 4.5."""
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        raise BadColour(f"{text!r} is not a colour; write it as #1a5fb4.")
    ratio = contrast_with_white(colour)
    if ratio < MINIMUM_CONTRAST:
        raise BadColour(
            f"{colour} has a contrast of {ratio:.2f} with white; {MINIMUM_CONTRAST} is needed to be read.",
            contrast=round(ratio, 2),
        )
    return colour


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2.1 between a colour `#rrggbb` and white: from 1 to 21."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
