"""What the transport's log tells of a message: the last witness when its sender died in the act."""

from __future__ import annotations

import os
import re
from pathlib import Path

# Postfix's log of the last minutes; a try is looked at again within seconds to minutes.
TAIL_BYTES = 8_000_000


def was_accepted(log: Path, message_id: str) -> bool:
    """Whether Postfix queued a message with this Message-ID.

    `cleanup` notes the Message-ID of what is refused afterwards too; only what was accepted reaches `qmgr`.
    """
    # A log that has just been rotated has its last minutes in the file before.
    text = _tail(log.with_name(f"{log.name}.1")) + _tail(log)
    plain = message_id.strip("<>")
    queued = re.findall(rf"([0-9A-Za-z]{{6,}}): message-id=<{re.escape(plain)}>", text)
    return any(re.search(rf"qmgr\[\d+\]: {queue_id}: from=<", text) for queue_id in set(queued))


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
