"""The note that stands in the place of a message that was taken out: French first, then English."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP, default
from email.utils import format_datetime

from casier.engines.clamav.clamd import Finding
from casier.kernel.words import Words
from casier.mailbox.arrivals.models import Quarantined

KEPT_DAYS = 30
HEAD = 64 * 1024
_SHOWN = 200
_REASONS: dict[str, Words] = {
    Finding.VIRUS: ("virus reconnu ({})", "a known virus ({})"),
    Finding.NOT_SCANNABLE: (
        "contenu que l’antivirus ne peut pas examiner : archive ou document à mot de passe, "
        "ou archive démesurée ({})",
        "content that the antivirus can’t look into: an archive or document with a password, "
        "or an outsize archive ({})",
    ),
}
_FRENCH = """\
L’antivirus a retiré de ce dossier un message qu’un programme de courrier y avait déposé.

Objet : {subject}
De : {sender}
Date : {date}
Dossier : {folder}
Raison : {reason}
Référence : {reference}

Le message est gardé à l’écart pendant {days} jours. S’il vous est nécessaire, donnez cette référence
à l’assistance. Si vous n’attendiez rien de tel, faites vérifier l’appareil d’où il vient.
"""
_ENGLISH = """\
The antivirus has taken out of this folder a message that a mail program had put there.

Subject: {subject}
From: {sender}
Date: {date}
Folder: {folder}
Reason: {reason}
Reference: {reference}

The message is kept apart for {days} days. If you need it, give this reference to the help desk.
If you expected nothing of the kind, have the device it comes from checked.
"""


def note(taken: Quarantined, head: bytes, folder: str, now: datetime) -> bytes:
    """The note about TAKEN, whose message begins with HEAD, for readers of either language."""
    facts = {
        **_shown(head),
        "folder": folder,
        "reference": taken.reference,
        "days": KEPT_DAYS,
    }
    french, english = (words.format(taken.detail) for words in _REASONS[taken.finding])
    domain = taken.owner.rpartition("@")[2] or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Antivirus <ne-pas-repondre@{domain}>"
    message["To"] = taken.owner
    message["Subject"] = f"Message retiré par l’antivirus [{taken.reference}]"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{taken.reference}@{domain}>"
    message["X-Casier-Quarantine"] = taken.reference
    message["Auto-Submitted"] = "auto-generated"
    text = _FRENCH.format(**facts, reason=french) + "\n— — —\n\n" + _ENGLISH.format(**facts, reason=english)
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def _shown(head: bytes) -> dict[str, str]:
    """What the message said of itself; it is an attacker's word, so on one line and cut."""
    headers = BytesHeaderParser(policy=default).parsebytes(head[:HEAD])
    return {
        "subject": _plain(headers, "Subject"),
        "sender": _plain(headers, "From"),
        "date": _plain(headers, "Date"),
    }


def _plain(headers: Message, name: str) -> str:
    """One header in a line of its own; the library fails in many ways on a header made to fail it."""
    try:
        value = str(headers[name] or "")
    except (ValueError, LookupError, AttributeError, TypeError):
        value = ""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return re.sub(r"\s+", " ", printable).strip()[:_SHOWN] or "–"
