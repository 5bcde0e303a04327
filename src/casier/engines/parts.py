"""The table of parts: what runs, in which order, and where its definition is."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import cast

from casier.engines.engine import Engine, Socket
from casier.kernel.instance import Instance


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the table.

    `engine` names a class (`module:Class`) that follows `engines.engine.Engine`; `module` a Python module of
    ours that is run with `python -m`. Exactly one of the two is given.
    """

    name: str
    engine: str = ""
    module: str = ""
    after: tuple[str, ...] = ()
    user: str = "casier"  # of a Python module; an engine says its own
    groups: tuple[str, ...] = ()
    sockets: tuple[Socket, ...] = ()  # of a Python module
    probe_socket: str = ""  # of a Python module: `<server>-<client>/<name>`, accepts once ready
    dev_log: bool = False
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    optional: bool = False  # runs where `instance.toml` names it in `with`

    def load(self) -> Engine:
        """The engine of this part. Raises ImportError where it is not installed."""
        module, _, name = self.engine.partition(":")
        return cast("Engine", getattr(importlib.import_module(module), name)())

    @property
    def present(self) -> bool:
        """Whether the part's code is there at all."""
        module = self.module or self.engine.partition(":")[0]
        try:
            return importlib.util.find_spec(module) is not None
        except ModuleNotFoundError:
            return False


def _socket(server: str, client: str, server_user: str, client_group: str) -> Socket:
    return Socket(server, client, server_user, client_group)


PARTS: tuple[Part, ...] = (
    Part(
        "syslog",
        module="casier.engines.cyrus.syslog",
        user="cyrus",
        groups=("casier",),  # to read instance.toml
        sockets=(_socket("syslog", "cyrus", "cyrus", "mail"),),
        probe_socket="syslog-cyrus/log",
    ),
    Part("redis", engine="casier.engines.redis.engine:Redis"),
    Part("clamav", engine="casier.engines.clamav.engine:Clamav"),
    Part(
        "edge",
        module="casier.edge",
        after=("redis",),
        groups=("_rspamd",),
        sockets=(
            _socket("edge", "nginx", "casier", "www-data"),
            _socket("edge", "cyrus", "casier", "mail"),
            _socket("edge", "postfix", "casier", "postfix"),
        ),
        probe_socket="edge-nginx/http.sock",
    ),
    Part(
        "relay",
        module="casier.edge.relay",
        after=("redis",),
        sockets=(
            _socket("relay", "nginx", "casier", "www-data"),
            _socket("relay", "cyrus", "casier", "mail"),
        ),
        probe_socket="relay-nginx/http.sock",
    ),
    Part("cyrus", engine="casier.engines.cyrus.engine:Cyrus", after=("syslog",), dev_log=True),
    Part(
        "agent",
        module="casier.engines.cyrus.agent",
        user="cyrus",
        groups=("casier",),  # to read instance.toml
        after=("syslog",),
        dev_log=True,
        sockets=(_socket("agent", "casier", "cyrus", "casier"), _socket("agent", "cyrus", "cyrus", "mail")),
        probe_socket="agent-casier/agent.sock",
    ),
    # It can take very long to say goodbye, and has nothing to lose.
    Part("rspamd", engine="casier.engines.rspamd.engine:Rspamd", after=("redis",), stop_seconds=4),
    Part(
        "web",
        module="casier.boot.web",
        after=("redis",),
        groups=("_rspamd", "mail", "www-data"),
        sockets=(_socket("web", "nginx", "casier", "www-data"),),
        probe_socket="web-nginx/http.sock",
    ),
    Part(
        "postfix", engine="casier.engines.postfix.engine:Postfix", after=("rspamd", "edge"), stop_seconds=30
    ),
    Part(
        "worker",
        module="casier.boot.worker",
        after=("redis", "cyrus", "agent", "edge"),
        groups=("_rspamd", "mail", "www-data"),
    ),
    Part("nginx", engine="casier.engines.nginx.engine:Nginx", after=("web", "edge", "relay", "cyrus")),
    # Previews of office documents; nothing waits for it.
    Part("office", engine="casier.engines.office.engine:Office", optional=True),
    # It starts others again, which only root may ask the supervisor.
    Part("watch", module="casier.engines.supervise.watch", user="root"),
)


def parts_of(instance: Instance) -> list[Part]:
    """The parts that run in INSTANCE."""
    chosen = chosen_options(instance)
    return [part for part in PARTS if part.present and (not part.optional or part.name in chosen)]


def chosen_options(instance: Instance) -> tuple[str, ...]:
    """What `./casier start --with …` was told for INSTANCE."""
    value = instance.settings.get("with", ())
    return tuple(str(name) for name in value) if isinstance(value, list | tuple) else ()


def part_named(name: str) -> Part:
    """The part called NAME. Raises KeyError."""
    return next(part for part in PARTS if part.name == name)
