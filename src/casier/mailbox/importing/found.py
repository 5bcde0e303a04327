"""What reading yields: messages, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# Larger than any message that Casier itself accepts: 100 MB attached is 140 MB once encoded.
MESSAGE_LIMIT = 150_000_000

Folder = tuple[str, ...]
"""A folder's path from the root of the mailbox; `()` is the inbox."""


class Reason(StrEnum):
    """Why something was not imported. Stable codes: `--json` prints them."""

    EMPTY = "empty"
    NOT_MAIL = "not_mail"
    TOO_LARGE = "too_large"
    FILE_ERROR = "file_error"
    DAMAGED_ARCHIVE = "damaged_archive"
    ENCRYPTED = "encrypted"
    NESTED_ARCHIVE = "nested_archive"
    BOMB = "bomb"
    TOO_MANY = "too_many"
    CUT_SHORT = "cut_short"
    VIRUS = "virus"
    UNSCANNABLE = "unscannable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something lies in what was given: the file, and the place inside it."""

    path: str
    position: str = ""

    def __str__(self) -> str:
        return f"{self.path} ({self.position})" if self.position else self.path


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was found, nothing changed but the mbox's own quoting and state lines."""

    origin: Origin
    content: bytes = field(repr=False)
    folder: Folder = ()
    flags: frozenset[str] = frozenset()
    # What the container says (an mbox's From_ line, a file's time); headers are asked first.
    container_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no message, or no longer one."""

    origin: Origin
    reason: Reason
    detail: str = ""


Found = Message | Unreadable
