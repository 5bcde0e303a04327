"""What other rooms may have sent. Each call writes a row in the caller's transaction; the worker sends it.

Nothing is sent when the transaction is undone, nothing is lost when it isn't. What is written is sealed in
the database and erased once it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casier.directory.models import Academy, Account
from casier.identity.dispatch import actions
from casier.identity.dispatch.actions import Asked
from casier.identity.dispatch.fate import Fate
from casier.identity.dispatch.gateways.chosen import can_speak, can_text
from casier.identity.dispatch.letters import Letter
from casier.identity.dispatch.models import Dispatch, Kind
from casier.kernel.errors import Unavailable

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
    user = getattr(account, "user", None)
    return "en" if user is not None and user.locale.startswith("en") else "fr"


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
    return actions.queue(Asked(Kind.MAIL, to, letter.as_data(), why, account, academy, until)).id.hex


def put_into_mailbox(account: Account, letter: Letter, *, why: str, until: datetime | None = None) -> str:
    """A letter into the person's own mailbox; the id of the row."""
    asked = Asked(Kind.MAILBOX, "", letter.as_data(), why, account, account.academy, until)
    return actions.queue(asked).id.hex


def write_sms(
    number: str, text: str, *, why: str, account: Account | None = None, until: datetime | None = None
) -> str:
    """A text message to an E.164 number; the id of the row. Raises Unavailable when no gateway takes text."""
    if not can_text():
        raise Unavailable("no gateway takes text messages", part="telephone")
    academy = account.academy if account else None
    return actions.queue(Asked(Kind.SMS, number, {"text": text}, why, account, academy, until)).id.hex


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
    if not can_speak():
        raise Unavailable("no gateway speaks", part="telephone")
    academy = account.academy if account else None
    content: dict[str, object] = {"code": code, "language": language}
    return actions.queue(Asked(Kind.VOICE, number, content, why, account, academy, until)).id.hex


def can_call() -> bool:
    """Whether a gateway for spoken codes is configured, and none of them is known to be down."""
    return can_speak()


def fate_of(dispatched_id: str) -> Dispatched | None:
    """What became of it; None once it is forgotten."""
    row = Dispatch.objects.filter(pk=uuid.UUID(dispatched_id)).first()
    return _told(row) if row else None


def dispatched(account: Account, most: int = 50) -> Sequence[Dispatched]:
    """What was sent to or about ACCOUNT, the latest first: for the help desk."""
    rows = Dispatch.objects.filter(account=account).order_by("-created_at")[:most]
    return [_told(row) for row in rows]


def _told(row: Dispatch) -> Dispatched:
    return Dispatched(
        row.id.hex, row.kind, row.hint, row.why, Fate(row.state), row.reason, row.gateway, row.tries,
        row.created_at, row.done_at,
    )  # fmt: skip
