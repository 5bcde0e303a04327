"""Sockets that the edge and the relay listen on."""

from __future__ import annotations

import socket
from pathlib import Path


def unix_socket(path: Path, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    """Bind PATH for everyone who may enter its folder (the folder is what protects it)."""
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, kind)
    bound.bind(str(path))
    path.chmod(0o666)
    bound.setblocking(False)
    return bound


def loopback_socket(port: int) -> socket.socket:
    """Bind PORT on 127.0.0.1."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    bound.setblocking(False)
    return bound
