"""Netstrings, the frames of Postfix's socketmap protocol: `5:hello,`."""

from __future__ import annotations

import asyncio

LONGEST = 10_000
_MOST_DIGITS = 6


class Malformed(Exception):
    """What came is not a netstring."""


def encode(text: str) -> bytes:
    """TEXT as one netstring."""
    data = text.encode()
    return b"%d:%s," % (len(data), data)


def decode(data: bytes) -> tuple[str, bytes]:
    """The first netstring of DATA and what follows it. Raises Malformed."""
    head, colon, rest = data.partition(b":")
    size = _size(head) if colon else -1
    if size < 0 or rest[size : size + 1] != b",":
        raise Malformed("not a whole netstring")
    return _text(rest[:size]), rest[size + 1 :]


async def read(reader: asyncio.StreamReader) -> str:
    """Read one netstring. Raises Malformed, or IncompleteReadError when the other side hangs up."""
    head = b""
    while (byte := await reader.readexactly(1)) != b":":
        head += byte
        if len(head) > _MOST_DIGITS:
            raise Malformed("no length")
    data = await reader.readexactly(_size(head) + 1)
    if not data.endswith(b","):
        raise Malformed("no comma at the end")
    return _text(data[:-1])


def _size(head: bytes) -> int:
    if not head.isdigit() or int(head) > LONGEST:
        raise Malformed("not a length that we take")
    return int(head)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
