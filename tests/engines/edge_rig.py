"""The doors with real daemons in one private folder: nginx, the edge, the relay, Redis, clamd.

Cyrus, Django and Postfix are small servers of this file, so that a test sees exactly what reached them.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import redis

from casier.edge import sasl
from casier.edge.records import app_password_mac
from casier.engines import tls
from casier.engines.clamav.engine import Clamav
from casier.engines.cyrus.engine import Cyrus
from casier.engines.engine import Engine, Facts
from casier.engines.nginx.engine import Nginx
from casier.kernel import published
from casier.kernel.instance import Instance, Port
from casier.kernel.published import AccountState, AppPasswordState, SessionState
from casier.kernel.secret import Secret
from engines.daemons import configure, environment, probed, redis_command
from free_ports import free_offset
from waiting import wait_until

SOURCE = Path(__file__).parents[2] / "src"
HOST = "rouen.localhost"
CAMILLE, KEY = "camille.martin@ac-rouen.test", "camille.durand@ac-rouen.test"
ACCOUNT = "c" * 32
APP_PASSWORD = "correct horse battery"
# In two halves, so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRETS = ("session", "jwt", "token", "header", "app-password", "internal", "srs", "django", "numen")
PAIRS = (
    "redis-casier", "edge-nginx", "edge-cyrus", "edge-postfix", "relay-nginx", "relay-cyrus", "web-nginx",
    "cyrus-nginx", "cyrus-postfix", "agent-casier", "agent-cyrus", "clamav-rspamd",
)  # fmt: skip
FACTS = Facts(hosts=("localhost", HOST), public_host="localhost", domains=("ac-rouen.test",))


@dataclass(frozen=True)
class Seen:
    """A request as a back end got it."""

    method: str
    path: str
    headers: dict[str, str]
    length: int
    digest: str


class _Handler(BaseHTTPRequestHandler):
    """Take anything, remember it, answer `{"path": …}`."""

    protocol_version = "HTTP/1.1"
    server: BackEnd

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *arguments: object) -> None:
        pass

    def _take(self) -> None:
        if self.server.down:
            self.close_connection = True
            return
        left, digest = int(self.headers.get("Content-Length") or 0), hashlib.sha256()
        length = left
        while left:
            chunk = self.rfile.read(min(left, 1 << 20))
            digest.update(chunk)
            left -= len(chunk)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append(Seen(self.command, self.path, headers, length, digest.hexdigest()))
        status, more = self.server.answers.get(self.path.partition("?")[0], (200, {}))
        body = json.dumps({"path": self.path}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **more}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.command != "HEAD" else b"")

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_PROPFIND = do_REPORT = do_OPTIONS = _take  # noqa: N815


class BackEnd(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A stand-in for Cyrus httpd or Django."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        super().__init__(str(path), _Handler)
        path.chmod(0o666)
        self.seen: list[Seen] = []
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.down = False  # hang up on every request
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """nginx closes kept connections as it likes."""


class LineBackEnd(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A stand-in for Cyrus imapd or Postfix: remembers every line, answers by a function."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, greeting: bytes, answer: Callable[[str], bytes]) -> None:
        self.lines: list[str] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    self.wfile.write(greeting)
                    while line := self.rfile.readline():
                        text = line.decode("utf-8", "replace").rstrip("\r\n")
                        outer.lines.append(text)
                        self.wfile.write(answer(text))

        super().__init__(("127.0.0.1", port), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@dataclass
class Answer:
    """What a client got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Rig:
    """Everything running."""

    instance: Instance
    store: redis.Redis
    cyrus: BackEnd
    web: BackEnd
    trust: ssl.SSLContext
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.instance.port(Port.WEB)}"

    def account(self, **changes: Any) -> AccountState:
        """Publish Camille's account, changed as asked."""
        values: dict[str, Any] = {
            "id": ACCOUNT, "mailbox_key": KEY, "store": "store1", "academy": "rouen",
            "addresses": [CAMILLE, KEY], "attachment_bytes": 100_000_000,
        }  # fmt: skip
        state = AccountState(**{**values, **changes})
        self.store.set(published.account_key(state.id), state.dumps())
        self.store.set(published.mailbox_owner_key(state.mailbox_key), state.id)
        self.store.set(published.COMPLETE, "1")
        return state

    def sign_in(self, **changes: Any) -> str:
        """Open a session for Camille; the `Cookie` header."""
        now = int(time.time())
        values: dict[str, Any] = {
            "account": ACCOUNT, "created": now, "absolute_until": now + 3600, "idle_seconds": 1800,
            "origin": self.origin,
        }  # fmt: skip
        cookie = secrets.token_urlsafe(32)
        state = SessionState(**{**values, **changes})
        self.store.set(published.session_key(self.digest(cookie)), state.dumps())
        return f"__Host-casier={cookie}"

    @staticmethod
    def digest(cookie: str) -> str:
        return hashlib.sha256(cookie.removeprefix("__Host-casier=").encode()).hexdigest()

    def publish_app_password(self) -> None:
        mac = app_password_mac(Secret(APP_PASSWORD), self.instance.key("app-password"))
        self.store.set(published.app_password_key(mac), AppPasswordState(ACCOUNT, "1").dumps())

    def open(self, timeout: float = 60) -> http.client.HTTPSConnection:
        port = self.instance.port(Port.WEB)
        return http.client.HTTPSConnection("localhost", port, context=self.trust, timeout=timeout)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request under our own name; keyword arguments are headers (`_` for `-`)."""
        connection = self.open()
        try:
            given = {"Host": f"{HOST}:{self.instance.port(Port.WEB)}"}
            given |= {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, given, encode_chunked="Transfer-Encoding" in given)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def raw(self, data: bytes, port: Port = Port.WEB) -> bytes:
        """Bytes through TLS, and all that comes back until the other side hangs up or is silent."""
        plain = socket.create_connection(("127.0.0.1", self.instance.port(port)), 10)
        got = b""
        with self.trust.wrap_socket(plain, server_hostname="localhost") as wrapped:
            wrapped.sendall(data)
            wrapped.settimeout(1)
            with contextlib.suppress(TimeoutError, ConnectionError, ssl.SSLError):
                while chunk := wrapped.recv(65536):
                    got += chunk
        return got

    def pause(self, name: str) -> contextlib.AbstractContextManager[None]:
        """Have process NAME down for a while: its socket is there, nobody answers."""
        return _stopped(self.processes[name].pid)

    def log(self, name: str) -> str:
        return (self.instance.log / f"{name}.log").read_text("utf-8", "replace")

    def start(self, name: str, command: list[str], ready: Callable[[], object]) -> None:
        with (self.instance.log / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environment(self.instance), stdout=log, stderr=log
            )
        wait_until(f"{name} to answer", ready)

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def _stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _rendered(engine: Engine, instance: Instance) -> list[str]:
    configure(engine, instance, FACTS)
    return engine.command(instance)


def start_python(rig: Rig, name: str) -> None:
    module = {"edge": "casier.edge", "relay": "casier.edge.relay"}[name]
    path = rig.instance.socket(name, "nginx", "http.sock")
    rig.start(name, [sys.executable, "-m", module], lambda: _accepts(path))


def start_redis(rig: Rig) -> None:
    path = rig.instance.socket("redis", "casier", "redis.sock")
    rig.start("redis", redis_command(path, "--appendonly", "yes"), lambda: _accepts(path))


def start_clamav(rig: Rig) -> None:
    clamav = Clamav()
    rig.start("clamav", _rendered(clamav, rig.instance), lambda: probed(clamav, rig.instance))


def start_cyrus(rig: Rig) -> None:
    """Put a real Cyrus where the stand-in was, with the agent that it asks."""
    asked = rig.instance.socket("agent", "cyrus", "callout")
    rig.start("agent", [sys.executable, "-m", "casier.engines.cyrus.agent"], lambda: _accepts(asked))
    rig.cyrus.shutdown()
    rig.cyrus.server_close()
    for name in ("http.sock", "dav.sock"):
        rig.instance.socket("cyrus", "nginx", name).unlink()
    cyrus = Cyrus()
    command = _rendered(cyrus, rig.instance)
    rig.start("cyrus", command, lambda: probed(cyrus, rig.instance))


def _made_instance(root: Path) -> Instance:
    root.chmod(0o755)
    for pair in PAIRS:
        (root / "run" / pair).mkdir(parents=True)
        (root / "run" / pair).chmod(0o777)
    for name in ("secrets", "etc", "data", "log", "app/web/assets", "app/static"):
        (root / name).mkdir(parents=True)
    for name in SECRETS:
        (root / "secrets" / f"{name}.key").write_text(secrets.token_hex(32), "ascii")
    (root / "app" / "web" / "index.html").write_text("<!doctype html><title>Courrier</title>", "utf-8")
    (root / "app" / "web" / "assets" / "app.js").write_text("x = 1\n" * 500, "utf-8")
    (root / "instance.toml").write_text(f"port_offset = {free_offset()}\n", "ascii")
    instance = Instance.load(root)
    tls.ensure(instance.tls, FACTS.hosts)
    return instance


@contextlib.contextmanager
def running_doors() -> Iterator[Rig]:
    """Start everything, end everything, leave nothing."""
    root = Path(tempfile.mkdtemp(prefix="casier-doors-"))
    instance = _made_instance(root)
    store = redis.Redis(unix_socket_path=str(instance.socket("redis", "casier", "redis.sock")))
    cyrus = BackEnd(instance.socket("cyrus", "nginx", "http.sock"))
    instance.socket("cyrus", "nginx", "dav.sock").symlink_to("http.sock")
    web = BackEnd(instance.socket("web", "nginx", "http.sock"))
    trust = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))
    rig = Rig(instance, store, cyrus, web, trust)
    nginx = Nginx()
    try:
        start_redis(rig)
        start_clamav(rig)
        start_python(rig, "edge")
        start_python(rig, "relay")
        rig.start("nginx", _rendered(nginx, instance), lambda: probed(nginx, instance))
        rig.publish_app_password()
        yield rig
    finally:
        for name in list(rig.processes):
            rig.stop(name)
        for server in (cyrus, web):
            server.shutdown()
            server.server_close()
        store.close()
        shutil.rmtree(root)


def ask_mux(rig: Rig, login: sasl.Login) -> bytes:
    """Ask the edge's SASL socket as Cyrus does."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(rig.instance.socket("edge", "cyrus", "mux")))
        client.sendall(sasl.encode_request(login))
        return client.recv(100)
