"""Messages put into a demo mailbox, for what the demonstration has no example of."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import Any

from journeys.running import RunningInstance


def append(instance: RunningInstance, account: dict[str, Any], message: EmailMessage) -> None:
    """Put MESSAGE into the inbox of ACCOUNT, as unread, by the command that imports mail."""
    with tempfile.TemporaryDirectory(prefix="casier-t-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "message.eml"
        file.write_bytes(message.as_bytes())
        file.chmod(0o644)
        instance.casier("mail", "import", account["address"], str(file))


def letter(
    subject: str, html: str | None = None, text: str = "", ago: timedelta = timedelta()
) -> EmailMessage:
    """A message from outside, sent that long AGO, with TEXT and, if given, HTML."""
    message = EmailMessage()
    message["From"] = "Une correspondante <correspondante@exemple.fr>"
    message["To"] = "claire.lefevre@ac-normandie.fr"
    message["Subject"] = subject
    message["Date"] = format_datetime(localtime() - ago)
    message["Message-ID"] = make_msgid(domain="exemple.fr")
    message.set_content(text or "Texte seul.")
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message
