"""One person's connection to their store: which messages are there, and adding more (IMAP, MULTIAPPEND)."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from types import TracebackType
from typing import BinaryIO, Self, cast

from casier.kernel.errors import CasierError, Unavailable
from casier.kernel.secret import Secret
from casier.mailbox.importing import names

_TIMEOUT = 300.0
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_EMAIL_ID = re.compile(rb"EMAILID \(M([0-9a-f]{24})\)")
_LIST = re.compile(rb'^\* LIST \(([^)]*)\) (?:"[^"]*"|NIL) (.*)\r\n$')


class StoreRefused(CasierError):
    """The store answered NO or BAD; `text` is what it said."""

    code = "store_refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to append."""

    content: bytes = field(repr=False)
    date: str
    flags: tuple[str, ...] = ()


def fingerprint(content: bytes) -> str:
    """What the store calls a message with this CONTENT (Cyrus's EMAILID, RFC 8474, without its letter)."""
    return sha1(content, usedforsecurity=False).hexdigest()[:24]


class StoreConnection:
    """A signed-in IMAP connection. Raises Unavailable when the store can't be reached or ends it."""

    def __init__(self, port: int, user: str, password: Secret, host: str = "127.0.0.1") -> None:
        self._number = 0
        try:
            self._socket = socket.create_connection((host, port), _TIMEOUT)
        except OSError as error:
            raise Unavailable(f"store: {error}", part="cyrus") from error
        self._file: BinaryIO = cast(BinaryIO, self._socket.makefile("rb"))
        self._line()
        self._command(f"LOGIN {quoted(user)} {quoted(password.reveal())}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._socket.close()

    def folders(self) -> dict[str, str]:
        """Every mailbox, and its special use or nothing."""
        found = {}
        for line in self._command('LIST "" "*" RETURN (SPECIAL-USE)'):
            match = _LIST.match(line)
            if match and b"\\Noselect" not in match[1] and b"\\NonExistent" not in match[1]:
                uses = {"\\Sent", "\\Drafts", "\\Trash", "\\Junk", "\\Archive"} & set(
                    match[1].decode("ascii").split()
                )
                found[names.decode(_unquoted(match[2]))] = next(iter(uses), "")
        return found

    def create(self, folder: str) -> None:
        """Make FOLDER and subscribe to it, so that every client shows it."""
        self._command(f"CREATE {mailbox(folder)}")
        self._command(f"SUBSCRIBE {mailbox(folder)}")

    def fingerprints(self, folder: str) -> Iterator[str]:
        """The fingerprint of every message in FOLDER; asked in slices, so that no answer is large."""
        count = 0
        for line in self._command(f"EXAMINE {mailbox(folder)}"):
            match = re.match(rb"\* (\d+) EXISTS", line)
            count = int(match[1]) if match else count
        for start in range(1, count + 1, 5000):
            lines = self._command(f"FETCH {start}:{min(count, start + 4999)} (EMAILID)")
            yield from (match[1].decode("ascii") for match in map(_EMAIL_ID.search, lines) if match)

    def append(self, folder: str, entries: Sequence[Entry]) -> None:
        """Add ENTRIES to FOLDER, all or none (RFC 3502). Raises StoreRefused for one that it won't have."""
        parts: list[bytes] = [f"APPEND {mailbox(folder)}".encode("ascii")]
        for entry in entries:
            head = f' ({" ".join(entry.flags)}) "{entry.date}" {{{len(entry.content)}+}}\r\n'
            parts += [head.encode("ascii"), entry.content]
        self._command(b"".join(parts))

    def _command(self, command: str | bytes) -> list[bytes]:
        self._number += 1
        tag = f"c{self._number} ".encode("ascii")
        text = command.encode("ascii") if isinstance(command, str) else command
        try:
            self._socket.sendall(tag + text + b"\r\n")
            return list(self._until(tag))
        except OSError as error:
            raise Unavailable(f"store: {error}", part="cyrus") from error

    def _until(self, tag: bytes) -> Iterator[bytes]:
        while True:
            line = self._line()
            if line.startswith(tag):
                if not line[len(tag) :].startswith(b"OK"):
                    raise StoreRefused(line[len(tag) :].decode("utf-8", "replace").strip())
                return
            if line.startswith(b"* BYE"):
                raise Unavailable(f"store: {line[6:].decode('utf-8', 'replace').strip()}", part="cyrus")
            yield line

    def _line(self) -> bytes:
        """One response, its literals included. Raises Unavailable when the connection ends."""
        line = self._file.readline()
        while match := _LITERAL.search(line):
            line += self._file.read(int(match[1])) + self._file.readline()
        if not line:
            raise Unavailable("store: connection ended", part="cyrus")
        return line


def quoted(text: str) -> str:
    """TEXT as an IMAP quoted string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mailbox(name: str) -> str:
    """The mailbox NAME as a command takes it."""
    return quoted(names.encode(name))


def _unquoted(text: bytes) -> str:
    literal = re.match(rb"\{\d+\+?\}\r\n(.*)$", text, re.S)
    if literal:
        return literal[1].decode("ascii", "replace")
    name = text.decode("ascii", "replace")
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else name
