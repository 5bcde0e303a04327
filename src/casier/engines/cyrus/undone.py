"""Deliveries that were under way when everything was killed: the store may have them whole, and nobody knows.

Where the message was stored and its note (`deliver.db`) was not, nothing is torn and Cyrus says nothing, but
Postfix delivers it once more. What was under way can be told from the end of the log: the last message of
each LMTP process. They are few, at most one a process, and looking at a folder in vain costs little.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

_TAIL = 1 << 18
# A delivery takes as long as its lock and the disk let it; LMTP's processes end after a minute without work.
_RECENT = timedelta(minutes=1)
_APPENDED = re.compile(
    rb"^(\S{26})Z \w+ casier/lmtp\[(\d+)\]: auditlog: append \S+ mailbox=<[^>]*> uniqueid=<([\w-]{1,64})>",
    re.MULTILINE,
)
_LINE = re.compile(rb"^(\S{26})Z ", re.MULTILINE)


def last_folders(tail: bytes) -> set[str]:
    """The unique ids of the folders that LMTP processes stored into last, at the end of the log's TAIL."""
    end = max((found for found in map(_time, _LINE.findall(tail)) if found), default=None)
    last = {pid: (_time(at), folder.decode("ascii")) for at, pid, folder in _APPENDED.findall(tail)}
    return {folder for at, folder in last.values() if at and end and end - at <= _RECENT}


def under_way(log: Path) -> set[str]:
    """The folders that may hold what was being delivered when LOG ended. Never raises."""
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return last_folders(file.read(_TAIL))
    return set()


def _time(text: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(text.decode("ascii"))
    except ValueError:
        return None
