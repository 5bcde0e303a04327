"""What clamd says, and asking it for several contents on one connection (INSTREAM, clamd(8))."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from casier.kernel.errors import Unavailable

_CHUNK = 1 << 18
_TIMEOUT = 120.0
# clamd takes a content for mail, and looks into its parts, by its first line: a message that begins with a
# header that it doesn't know would pass as plain text.
MAIL_FIRST_LINE = b"Received: from casier\r\n"


class Finding(StrEnum):
    """What clamd says of a content."""

    CLEAN = "clean"
    VIRUS = "virus"
    NOT_SCANNABLE = "not_scannable"  # encrypted, nested too deep or too large for clamd's limits
    UNKNOWN = "unknown"  # clamd is down or in error: nothing is known


@dataclass(frozen=True, slots=True)
class Report:
    """A finding and clamd's word for it (a signature's name, an error)."""

    finding: Finding
    detail: str = ""

    @property
    def clean(self) -> bool:
        return self.finding is Finding.CLEAN


class Scanner(Protocol):
    """Whatever can say whether a content may be stored."""

    def scan_message(self, content: bytes | Iterable[bytes]) -> Report: ...


def read_answer(line: bytes) -> Report:
    """Understand clamd's line: `1: stream: OK`, `stream: Eicar-Test-Signature FOUND`, `… ERROR`.

    Signatures that begin with Heuristics.Limits or Heuristics.Encrypted mean that it could not look inside.
    """
    text = re.sub(r"^\d+: ", "", line.decode("utf-8", "replace").strip("\0\r\n "))
    name = text.removeprefix("stream: ").rpartition(" ")[0]
    if text == "stream: OK":
        return Report(Finding.CLEAN)
    if text.endswith(" FOUND"):
        closed = name.startswith(("Heuristics.Limits", "Heuristics.Encrypted"))
        return Report(Finding.NOT_SCANNABLE if closed else Finding.VIRUS, name)
    if "size limit exceeded" in text:
        return Report(Finding.NOT_SCANNABLE, text)
    return Report(Finding.UNKNOWN, text)


class Clamd:
    """One session with clamd. Raises Unavailable when it doesn't answer: nothing is stored unscanned."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def scan(self, content: bytes | Iterable[bytes]) -> Report:
        """The report on CONTENT. A connection that clamd ended (it does after a while) is renewed.

        What comes in pieces is asked for on a connection of its own: it can't be sent twice.
        """
        if not isinstance(content, bytes):
            self.close()
        try:
            if self._socket is not None and isinstance(content, bytes):
                try:
                    return self._ask(_pieces(content))
                except OSError:
                    self.close()
            return self._ask(_pieces(content) if isinstance(content, bytes) else content)
        except OSError as error:
            self.close()
            raise Unavailable(f"clamd: {error}", part="clamav") from error

    def scan_message(self, content: bytes | Iterable[bytes]) -> Report:
        """The report on a message, whatever its first header is."""
        if isinstance(content, bytes):
            return self.scan(MAIL_FIRST_LINE + content)
        return self.scan(chain((MAIL_FIRST_LINE,), content))

    def close(self) -> None:
        """End the session; the next question opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, pieces: Iterable[bytes]) -> Report:
        connection = self._connection()
        try:
            connection.sendall(b"zINSTREAM\0")
            for piece in pieces:
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        except BrokenPipeError:
            # at its size limit clamd answers and hangs up early
            report = read_answer(_answer(connection))
            self.close()
            return report
        report = read_answer(_answer(connection))
        if report.finding is not Finding.CLEAN and "limit" in report.detail:
            self.close()
        return report

    def _connection(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(_TIMEOUT)
            self._socket.connect(str(self._path))
            self._socket.sendall(b"zIDSESSION\0")
        return self._socket


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))


def _answer(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\0"):
        more = connection.recv(4096)
        if not more:
            raise ConnectionResetError("connection ended")
        data += more
    return data
