"""What an engine is to the rest: rendered configuration, one command, one probe.

`render` is a pure step from a frozen spec to files, so that a configuration can be compared, checked by the
engine itself and thrown away before the running one is touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from casier.kernel.instance import Instance


class NotReady(Exception):
    """A part does not answer yet; the message says what was asked and what came back."""


class EngineError(Exception):
    """An engine can't be configured or started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A folder `run/<server>-<client>`: SERVER_USER's processes listen, those of CLIENT_GROUP may connect."""

    server: str
    client: str
    server_user: str
    client_group: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engines must know of the directory when they are configured.

    Everything that changes daily is asked at run time instead; this changes when an academy comes or goes.
    """

    domains: tuple[str, ...] = ()  # mail domains that are ours, sorted
    hosts: tuple[str, ...] = ("localhost",)  # names under which the web is reached
    public_host: str = "localhost"  # what the platform calls itself (HELO, Message-ID)
    resolvers: tuple[str, ...] = ()  # DNS servers; none: the machine's own
    attachment_bytes: int = 100_000_000  # the largest attachment that any policy allows

    @classmethod
    def load(cls, instance: Instance) -> Facts:
        """Read what the platform last wrote for the engines; a new instance gets defaults."""
        try:
            values: dict[str, Any] = json.loads(facts_file(instance).read_text("utf-8"))
        except FileNotFoundError:
            values = {}
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        for name in ("domains", "hosts", "resolvers"):
            if name in known:
                known[name] = tuple(sorted(set(known[name])))
        return cls(**known)


def facts_file(instance: Instance) -> Path:
    """Where the platform (user casier) writes the facts: JSON, the fields of `Facts`."""
    return instance.data / "platform" / "facts.json"


@dataclass(frozen=True, slots=True)
class Program:
    """A process that the supervisor keeps alive.

    The prelude runs as root before COMMAND: it ends what is left of the previous incarnation of the part,
    then takes USER (with its own groups and GROUPS) and executes COMMAND.
    """

    name: str
    command: tuple[str, ...]
    user: str = "root"
    groups: tuple[str, ...] = ()  # supplementary groups by name, for sockets of other parts
    environment: tuple[tuple[str, str], ...] = ()
    directory: str = "/"
    after: tuple[str, ...] = ()  # parts that must answer before this one is started
    dev_log: str = ""  # a socket to show as /dev/log, in a mount namespace of the part's own
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    open_files: int = 65536


class Engine(Protocol):
    """One engine. Implementations are plain classes without state, in `engines/<engine>/engine.py`."""

    name: str
    user: str

    def spec(self, instance: Instance, facts: Facts) -> Any:
        """The frozen dataclass that everything is rendered from."""

    def render(self, spec: Any, staging: Path) -> None:
        """Write the configuration below STAGING, which will become `instance.etc / name`.

        The files name their final place (`instance.etc / name`), relative paths where the engine allows.
        """

    def check(self, staging: Path) -> list[str]:
        """What the engine's own checker finds wrong in STAGING; an empty list means good.

        Runs as root, possibly while the engine serves with the configuration before.
        """

    def prepare(self, instance: Instance) -> None:
        """Make the folders that the engine needs in `data/`, with owners. Runs as root before a start."""

    def command(self, instance: Instance) -> list[str]:
        """The command that runs in the foreground until it is stopped."""

    def probe(self, instance: Instance) -> None:
        """Return when the engine answers a real question; raise NotReady with the reason otherwise.

        Called often, from a thread: give every connection a time limit of two seconds at most.
        """

    def reload(self, instance: Instance) -> None:
        """Make the running engine read its new configuration. Raise NotReady when only a restart does."""

    def sockets(self) -> Sequence[Socket]:
        """The folders of sockets that this engine listens in."""
