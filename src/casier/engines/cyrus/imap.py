"""A small IMAP client for the platform itself: commands sent together, answers read in order.

The standard library's waits for each answer; making a mailbox takes a dozen commands, so that the waiting
would cost more than the work.
"""

from __future__ import annotations

import io
import re
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from casier.kernel.errors import CasierError, Unavailable
from casier.kernel.secret import Secret

ANSWER_SECONDS = 30.0
if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
# What a NO says of the store rather than of what it was asked: files that couldn't be made, a folder in use.
_TROUBLE = ("system i/o error", "locked", "[inuse]", "[unavailable]", "server(s) unavailable")
TROUBLE_WAITS = (0.1, 0.5, 2.0)


class StoreRefused(CasierError):
    """The store answered NO or BAD; the message is what it said."""

    code = "store_refused"


class StoreTroubled(StoreRefused):
    """It answered NO for a reason of its own: the same may be right in a moment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one command: its untagged lines, then the status and text of the tagged one."""

    status: str
    text: str
    lines: tuple[bytes, ...] = field(repr=False)

    @property
    def ok(self) -> bool:
        return self.status == "OK"

    def expect(self, *allowed: str) -> Self:
        """Itself when it is OK, or a NO whose text holds one of ALLOWED. Raises StoreRefused."""
        text = self.text.lower()
        if self.ok or (self.status == "NO" and any(word in text for word in allowed)):
            return self
        troubled = self.status == "NO" and any(word in text for word in _TROUBLE)
        raise (StoreTroubled if troubled else StoreRefused)(f"{self.status} {self.text}")


class _QuickReader(io.RawIOBase):
    """Reads a socket, acknowledging at once.

    The store answers in several small writes and waits for the acknowledgement of the first before it
    sends the second; the kernel delays that by 40 ms unless it is told not to, each time (tcp(7)).
    """

    def __init__(self, source: socket.socket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._source.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return self._source.recv_into(buffer)


class ImapConnection:
    """A signed-in connection. Raises Unavailable when the store can't be reached or hangs up."""

    def __init__(self, host: str, port: int, user: str, password: Secret) -> None:
        self._number = 0
        self._patient = True
        try:
            self._socket = socket.create_connection((host, port), ANSWER_SECONDS)
        except OSError as error:
            raise Unavailable(f"store: {error.strerror or error}", part="cyrus") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = io.BufferedReader(_QuickReader(self._socket))
        try:
            self._line()
            self._log_in(user, password)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. The store's process is ready for someone else at once."""
        self._file.close()
        self._socket.close()

    def _log_in(self, user: str, password: Secret) -> None:
        answer = self.run(f"LOGIN {quoted(user)} {quoted(password.reveal())}")
        if not answer.ok:
            # the edge, which knows the tokens, may be down: the account is right all the same
            raise Unavailable(f"store: login of {user}: {answer.text}", part="cyrus")

    def run(self, command: str) -> Answer:
        """Send one command and read its answer."""
        return self.run_all([command])[0]

    def run_all(self, commands: Sequence[str | bytes]) -> list[Answer]:
        """Send COMMANDS together; their answers in order."""
        tags = []
        out = bytearray()
        for command in commands:
            self._number += 1
            tags.append(b"C%d" % self._number)
            out += tags[-1] + b" " + (command if isinstance(command, bytes) else command.encode()) + b"\r\n"
        try:
            self._socket.sendall(out)
        except OSError as error:
            raise Unavailable(f"store: {error.strerror or error}", part="cyrus") from error
        return [self._answer(tag) for tag in tags]

    def run_patiently(self, command: bytes, sleep: Callable[[float], None] = time.sleep) -> Answer:
        """Run COMMAND, an APPEND, which adds all or nothing; a trouble of the store is waited for, not long.

        Raises StoreRefused, StoreTroubled where it didn't pass; the next command then isn't waited for.
        """
        for seconds in TROUBLE_WAITS if self._patient else ():
            try:
                return self.run_all([command])[0].expect()
            except StoreTroubled:
                sleep(seconds)
        self._patient = False
        answer = self.run_all([command])[0].expect()
        self._patient = True
        return answer

    def _answer(self, tag: bytes) -> Answer:
        lines: list[bytes] = []
        while True:
            line = self._line()
            if line.startswith(tag + b" "):
                status, _, text = line[len(tag) + 1 :].decode("utf-8", "replace").strip().partition(" ")
                return Answer(status.upper(), text, tuple(lines))
            if line.startswith(b"* BYE"):
                raise Unavailable(f"store: {line[6:].decode('utf-8', 'replace').strip()}", part="cyrus")
            lines.append(line)

    def _line(self) -> bytes:
        """One line, with the literals inside it."""
        line = self._read_line()
        while match := _LITERAL.search(line):
            line += self._file.read(int(match[1])) + self._read_line()
        return line

    def _read_line(self) -> bytes:
        try:
            line = self._file.readline()
        except OSError as error:
            raise Unavailable(f"store: {error.strerror or error}", part="cyrus") from error
        if not line.endswith(b"\n"):
            raise Unavailable("store: hung up", part="cyrus")
        return line


def quoted(text: str) -> str:
    """TEXT as an IMAP quoted string. Control characters would end the command: refused."""
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError("a control character can't stand in an IMAP string")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def words(line: bytes) -> list[str]:
    """The atoms and strings of an untagged line, parentheses apart."""
    tokens = re.findall(rb'"((?:[^"\\]|\\.)*)"|\{\d+\}\r\n|([()])|([^\s()"]+)', line)
    return [
        (re.sub(rb"\\(.)", rb"\1", text) if text else mark or atom).decode("utf-8", "replace")
        for text, mark, atom in tokens
    ]
