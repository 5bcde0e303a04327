"""The edge as one process: everything wired together and served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from casier.edge import web
from casier.edge.bearer import Bearers
from casier.edge.conversations import Conversations, guarded
from casier.edge.delegation import LONGEST
from casier.edge.door import Door
from casier.edge.images.proxy import for_readers
from casier.edge.images.signing import PATH
from casier.edge.listen import loopback_socket, unix_socket
from casier.edge.mail_auth import MailDoor
from casier.edge.maps import AddressMaps
from casier.edge.policy import SenderPolicy
from casier.edge.records import Records, connect
from casier.edge.srs import Srs
from casier.edge.stores import known_stores
from casier.edge.tokens import Tokens
from casier.kernel.instance import Instance, Port

# No person writes to this many in an hour; official lists take another road.
RECIPIENTS_PER_HOUR = 5000


@dataclass(frozen=True, slots=True)
class Edge:
    """What the edge serves: two HTTP applications and three stream protocols."""

    services: web.Services
    conversations: Conversations


def build(instance: Instance) -> Edge:
    """Wire the rules to this instance's Redis, keys and stores. Raises InstanceError for a missing key."""
    records = Records(connect(instance.socket("redis", "casier", "redis.sock")))
    tokens = Tokens(instance.key("token"))
    stores = known_stores(instance)
    limit = instance.settings.get("recipients_per_hour", RECIPIENTS_PER_HOUR)
    policy = SenderPolicy(records, instance.key("header"), int(str(limit)))
    app_password_key = instance.key("app-password")
    mail_ports = {"smtp": instance.port(Port.POSTFIX_CLIENTS)}
    services = web.Services(
        records=records,
        door=Door(records, Bearers(instance.key("jwt")), app_password_key),
        mail_door=MailDoor(records, tokens, app_password_key, stores, mail_ports),
        policy=policy,
        clamd=instance.socket("clamav", "rspamd", "clamd.sock"),
        internal_key=instance.key("internal"),
    )
    maps = AddressMaps(
        records, {name: store.lmtp for name, store in stores.items()}, Srs(instance.key("srs"))
    )
    return Edge(services, Conversations(tokens, policy, maps))


@asynccontextmanager
async def _stream_servers(instance: Instance, conversations: Conversations) -> AsyncIterator[None]:
    doors = (
        (instance.socket("edge", "cyrus", "mux"), conversations.sasl),
        (instance.socket("edge", "postfix", "policy"), conversations.policy_service),
        (instance.socket("edge", "postfix", "map"), conversations.address_maps),
    )
    servers = [
        await asyncio.start_unix_server(guarded(serve), sock=unix_socket(path), limit=LONGEST)
        for path, serve in doors
    ]
    try:
        yield
    finally:
        for server in servers:
            server.close()


async def serve(instance: Instance) -> None:
    """Serve until a signal to stop. nginx's socket comes last: who finds it finds all others."""
    edge = build(instance)
    for_engines = web.for_engines(edge.services)
    for_nginx = web.for_nginx(edge.services)
    images = for_readers(instance)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One server, two doors: the loopback port has a port number, nginx's socket has none."""
        if scope["server"][1] is not None:
            await for_engines(scope, receive, send)
        elif scope["path"] == "/check":
            await edge.services.check(scope, send)
        elif scope["path"].startswith(PATH):
            await images(scope, receive, send)
        else:
            await for_nginx(scope, receive, send)

    config = uvicorn.Config(
        application, http="httptools", ws="none", lifespan="off", log_config=None,
        access_log=False, server_header=False, date_header=False, proxy_headers=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    async with _stream_servers(instance, edge.conversations):
        sockets = [loopback_socket(instance.port(Port.EDGE_INTERNAL))]
        sockets.append(unix_socket(instance.socket("edge", "nginx", "http.sock")))
        await uvicorn.Server(config).serve(sockets)


def set_up_log() -> None:
    """Log to standard error; the supervisor keeps it."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
