"""How the office part is spoken to: one line of JSON each way, then as many bytes as it says."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from casier.kernel.instance import Instance

LINE_BYTES = 4096
ANSWER_SECONDS = 20
State = Literal["ready", "working", "queued", "failed", "unknown"]


class NoOffice(Exception):
    """The part isn't there, or says nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a document is: `reason` where it failed, `ahead` how many come before it in the queue."""

    state: State
    reason: str = ""
    ahead: int = 0


def office_socket(instance: Instance) -> Path:
    """Where the part listens."""
    return instance.socket("office", "casier", "office.sock")


def read_line(stream: BinaryIO) -> dict[str, Any]:
    """One line. Raises ValueError where it is none of ours."""
    line = stream.readline(LINE_BYTES)
    if not line.endswith(b"\n"):
        raise ValueError("no whole line")
    found = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def written(line: dict[str, Any]) -> bytes:
    """LINE as it is sent."""
    return json.dumps(line).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Office:
    """The part, seen from the platform. Every method raises NoOffice."""

    path: Path

    def ask(self, key: str) -> Standing:
        """How far the document KEY is."""
        return _standing(self._exchange({"do": "state", "key": key})[0])

    def convert(self, key: str, kind: str, owner: str, content: bytes) -> Standing:
        """Have CONTENT converted on behalf of OWNER; what is known of KEY already isn't done again."""
        line = {"do": "convert", "key": key, "kind": kind, "owner": owner, "size": len(content)}
        return _standing(self._exchange(line, content)[0])

    def fetch(self, key: str) -> bytes | None:
        """The PDF; None where it isn't there (any more)."""
        line, content = self._exchange({"do": "fetch", "key": key})
        return content if line.get("ok") else None

    def _exchange(self, line: dict[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(ANSWER_SECONDS)
                connection.connect(str(self.path))
                connection.sendall(written(line) + content)
                with connection.makefile("rb") as stream:
                    answer = read_line(stream)
                    size = int(answer.get("size", 0))
                    body = stream.read(size)
        except (OSError, ValueError, TypeError) as error:
            raise NoOffice(type(error).__name__) from error
        if len(body) != size:
            raise NoOffice("cut short")
        return answer, body


def _standing(line: dict[str, Any]) -> Standing:
    return Standing(line.get("state", "unknown"), str(line.get("reason", "")), int(line.get("ahead", 0)))
