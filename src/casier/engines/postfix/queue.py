"""What waits in Postfix's queue."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casier.engines.engine import NotReady

# A busy queue manager may hang up before it has read the word.
_FLUSH_TRIES = 10
_FLUSH_PAUSE = 0.3
_FLUSH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One recipient that has not got the message, and why; no reason before the first attempt."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One message of the queue."""

    id: str
    queue: str  # incoming, active, deferred, hold, corrupt, maildrop
    arrived: datetime
    size: int  # bytes
    sender: str  # empty for bounces
    recipients: tuple[Waiting, ...]


def read_queue(config: Path) -> list[QueuedMessage]:
    """The queue of the Postfix configured in CONFIG, oldest first. Raises NotReady."""
    command = ["postqueue", "-c", str(config), "-j"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except subprocess.TimeoutExpired as error:
        raise NotReady("the queue could not be read within 30 seconds") from error
    if done.returncode:
        raise NotReady(f"the queue can't be read: {done.stderr.strip()}")
    return sorted(parse_queue(done.stdout), key=lambda message: (message.arrived, message.id))


def flush_queue(folder: Path) -> None:
    """Try everything that waits in FOLDER (`queue_directory`) again, now. Raises NotReady.

    A word to the queue manager does it: scan incoming and deferred, all of it, and forget what was down.
    `postqueue -f` wants the service that takes mail from local users, and there is none here.
    """
    said = ""
    for _ in range(_FLUSH_TRIES):
        try:
            with socket.socket(socket.AF_UNIX) as manager:
                manager.settimeout(_FLUSH_SECONDS)
                manager.connect(str(folder / "public" / "qmgr"))
                manager.sendall(b"IFDA")
                manager.recv(1)  # it hangs up once it has read
                return
        except OSError as error:
            said = str(error)
            time.sleep(_FLUSH_PAUSE)
    raise NotReady(f"the queue can't be flushed: {said}")


def parse_queue(text: str) -> list[QueuedMessage]:
    """One JSON object a line, as `postqueue -j` writes them (postqueue(1))."""
    return [_message(json.loads(line)) for line in text.splitlines() if line.strip()]


def _message(values: dict[str, Any]) -> QueuedMessage:
    sender = str(values["sender"])
    return QueuedMessage(
        id=str(values["queue_id"]),
        queue=str(values["queue_name"]),
        arrived=datetime.fromtimestamp(int(values["arrival_time"]), UTC),
        size=int(values["message_size"]),
        sender="" if sender == "MAILER-DAEMON" else sender,
        recipients=tuple(
            Waiting(str(one["address"]), str(one.get("delay_reason", ""))) for one in values["recipients"]
        ),
    )
