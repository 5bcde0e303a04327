"""Who acts. An action without an actor doesn't exist."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Actor:
    """Who (`account:<id>`, `operator:<name>`, `system:<task>`) and from where (an address, `cli`)."""

    name: str
    origin: str = ""

    @classmethod
    def account(cls, account_id: str, origin: str = "") -> Self:
        """A person signed in; ORIGIN is the address they come from."""
        return cls(f"account:{account_id}", origin)

    @classmethod
    def operator(cls, name: str) -> Self:
        """Someone at the command line of the server."""
        return cls(f"operator:{name}", "cli")

    @classmethod
    def at_terminal(cls) -> Self:
        """Whoever typed the command: the name before sudo, when there is one."""
        return cls.operator(os.environ.get("SUDO_USER") or getpass.getuser())

    @classmethod
    def system(cls, task: str) -> Self:
        """The platform itself, by the task that made it act."""
        return cls(f"system:{task}")

    def __str__(self) -> str:
        return self.name
