"""Talking to the running supervisor over its Unix socket (XML-RPC)."""

from __future__ import annotations

import contextlib
import http.client
import socket
import xmlrpc.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casier.engines.supervise.programs import control_socket
from casier.kernel.instance import Instance


class NotRunning(Exception):
    """No supervisor answers for this instance."""


@dataclass(frozen=True, slots=True)
class PartState:
    """What the supervisor knows of one part."""

    name: str
    state: str  # supervisord's words: RUNNING, STARTING, BACKOFF, STOPPED, EXITED…
    pid: int
    detail: str


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__()
        self._path, self._timeout = path, timeout

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _Connection(self._path, self._timeout)
        self._connection = host, connection  # so that close() closes it
        return connection


class Control:
    """Commands to the supervisor of one instance. Every call raises NotRunning where nobody answers."""

    def __init__(self, instance: Instance, timeout: float = 30.0) -> None:
        self._path = control_socket(instance)
        self._timeout = timeout

    @contextlib.contextmanager
    def _server(self) -> Iterator[Any]:
        # one connection a call: calls come from several threads
        transport = _Transport(self._path, self._timeout)
        try:
            with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as server:
                yield server.supervisor
        except (OSError, http.client.HTTPException) as error:
            raise NotRunning(str(error)) from error

    def states(self) -> list[PartState]:
        """All parts, by name."""
        with self._server() as server:
            rows = server.getAllProcessInfo()
        return sorted(
            (PartState(row["name"], row["statename"], row["pid"], row["description"]) for row in rows),
            key=lambda state: state.name,
        )

    def start(self, part: str) -> None:
        """Start PART; nothing happens where it runs already."""
        self._command("startProcess", part)

    def stop(self, part: str) -> None:
        """Stop PART and wait until it is gone."""
        self._command("stopProcess", part, wait=True)

    def pid(self) -> int:
        """The supervisor's own pid."""
        with self._server() as server:
            return int(server.getPID())

    def shutdown(self) -> None:
        """Stop every part, then the supervisor; returns at once."""
        with self._server() as server:
            server.shutdown()

    def _command(self, name: str, part: str, wait: bool = False) -> None:
        with self._server() as server:
            try:
                getattr(server, name)(part, wait)
            except xmlrpc.client.Fault as fault:
                if not fault.faultString.startswith(("ALREADY_STARTED", "NOT_RUNNING")):
                    raise
