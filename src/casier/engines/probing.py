"""Asking an engine a question on its socket, and whether it gives the answer of one that works."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from casier.engines.engine import NotReady

_LIMIT_SECONDS = 2.0
Connect = Callable[[], socket.socket]


def tcp(port: int) -> Connect:
    """The road to PORT on this machine."""
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_SECONDS)


def unix(path: Path) -> Connect:
    """The road to the Unix socket PATH."""

    def connect() -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(_LIMIT_SECONDS)
        try:
            client.connect(str(path))
        except OSError:
            client.close()
            raise
        return client

    return connect


def expect(name: str, connect: Connect, wanted: bytes, question: bytes = b"") -> None:
    """NAME answers QUESTION (or greets) with something that begins with WANTED. Raises NotReady."""
    try:
        with connect() as client:
            if question:
                client.sendall(question)
            answer = client.recv(200)
    except OSError as error:
        raise NotReady(f"{name}: {error.strerror or error}") from error
    if not answer.startswith(wanted):
        raise NotReady(f"{name}: {answer[:80].decode('utf-8', 'replace').strip()}")
