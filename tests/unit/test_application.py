"""The web client as an application: what browsers want before they offer to install it."""

from __future__ import annotations

import struct
import zlib

import pytest

from casier.portal.icons import NAMES, icon
from casier.portal.views.application import describe


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG by kind; every checksum is right."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
        found[kind] = data
        at += 12 + length
    return found


@pytest.mark.parametrize("name", NAMES)
def test_icons_are_pictures_in_the_academy_s_colour(name: str) -> None:
    drawn = chunks(icon(name, "#7a1f3d"))
    width, height = struct.unpack(">II", drawn[b"IHDR"][:8])
    sizes = {"pomme": 180, "badge": 96}
    assert (width, height) == (sizes.get(name) or int(name.rpartition("-")[2]),) * 2
    assert len(drawn[b"PLTE"]) == 768
    if name == "badge":
        assert drawn[b"PLTE"] == b"\xff" * 768
    else:
        assert drawn[b"PLTE"][:3] == b"\x7a\x1f\x3d"
        assert drawn[b"PLTE"][127 * 3 : 128 * 3] == b"\xff\xff\xff"
    rows = zlib.decompress(drawn[b"IDAT"])
    assert len(rows) == height * (width + 1)
    middle = rows[(height // 2) * (width + 1) + 1 + width // 2]
    assert middle == (255 if name == "badge" else 127), "the middle drawer's label is white"


@pytest.mark.parametrize("size", [192, 512])
def test_what_a_round_mask_leaves_holds_the_whole_drawing(size: int) -> None:
    rows = zlib.decompress(chunks(icon(f"masquable-{size}", "#7a1f3d"))[b"IDAT"])
    for y in range(size):
        for x in range(0, size, 3):
            if rows[y * (size + 1) + 1 + x]:
                away = ((x + 0.5 - size / 2) ** 2 + (y + 0.5 - size / 2) ** 2) ** 0.5
                assert away <= 0.4 * size + 1


def test_the_description_is_what_browsers_want() -> None:
    said = describe("Académie de Rouen", "#1b5e57", "fr")
    assert said["name"] == "Courrier – Académie de Rouen"
    assert (said["start_url"], said["scope"], said["display"]) == ("/courrier/", "/", "standalone")
    assert {(one["purpose"], one["sizes"]) for one in said["icons"]} == {
        (purpose, f"{size}x{size}") for purpose in ("any", "maskable") for size in (192, 512)
    }
    assert all("%s" in one["url"] for one in said["protocol_handlers"])
    assert describe("", "#1b5e57", "en")["name"] == "Mail"
