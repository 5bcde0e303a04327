"""What an image is, by its first bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.edge.images.kinds import kind_of
from casier.edge.images.reach import Reach, Refused, Target
from casier.kernel.instance import Instance

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 20) + b"\x08\x02\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08" + struct.pack(">HH", 20, 30) + b"\x01\x01\x11\0"
WEBP_X = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x1d\0\0" + b"\x13\0\0"
WEBP_L = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 29 | 19 << 14)
WEBP = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 30, 20)
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0mif1ispe\0\0\0\0" + struct.pack(">II", 30, 20)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"),
        (b"GIF89a" + struct.pack("<HH", 30, 20), "image/gif"),
        (JPEG, "image/jpeg"),
        (WEBP_X, "image/webp"),
        (WEBP_L, "image/webp"),
        (WEBP, "image/webp"),
        (AVIF, "image/avif"),
    ],
)
def test_pictures_are_known(head: bytes, kind: str) -> None:
    found = kind_of(head)
    assert found is not None
    assert (found.type, found.width, found.height) == (kind, 30, 20)
    assert found.bearable


@pytest.mark.parametrize(
    "head", [b"", b"<svg", b"<?xml", b"%PDF", b"BM", b"\0\0\x01\0", b"\x89PNG\r\n", JPEG[:12], b"II*\0"]
)
def test_all_else_is_not(head: bytes) -> None:
    assert kind_of(head) is None


@given(st.binary(max_size=80), st.sampled_from([b"", PNG[:9], JPEG[:3], WEBP[:12], AVIF[:12]]))
def test_nothing_breaks_the_reader(tail: bytes, start: bytes) -> None:
    kind_of(start + tail)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://exemple.fr", "http://exemple.fr/"),
        ("https://Exemple.FR:443/é?à=1#b", "https://exemple.fr/%C3%A9?%C3%A0=1"),
        ("http://école.fr/", "http://xn--cole-9oa.fr/"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
        ("http://exemple.fr:81/", "http://exemple.fr:81/"),
    ],
)
def test_addresses_are_read(url: str, read: str) -> None:
    assert Target.parse(url).url == read


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://a/", "//a/b", "javascript:1", "http://", "http://a b/", "http://a/\r\nHost: b", "http://u@a/",
        "http://a\\b/", "http://a:99999/", "http://a%00.fr/", "http://[::1", "http://a/" + "x" * 5000,
        "data:image/png,x",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        Target.parse(url)


@pytest.mark.parametrize(
    ("settings", "outside", "nowhere"),
    [
        ({}, False, True),
        ({"outside": "hold"}, False, True),
        ({"outside": False}, False, True),
        ({"outside": "direct"}, True, False),
        ({"relayhost": "[relais.exemple.fr]:25"}, True, False),
        ({"outside": "direct", "images": False}, False, True),
        ({"images": True}, True, False),
        ({"image_networks": ["10.1.0.0/16"]}, False, False),
    ],
)
def test_an_installation_says_where_images_come_from(
    tmp_path_factory: pytest.TempPathFactory, settings: dict[str, object], outside: bool, nowhere: bool
) -> None:
    reach = Reach.of(Instance(tmp_path_factory.getbasetemp(), settings=settings))
    assert (reach.outside, reach.nowhere) == (outside, nowhere)
