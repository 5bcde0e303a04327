"""What must happen on the store's own host: end a mailbox's IMAP connections, and allow them again.

One JSON line in, one out, on a Unix socket: `{"do": "cut" | "restore", "mailbox": "<key>"}`. It stands apart
from the worker so that a store can be another machine one day.
"""

from __future__ import annotations

import json
import re
import socketserver
from pathlib import Path
from typing import Any

from casier.engines.running import run_tool
from casier.kernel.instance import Instance

_CYR_DENY = "/usr/lib/cyrus/bin/cyr_deny"
# A mailbox key is an address; nothing that a command could take for an option or a path.
_MAILBOX = re.compile(r"[^\s/\"'\\%*\x00-\x1f-][^\s/\"'\\%*\x00-\x1f]{0,254}")
_MAX_LINE = 4096


class BadRequest(Exception):
    """The line asks for nothing that the agent does."""


def command(request: Any, config: Path) -> list[str]:
    """The command that REQUEST stands for. Raises BadRequest."""
    mailbox = request.get("mailbox") if isinstance(request, dict) else None
    if not isinstance(mailbox, str) or not _MAILBOX.fullmatch(mailbox):
        raise BadRequest("mailbox: not a mailbox key")
    match request.get("do"):
        case "cut":
            # only IMAP: mail goes on being delivered, and the web is shut at the edge
            return [_CYR_DENY, "-C", str(config), "-s", "imap", "-m", "suspended", mailbox]
        case "restore":
            return [_CYR_DENY, "-C", str(config), "-a", mailbox]
    raise BadRequest("do: neither cut nor restore")


def answer(text: bytes, config: Path) -> dict[str, Any]:
    """Do what the line TEXT asks; failures are facts, not exceptions."""
    try:
        words = command(json.loads(text), config)
    except (BadRequest, ValueError) as error:
        return {"ok": False, "error": str(error)}
    code, said = run_tool(words, seconds=20)
    return {"ok": True} if code == 0 else {"ok": False, "error": said or f"cyr_deny ended with {code}"}


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    config: Path


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 30

    def handle(self) -> None:
        text = self.rfile.readline(_MAX_LINE)
        if text:
            self.wfile.write(json.dumps(answer(text, self.server.config)).encode() + b"\n")


def main() -> None:
    """Serve until ended."""
    instance = Instance.load()
    path = instance.socket("agent", "casier", "agent.sock")
    path.unlink(missing_ok=True)
    with _Server(str(path), _Handler) as server:
        path.chmod(0o666)
        server.config = instance.etc / "cyrus" / "imapd.conf"
        server.serve_forever()


if __name__ == "__main__":
    main()
