"""The outside, played on this machine: every name leads here, and whoever calls is written down."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hostile.case import TRAP

NAMED = re.compile(rf"([a-z]\d{{4}})\.{re.escape(TRAP)}")
CONTROL_HOST = "temoin.test"
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


class Outside(ThreadingHTTPServer):
    """Answers everything; `pages` are what it serves under `CONTROL_HOST`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def rules(self) -> str:
        """What makes a browser come here for every name but ours."""
        ours = "EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
        return f"--host-resolver-rules=MAP * 127.0.0.1:{self.port}, {ours}"

    def names(self) -> set[str]:
        """The cases that something was asked for."""
        return {name for line in self.asked for name in NAMED.findall(line)}

    def verify_request(self, *_: object) -> bool:
        self.connections += 1
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up, or speaks TLS, is no failure of the test."""


class _Answer(BaseHTTPRequestHandler):
    server: Outside
    timeout = 5

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        self.server.asked.append(f"{host} {self.path}")
        page = self.server.pages.get(self.path.removeprefix("/")) if host == CONTROL_HOST else None
        kind = "text/html" if page is not None else _KINDS.get(self.path.rpartition(".")[2], "image/gif")
        self._send(page if page is not None else PIXEL if kind == "image/gif" else b"", kind)

    do_POST = do_GET  # noqa: N815 - the server's own naming

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, *_: object, **__: object) -> None:
        """What isn't HTTP is TLS: the name that it asks for stands in it in clear."""
        self.server.asked.append(self.raw_requestline.decode("latin-1"))
        self.close_connection = True

    def log_message(self, *_: object) -> None: ...


_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "html": "text/html"}


@contextmanager
def outside() -> Iterator[Outside]:
    """The outside, for as long as the block lasts."""
    with Outside() as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        yield server
        server.shutdown()
