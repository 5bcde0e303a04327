"""Which folder is whose drafts and sent messages, remembered for some minutes.

Asking for all folders each time cost as much as the rest of the question. What is remembered is put to the
proof when it is used: a move into a folder that is no more is refused, and the folders are asked for again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

KEPT_SECONDS = 600.0
MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Folders:
    """Ids of an account's special folders; "" where there is none."""

    drafts: str
    sent: str


class KnownFolders:
    """By person and account: what one may see of a shared account another may not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, Folders]] = {}

    def get(self, person: str, account: str) -> Folders | None:
        learnt, folders = self._kept.get((person, account), (0.0, None))
        return folders if folders and self._clock() - learnt < KEPT_SECONDS else None

    def learn(self, person: str, account: str, mailboxes: Iterable[dict[str, Any]]) -> Folders:
        """Take what Mailbox/get answered. Only what is whole is remembered."""
        roles = {mailbox.get("role"): str(mailbox["id"]) for mailbox in mailboxes}
        folders = Folders(roles.get("drafts", ""), roles.get("sent", ""))
        if folders.drafts and folders.sent:
            with self._lock:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[person, account] = (self._clock(), folders)
        return folders

    def forget(self, person: str, account: str) -> None:
        with self._lock:
            self._kept.pop((person, account), None)
