"""Postfix's policy delegation protocol: lines `name=value`, an empty line ends the request.

The answer is `action=…` and an empty line (SMTPD_POLICY_README of Postfix).
"""

from __future__ import annotations

import asyncio

LONGEST = 64 * 1024


class Malformed(Exception):
    """What came is not the protocol."""


def decode(data: bytes) -> dict[str, str]:
    """The attributes of one request. Raises Malformed.

    A name given twice is refused: two readers could choose differently.
    """
    attributes: dict[str, str] = {}
    for line in data.decode("utf-8", "surrogateescape").rstrip("\n").split("\n"):
        name, equals, value = line.partition("=")
        if not equals or not name or name in attributes:
            raise Malformed("not name=value")
        attributes[name] = value
    return attributes


def encode(attributes: dict[str, str]) -> bytes:
    """What Postfix sends."""
    lines = "".join(f"{name}={value}\n" for name, value in attributes.items())
    return f"{lines}\n".encode("utf-8", "surrogateescape")


def answer(action: str) -> bytes:
    """What Postfix is told. Line ends in ACTION become blanks: they would start another attribute."""
    return f"action={' '.join(action.split())}\n\n".encode("utf-8", "surrogateescape")


async def read(reader: asyncio.StreamReader) -> dict[str, str]:
    """Read one request. Raises Malformed, or IncompleteReadError when Postfix hangs up."""
    try:
        return decode(await reader.readuntil(b"\n\n"))
    except asyncio.LimitOverrunError as error:
        raise Malformed("the request is too long") from error
