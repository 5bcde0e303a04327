"""A /dev/log for Cyrus alone: what it says becomes lines on standard output, which the supervisor keeps.

Cyrus can only log by syslog(3). The C library connects to /dev/log again by itself when this part was away;
what was said in between is lost, so this part does nothing that could make it fail.

One line is more than a line: that a conversations database is torn (`torn.py`) is said once, and is marked.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from casier.engines.cyrus.hushed import hush
from casier.engines.cyrus.torn import Marks, Witness
from casier.engines.cyrus.undone import under_way
from casier.kernel.instance import Instance

_LEVELS = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")
# RFC 3164, as the C library writes it: <priority>Mmm dd hh:mm:ss message
_LINE = re.compile(rb"^<(\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?(.*)$", re.DOTALL)
# Two lines for each request by the web: nginx's log has told it already, with the account. Most of the second
# kind never come here (hushed.py).
_TOLD = re.compile(
    rb"<\d{1,3}>.{16}casier/(?:http|dav)\[\d+\]: (?:\[unix socket\] as |login: \[unix socket\] )"
)
# Lines that tell nothing a message trace needs: the CPU time of each transaction, each mailbox's indexing.
_IDLE = re.compile(
    rb"<\d{1,3}>.{16}casier/(?:\w+\[\d+\]: USAGE |squatter\[\d+\]: (?:indexing mailbox |Xapian committed ))"
)
_MAX_BYTES = 65536
_AT_ONCE = 200


def line(datagram: bytes, now: datetime) -> str:
    """One line for one DATAGRAM: time in UTC, level, what was said. Control characters can't forge a line."""
    found = _LINE.match(datagram.rstrip(b"\0\n"))
    level, text = (_LEVELS[int(found[1]) % 8], found[2]) if found else ("notice", datagram)
    said = text.decode("utf-8", "replace")
    if not said.isprintable():
        said = "".join(char if char.isprintable() else " " for char in said).rstrip()
    return f"{now:%Y-%m-%dT%H:%M:%S.%f}Z {level} {said}"


def told_by_nginx(datagram: bytes) -> bool:
    """Whether DATAGRAM only says that a request came through nginx."""
    return _TOLD.match(datagram) is not None


def worth_keeping(datagram: bytes) -> bool:
    """Whether DATAGRAM tells something that isn't told elsewhere: three of a delivery's seven."""
    return not told_by_nginx(datagram) and _IDLE.match(datagram) is None


def arriving(server: socket.socket) -> Iterator[bytes]:
    """Wait for a datagram, then take those that are there already."""
    yield server.recv(_MAX_BYTES)
    with suppress(BlockingIOError):
        for _ in range(_AT_ONCE):
            yield server.recv(_MAX_BYTES, socket.MSG_DONTWAIT)


def bind(path: Path) -> socket.socket:
    """Listen on PATH, in the place of a socket that an earlier run left."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(path))
    path.chmod(0o666)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    hush(server)
    return server


def main() -> None:
    """Serve until ended."""
    instance = Instance.load()
    server = bind(instance.socket("syslog", "cyrus", "log"))
    witness = Witness(Marks.of(instance))
    witness.begin(under_way(instance.log / "cyrus.log"), datetime.now(UTC))
    while True:
        for datagram in arriving(server):
            witness.look(datagram, datetime.now(UTC))
            if worth_keeping(datagram):
                sys.stdout.write(line(datagram, datetime.now(UTC)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
