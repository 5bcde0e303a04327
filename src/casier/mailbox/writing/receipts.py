"""Read receipts (RFC 8098): telling a sender, when a person wants it told, that their message was read.

The store of Debian 12 speaks a draft of JMAP's MDN extension, that of Debian 13 another; and neither knows
an alias or a shared mailbox. So the platform writes the notification itself and hands it in like what people
send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any

from django.utils.translation import gettext as _

from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached, Session
from casier.mailbox.sending.outcome import Sent
from casier.mailbox.sending.transport import Envelope, Transport

WANTED = "header:Disposition-Notification-To:asAddresses"
ANSWERED = "$mdnsent"
_PROPERTIES = ["to", "cc", "subject", "messageId", "keywords", "sentAt", "references", WANTED]


class NoReceiptWanted(CasierError):
    """Nobody asked for a receipt for this message, or it was answered."""

    code = "no_receipt_wanted"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who read: the mailbox key that acts, the mailbox, and the addresses that may be named."""

    person: str
    mailbox_key: str
    name: str
    addresses: tuple[str, ...]  # the main one first


@dataclass(frozen=True, slots=True)
class Read:
    """A message that was read, as far as its receipt needs it."""

    wanted_by: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    sent_at: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Telling:
    """When it is told, and whether the person was asked or has chosen once for all."""

    now: datetime
    by_itself: bool = False


def send_receipt(store: Jmap, transport: Transport, reader: Reader, email_id: str, telling: Telling) -> None:
    """Tell once that the message was read. Raises NoReceiptWanted, Unavailable."""
    try:
        with store.acting_for(reader.person) as session:
            read = _look(session, reader, email_id)
            # Marked first: two browsers must not tell it twice.
            _mark(session, reader.mailbox_key, email_id, answered=True)
            envelope = Envelope(reader.person, read.recipient, (read.wanted_by,))
            message = receipt(reader, read, telling).as_bytes(policy=SMTP)
            outcome = transport.hand_over(envelope, lambda: _pieces(message))
            if not isinstance(outcome, Sent):
                _mark(session, reader.mailbox_key, email_id, answered=False)
                raise Unavailable("transport", cause=str(outcome))
    except (NotReached, NoAnswer) as error:
        raise Unavailable("store", cause=str(error.facts)) from error


def _pieces(message: bytes) -> Iterator[bytes]:
    yield message


def _look(session: Session, reader: Reader, email_id: str) -> Read:
    arguments = {"accountId": reader.mailbox_key, "ids": [email_id], "properties": _PROPERTIES}
    found: list[dict[str, Any]] = session.call(("Email/get", arguments, "e"))["e"]["list"]
    if not found or ANSWERED in found[0]["keywords"] or not found[0].get(WANTED):
        raise NoReceiptWanted(email=email_id)
    email = found[0]
    return Read(
        wanted_by=str(email[WANTED][0]["email"]),
        subject=email.get("subject") or "",
        message_id=(email.get("messageId") or [""])[0],
        references=tuple(email.get("references") or ()),
        sent_at=email.get("sentAt") or "",
        recipient=_addressed(reader, [*(email.get("to") or []), *(email.get("cc") or [])]),
    )


def _addressed(reader: Reader, people: list[dict[str, Any]]) -> str:
    """The reader's address that the message was sent to; their main one when it names none."""
    named = {str(each.get("email", "")).lower() for each in people}
    return next((address for address in reader.addresses if address in named), reader.addresses[0])


def _mark(session: Session, mailbox_key: str, email_id: str, *, answered: bool) -> None:
    patch = {f"keywords/{ANSWERED}": True if answered else None}
    session.call(("Email/set", {"accountId": mailbox_key, "update": {email_id: patch}}, "m"))


def receipt(reader: Reader, read: Read, telling: Telling) -> EmailMessage:
    """The notification: words for people, then fields for programs (RFC 8098 §3)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((reader.name, read.recipient))
    message["To"] = read.wanted_by
    message["Subject"] = _("Lu : %(subject)s") % {"subject": " ".join(read.subject.split())}
    message["Date"] = format_datetime(telling.now)
    message["Message-ID"] = make_msgid(domain=read.recipient.rsplit("@", 1)[-1])
    if read.message_id:
        message["In-Reply-To"] = f"<{read.message_id}>"
        message["References"] = " ".join(f"<{each}>" for each in (*read.references[-20:], read.message_id))
    message["Auto-Submitted"] = "auto-replied"
    message.add_header("MIME-Version", "1.0")
    message.add_header("Content-Type", "multipart/report", report_type="disposition-notification")
    message.set_param("report-type", "disposition-notification")
    message.attach(_words(read))
    message.attach(_fields(read, telling.by_itself))
    return message


def _words(read: Read) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    said = _(
        "Votre message « %(subject)s » a été affiché par %(reader)s.\n\n"
        "Cet accusé dit que le message a été affiché, non qu’il a été lu jusqu’au bout ni compris.\n"
    )
    part.set_content(said % {"subject": read.subject, "reader": read.recipient}, cte="quoted-printable")
    del part["MIME-Version"]
    return part


def _fields(read: Read, by_itself: bool) -> EmailMessage:
    lines = ["Reporting-UA: casier; Casier", f"Final-Recipient: rfc822;{read.recipient}"]
    if read.message_id:
        lines.append(f"Original-Message-ID: <{read.message_id}>")
    mode = "automatic-action/MDN-sent-automatically" if by_itself else "manual-action/MDN-sent-manually"
    lines.append(f"Disposition: {mode}; displayed")
    part = EmailMessage(policy=SMTP)
    part.add_header("Content-Type", "message/disposition-notification")
    part.set_payload("\r\n".join(lines) + "\r\n")
    return part
