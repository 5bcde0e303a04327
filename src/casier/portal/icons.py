"""Icons of the installed application, in an academy's colour: shapes drawn once, with another palette."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "icons"
NAMES = ("192", "512", "masquable-192", "masquable-512", "pomme", "badge")
# White on nothing: systems paint it themselves.
_BARE = "badge"
_WHITE = (255, 255, 255)
_STEPS = 128


@lru_cache(maxsize=64)
def icon(name: str, colour: str) -> bytes:
    """The icon NAME (one of NAMES) as PNG, its ground in COLOUR (`#rrggbb`)."""
    drawn = (FOLDER / f"{name}.png").read_bytes()
    return drawn if name == _BARE else _with_palette(drawn, _palette(colour))


def _palette(colour: str) -> bytes:
    """From the colour to white in `_STEPS`, then the colour alone: its rim is made by transparency."""
    ground = bytes.fromhex(colour.removeprefix("#"))
    ramp = (
        round(ground[at] + (_WHITE[at] - ground[at]) * step / (_STEPS - 1))
        for step in range(_STEPS)
        for at in range(3)
    )
    return bytes(ramp) + ground * _STEPS


def _with_palette(png: bytes, palette: bytes) -> bytes:
    """PNG with the data of its chunk PLTE replaced by as much (PNG specification, §5.3)."""
    at = png.index(b"PLTE")
    (length,) = struct.unpack(">I", png[at - 4 : at])
    end = at + 4 + length
    return png[: at + 4] + palette + struct.pack(">I", zlib.crc32(b"PLTE" + palette)) + png[end + 4 :]
