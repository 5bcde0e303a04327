"""Ask clamd whether a message carries a virus (INSTREAM, clamd(8)), several messages on one connection."""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from casier.kernel.errors import Unavailable

_CHUNK = 1 << 18
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says. A message that can't be scanned is not clean."""

    clean: bool
    virus: str = ""
    problem: str = ""


class Scanner(Protocol):
    """Whatever can say whether a message may be stored."""

    def scan(self, content: bytes) -> Verdict: ...


class Clamd:
    """One session with clamd. Raises Unavailable when it doesn't answer: nothing is stored unscanned."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def scan(self, content: bytes) -> Verdict:
        """The verdict on CONTENT. A connection that clamd ended (it does after a while) is renewed."""
        try:
            if self._socket is not None:
                try:
                    return self._ask(content)
                except OSError:
                    self._close()
            return self._ask(content)
        except OSError as error:
            self._close()
            raise Unavailable(f"clamd: {error}", part="clamav") from error

    def _ask(self, content: bytes) -> Verdict:
        connection = self._connection()
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        self._number += 1
        return parse(self._answer(connection))

    def _connection(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(_TIMEOUT)
            self._socket.connect(str(self._path))
            self._socket.sendall(b"zIDSESSION\0")
        return self._socket

    def _answer(self, connection: socket.socket) -> str:
        data = b""
        while not data.endswith(b"\0"):
            more = connection.recv(4096)
            if not more:
                raise ConnectionResetError("connection ended")
            data += more
        return data.rstrip(b"\0").decode("utf-8", "replace")

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def parse(answer: str) -> Verdict:
    """The verdict that clamd's ANSWER says, such as `1: stream: Eicar-Test-Signature FOUND`."""
    text = re.sub(r"^\d+: ", "", answer).removeprefix("stream: ")
    if text == "OK":
        return Verdict(clean=True)
    if text.endswith(" FOUND"):
        return Verdict(clean=False, virus=text.removesuffix(" FOUND"))
    return Verdict(clean=False, problem=text)
