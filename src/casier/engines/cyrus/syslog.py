"""A /dev/log for Cyrus alone: what it says becomes lines on standard output, which the supervisor keeps.

Cyrus can only log by syslog(3). The C library connects to /dev/log again by itself when this part was away;
what was said in between is lost, so this part does nothing that could make it fail.
"""

from __future__ import annotations

import re
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from casier.kernel.instance import Instance

_LEVELS = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")
# RFC 3164, as the C library writes it: <priority>Mmm dd hh:mm:ss message
_LINE = re.compile(rb"^<(\d{1,3})>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?(.*)$", re.DOTALL)
# Two lines for each request by the web: nginx's log has told it already, with the account.
_TOLD = re.compile(
    rb"<\d{1,3}>.{16}casier/(?:http|dav)\[\d+\]: (?:\[unix socket\] as |login: \[unix socket\] )"
)
_MAX_BYTES = 65536


def line(datagram: bytes, now: datetime) -> str:
    """One line for one DATAGRAM: time in UTC, level, what was said. Control characters can't forge a line."""
    found = _LINE.match(datagram.rstrip(b"\0\n"))
    level, text = (_LEVELS[int(found[1]) % 8], found[2]) if found else ("notice", datagram)
    said = "".join(char if char.isprintable() else " " for char in text.decode("utf-8", "replace")).rstrip()
    return f"{now:%Y-%m-%dT%H:%M:%S.%f}Z {level} {said}"


def told_by_nginx(datagram: bytes) -> bool:
    """Whether DATAGRAM only says that a request came through nginx."""
    return _TOLD.match(datagram) is not None


def bind(path: Path) -> socket.socket:
    """Listen on PATH, in the place of a socket that an earlier run left."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(str(path))
    path.chmod(0o666)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return server


def main() -> None:
    """Serve until ended."""
    server = bind(Instance.load().socket("syslog", "cyrus", "log"))
    while True:
        datagram = server.recv(_MAX_BYTES)
        if told_by_nginx(datagram):
            continue
        sys.stdout.write(line(datagram, datetime.now(UTC)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
