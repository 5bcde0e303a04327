"""What other rooms may have sent. Each call writes a row in the caller's transaction; the worker sends it.

Nothing is sent when the transaction is undone, nothing is lost when it isn't. What is written is sealed in the
database and erased once it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casier.directory.models import Academy, Account

__all__ = [
    "Dispatched",
    "Fate",
    "Letter",
    "call",
    "can_call",
    "can_text",
    "dispatched",
    "fate_of",
    "language_of",
    "put_into_mailbox",
    "write_mail",
    "write_sms",
]


class Fate(StrEnum):
    """How far something is."""

    WAITING = "waiting"  # to be sent, or to be tried again
    SENDING = "sending"
    SENT = "sent"  # taken by Postfix or by a gateway
    DELIVERED = "delivered"  # the network says that the telephone has it
    FAILED = "failed"  # refused for good, by all
    LATE = "late"  # it would have come too late to be of use
    DOUBTFUL = "doubtful"  # it may have been sent: not a second time


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words that are in the reader's language already. No paragraph holds HTML.

    LINK (words, address) is shown as a button; CODE stands apart in large digits. Both are secrets and live in
    the sealed row alone.
    """

    subject: str
    paragraphs: tuple[str, ...]
    language: str = "fr"
    code: str = ""
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What the help desk may see of something that was sent."""

    id: str
    kind: str  # "mail", "mailbox", "sms", "voice"
    hint: str  # to whom, masked
    why: str
    fate: Fate
    reason: str  # why it failed, a stable word
    gateway: str
    tries: int
    created_at: datetime
    done_at: datetime | None


def language_of(account: Account) -> str:
    """The language that ACCOUNT reads, `fr` or `en`."""
    raise NotImplementedError


def write_mail(
    to: str,
    academy: Academy,
    letter: Letter,
    *,
    why: str,
    account: Account | None = None,
    until: datetime | None = None,
) -> str:
    """Write to an address elsewhere; the id of the row. WHY: a stable word for the help desk (`notice`…).

    UNTIL: when it is of no use any more. ACCOUNT: of whom it tells.
    """
    raise NotImplementedError


def put_into_mailbox(account: Account, letter: Letter, *, why: str, until: datetime | None = None) -> str:
    """A letter into the person's own mailbox; the id of the row."""
    raise NotImplementedError


def write_sms(
    number: str, text: str, *, why: str, account: Account | None = None, until: datetime | None = None
) -> str:
    """A text message to an E.164 number; the id of the row. Raises Unavailable when no gateway takes text."""
    raise NotImplementedError


def call(
    number: str,
    code: str,
    language: str,
    *,
    why: str,
    account: Account | None = None,
    until: datetime | None = None,
) -> str:
    """Have CODE read out, digit by digit; the id of the row. Raises Unavailable when no gateway speaks."""
    raise NotImplementedError


def can_text() -> bool:
    """Whether a gateway for text messages is configured."""
    raise NotImplementedError


def can_call() -> bool:
    """Whether a gateway for spoken codes is configured."""
    raise NotImplementedError


def fate_of(dispatched_id: str) -> Dispatched | None:
    """What became of it; None once it is forgotten."""
    raise NotImplementedError


def dispatched(account: Account, most: int = 50) -> Sequence[Dispatched]:
    """What was sent to or about ACCOUNT, the latest first: for the help desk."""
    raise NotImplementedError
