"""Draw the icons of the installed application, as shapes that the portal colours for each academy.

    python web/tools/icons.py src/casier/portal/data/icons

Each is a PNG with a palette: entries 0 to 127 go from the colour of the tile to the white of the drawing,
128 to 255 from nothing to that colour (the rim of rounded corners). The portal replaces the palette.
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from pathlib import Path

# The drawing of `icon.svg`, on its field of 24: a set of pigeonholes.
LINES = (
    (5, 5, 19, 5), (19, 5, 19, 19), (19, 19, 5, 19), (5, 19, 5, 5), (5, 9.7, 19, 9.7), (5, 14.3, 19, 14.3),
    (10, 7.3, 14, 7.3), (10, 12, 14, 12), (10, 16.7, 14, 16.7),
)  # fmt: skip
FIELD, WIDTH, ROUND = 24.0, 1.4, 5.0
HALF = 127


def distance(x: float, y: float, line: tuple[float, float, float, float]) -> float:
    """From a point to a line with round ends; lines are level or upright."""
    left, top, right, bottom = line
    near_x = min(max(x, min(left, right)), max(left, right))
    near_y = min(max(y, min(top, bottom)), max(top, bottom))
    return math.hypot(x - near_x, y - near_y)


def share(inside: float, pixels: float) -> float:
    """How much of a pixel lies inside an edge that is INSIDE away."""
    return min(1.0, max(0.0, inside * pixels + 0.5))


def drawing(x: float, y: float, scale: float, pixels: float) -> float:
    x, y = (x - 12) / scale + 12, (y - 12) / scale + 12
    return share(WIDTH / 2 - min(distance(x, y, line) for line in LINES), pixels * scale)


def tile(x: float, y: float, pixels: float) -> float:
    """How much of the tile with round corners is there."""
    beyond_x, beyond_y = abs(x - 12) - 12 + ROUND, abs(y - 12) - 12 + ROUND
    if beyond_x <= 0 or beyond_y <= 0:
        return share(ROUND - max(beyond_x, beyond_y), pixels)
    return share(ROUND - math.hypot(beyond_x, beyond_y), pixels)


def entry(x: float, y: float, pixels: float, scale: float, *, rounded: bool, bare: bool) -> int:
    white = drawing(x, y, scale, pixels)
    if bare:
        return round(white * 255)
    there = tile(x, y, pixels) if rounded else 1.0
    return round(white * HALF) if there >= 1 else HALF + 1 + round(there * HALF)


def png(size: int, scale: float = 1.0, *, rounded: bool = False, bare: bool = False) -> bytes:
    pixels = size / FIELD
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        y = (row + 0.5) / pixels
        rows += bytes(
            entry((column + 0.5) / pixels, y, pixels, scale, rounded=rounded, bare=bare)
            for column in range(size)
        )
    white = b"\xff\xff\xff" * 256
    alphas = (
        bytes(range(256)) if bare else bytes([255] * 128 + [round(step * 255 / HALF) for step in range(128)])
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", white),
        (b"tRNS", alphas),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in (*chunks, (b"IEND", b"")))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        (folder / f"{size}.png").write_bytes(png(size, rounded=True))
        # What a round mask leaves is a circle of four fifths: the drawing's corners must lie in it.
        (folder / f"masquable-{size}.png").write_bytes(png(size, 0.88))
    (folder / "pomme.png").write_bytes(png(180))
    (folder / "badge.png").write_bytes(png(96, 1.5, bare=True))


if __name__ == "__main__":
    main()
