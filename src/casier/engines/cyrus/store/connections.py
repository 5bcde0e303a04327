"""The roads to a store: as its admin, on connections that are kept; as a person; to the agent on its host."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, Self

from casier.engines.cyrus.imap import Answer, ImapConnection, StoreRefused, quoted
from casier.engines.cyrus.store.names import mailbox_name
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance, Port
from casier.kernel.secret import Secret

ADMIN = "casier-admin"
AGENT_SECONDS = 25.0
_AT_ONCE = 200


class Connections:
    """How one store is asked."""

    def __init__(
        self, port: int, password: Callable[[str], Secret], agent: Path, host: str = "127.0.0.1"
    ) -> None:
        self._host, self._port, self._password, self._agent = host, port, password, agent
        self._idle: LifoQueue[ImapConnection] = LifoQueue()

    @classmethod
    def of(cls, instance: Instance, password: Callable[[str], Secret]) -> Self:
        """The store of an instance on one machine."""
        return cls(instance.port(Port.STORE_IMAP), password, instance.socket("agent", "casier", "agent.sock"))

    def close(self) -> None:
        """Hang up every idle connection."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    @contextmanager
    def person(self, key: str) -> Iterator[ImapConnection]:
        """A connection as the owner of KEY."""
        with ImapConnection(self._host, self._port, key, self._password(key)) as connection:
            yield connection

    @contextmanager
    def granted(self, key: str, folder: str) -> Iterator[ImapConnection]:
        """A connection of the platform's own that may read FOLDER of KEY and take messages out, for a while.

        For what the owner may not do: they are suspended, or have given up the right to read.
        """
        name = quoted(mailbox_name(key, folder))
        with self._admin() as connection:
            connection.run(f"SETACL {name} {ADMIN} lrsteixa").expect()
            try:
                yield connection
            finally:
                connection.run(f"DELETEACL {name} {ADMIN}")

    def admin_run(self, *commands: str) -> list[Answer]:
        """Run commands as admin on a connection of the pool; once more on a new one when it was stale."""
        answers: list[Answer] = []
        for start in range(0, len(commands), _AT_ONCE):
            answers += self._admin_batch(commands[start : start + _AT_ONCE])
        return answers

    def _admin_batch(self, commands: Sequence[str]) -> list[Answer]:
        try:
            connection = self._idle.get_nowait()
        except Empty:
            return self._run_and_keep(self._admin(), commands)
        try:
            return self._run_and_keep(connection, commands)
        except Unavailable:
            return self._run_and_keep(self._admin(), commands)

    def _admin(self) -> ImapConnection:
        return ImapConnection(self._host, self._port, ADMIN, self._password(ADMIN))

    def _run_and_keep(self, connection: ImapConnection, commands: Sequence[str]) -> list[Answer]:
        try:
            answers = connection.run_all(commands)
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)
        return answers

    def ask_agent(self, request: Mapping[str, Any], seconds: float = AGENT_SECONDS) -> dict[str, Any]:
        """One order for the agent on the store's host. Raises StoreRefused and Unavailable."""
        try:
            with socket.socket(socket.AF_UNIX) as agent:
                agent.settimeout(seconds)
                agent.connect(str(self._agent))
                agent.sendall(json.dumps(request).encode() + b"\n")
                answer: dict[str, Any] = json.loads(agent.makefile("rb").readline() or b"{}")
        except (OSError, ValueError) as error:
            raise Unavailable(f"agent: {error}", part="agent") from error
        if not answer.get("ok"):
            raise StoreRefused(f"agent: {answer.get('error', 'no answer')}")
        return answer
