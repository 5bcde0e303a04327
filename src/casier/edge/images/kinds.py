"""What an image is, read from its first bytes: what a server says about it counts for nothing.

Only the header is read, never a pixel, so that nothing small can become something huge here; what would
become huge in the reader's browser is refused by its own declared size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEAD = 65_536  # bytes from the beginning in which the size must stand
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class Kind:
    """A picture's media type and its size in pixels."""

    type: str
    width: int
    height: int

    @property
    def bearable(self) -> bool:
        """Whether a browser can draw it without harm."""
        sides = 0 < self.width <= LONGEST_SIDE and 0 < self.height <= LONGEST_SIDE
        return sides and self.width * self.height <= MOST_PIXELS


def kind_of(head: bytes) -> Kind | None:
    """The kind of the picture that begins with HEAD; None for all else, SVG among it."""
    try:
        return _kind(head)
    except (struct.error, IndexError):
        return None


def _kind(head: bytes) -> Kind | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return Kind("image/png", *struct.unpack_from(">II", head, 16))
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return Kind("image/gif", *struct.unpack_from("<HH", head, 6))
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return _avif(head)
    return None


def _jpeg(head: bytes) -> Kind | None:
    at = 2
    while head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        length = int(struct.unpack_from(">H", head, at + 2)[0])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", head, at + 5)
            return Kind("image/jpeg", width, height)
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        at += 2 + length
    return None


def _webp(head: bytes) -> Kind | None:
    chunk = head[12:16]
    if chunk == b"VP8X":
        sides = [int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27)]
        return Kind("image/webp", sides[0], sides[1]) if len(head) >= 30 else None
    if chunk == b"VP8L" and head[20] == 0x2F:
        bits = int(struct.unpack_from("<I", head, 21)[0])
        return Kind("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return Kind("image/webp", width & 0x3FFF, height & 0x3FFF)
    return None


def _avif(head: bytes) -> Kind | None:
    """The largest `ispe` property (ISO/IEC 23008-12 §6.5.3): each tile of a grid has one, and the whole."""
    sizes = []
    at = head.find(b"ispe")
    while at >= 0:
        sizes.append(struct.unpack_from(">II", head, at + 8))
        at = head.find(b"ispe", at + 4)
    if not sizes:
        return None
    return Kind("image/avif", max(width for width, _ in sizes), max(height for _, height in sizes))
