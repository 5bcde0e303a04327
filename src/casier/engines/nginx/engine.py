"""nginx as a part."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

from casier.engines.engine import Facts, NotReady, Socket
from casier.engines.nginx.spec import PROGRAM, NginxSpec
from casier.engines.running import own_folder, run_tool
from casier.engines.templates import render_template
from casier.kernel.instance import Instance, Port

TEMPLATES = Path(__file__).parent / "templates"
FILES = ("nginx.conf", "maps.conf", "site.conf", "mail.conf", "error.html")
_LIMIT_SECONDS = 2.0


class Nginx:
    """Follows `casier.engines.engine.Engine`."""

    name = "nginx"
    user = "root"

    def spec(self, instance: Instance, facts: Facts) -> NginxSpec:
        return NginxSpec.of(instance, facts)

    def render(self, spec: NginxSpec, staging: Path) -> None:
        for name in FILES:
            render_template(TEMPLATES, f"{name}.j2", staging / name, spec=spec)

    def check(self, staging: Path) -> list[str]:
        """`nginx -t`: reads everything, listens nowhere. Its warnings count: they are errors of next year."""
        code, said = run_tool([PROGRAM, "-t", "-q", "-p", str(staging), "-c", str(staging / "nginx.conf")])
        return said.splitlines() if code != 0 or said else []

    def prepare(self, instance: Instance) -> None:
        own_folder(instance.data / "nginx", "www-data", 0o700)

    def command(self, instance: Instance) -> list[str]:
        folder = instance.etc / "nginx"
        return [
            PROGRAM,
            "-e",
            "stderr",
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-g",
            "daemon off;",
        ]

    def probe(self, instance: Instance) -> None:
        """The web answers under a name of ours, and IMAP greets, both with the instance's certificate."""
        try:
            trust = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))
            _ask_web(instance.port(Port.WEB), trust)
            _ask_imap(instance.port(Port.IMAPS), trust)
        except (OSError, http.client.HTTPException) as error:
            raise NotReady(f"nginx: {error}") from error

    def reload(self, instance: Instance) -> None:
        """New workers with the new configuration; old ones finish what they serve, ten seconds at most."""
        try:
            os.kill(int((instance.run / "nginx.pid").read_text("ascii")), signal.SIGHUP)
        except (OSError, ValueError) as error:
            raise NotReady(f"nginx can't be told: {error}") from error

    def sockets(self) -> Sequence[Socket]:
        return ()


def _ask_web(port: int, trust: ssl.SSLContext) -> None:
    connection = http.client.HTTPSConnection("localhost", port, timeout=_LIMIT_SECONDS, context=trust)
    try:
        connection.request("GET", "/_casier/ready")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 204:
        raise NotReady(f"nginx answers {status}")


def _ask_imap(port: int, trust: ssl.SSLContext) -> None:
    with (
        socket.create_connection(("127.0.0.1", port), _LIMIT_SECONDS) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        greeting = wrapped.recv(200)
    if not greeting.startswith(b"* OK"):
        raise NotReady("nginx does not greet on IMAP")
