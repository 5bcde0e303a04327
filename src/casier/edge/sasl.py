"""Cyrus's door: the saslauthd protocol, answered for our tokens only.

A request is four strings (user, password, service, realm), each after its length in two bytes, big endian;
the answer is one such string that starts with `OK` or `NO`.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

from casier.edge.tokens import Tokens
from casier.kernel.secret import Secret

LONGEST = 4096  # a token is below 300 bytes; more is not ours
_FIELDS = 4


class Malformed(Exception):
    """What came is not the protocol."""


@dataclass(frozen=True, slots=True)
class Login:
    """What an engine asks: may USER (of REALM) enter SERVICE with PASSWORD?"""

    user: str
    password: Secret
    service: str
    realm: str

    @property
    def name(self) -> str:
        """The whole name: libsasl cuts it at the last `@` and sends the rest as the realm."""
        return f"{self.user}@{self.realm}" if self.realm and "@" not in self.user else self.user


def encode(text: str) -> bytes:
    """One counted string."""
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def encode_request(login: Login) -> bytes:
    """What an engine sends."""
    return b"".join(map(encode, (login.user, login.password.reveal(), login.service, login.realm)))


def decode_request(data: bytes) -> Login:
    """Parse a whole request. Raises Malformed."""
    fields: list[str] = []
    while len(fields) < _FIELDS:
        if len(data) < 2 or len(data) < 2 + (size := struct.unpack("!H", data[:2])[0]):
            raise Malformed("the request is cut short")
        try:
            fields.append(data[2 : 2 + size].decode())
        except UnicodeDecodeError as error:
            raise Malformed("a string is not UTF-8") from error
        data = data[2 + size :]
    if data:
        raise Malformed("bytes follow the request")
    return Login(fields[0], Secret(fields[1]), fields[2], fields[3])


async def read_request(reader: asyncio.StreamReader) -> Login:
    """Read one request. Raises Malformed, or IncompleteReadError when the engine hangs up."""
    parts: list[bytes] = []
    for _ in range(_FIELDS):
        head = await reader.readexactly(2)
        size = struct.unpack("!H", head)[0]
        if size > LONGEST:
            raise Malformed("a string is too long")
        parts.append(head + await reader.readexactly(size))
    return decode_request(b"".join(parts))


def may_enter(login: Login, tokens: Tokens, now: float) -> bool:
    """Whether the password is a living token for exactly this name.

    The bare user is accepted for names without `@` only (the admin): libsasl adds its default realm to them.
    """
    opened = tokens.verify(login.password, now)
    return opened is not None and (opened == login.name or ("@" not in opened and opened == login.user))
