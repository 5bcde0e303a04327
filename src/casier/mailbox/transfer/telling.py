"""Telling somebody that a job is over: in the bell, and by a letter where they asked for one."""

from __future__ import annotations

import logging
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from casier.directory.access import primary_address
from casier.directory.models import Account
from casier.identity.dispatch.post import post
from casier.kernel.errors import Unavailable
from casier.mailbox.notifications.actions import tell

log = logging.getLogger(__name__)
_UNITS = {"fr": ("octets", "Ko", "Mo", "Go"), "en": ("bytes", "kB", "MB", "GB")}


def tell_person(account: Account, title: str, text: str, key: str, now: datetime, *, letter: bool) -> None:
    """Once for each KEY, however often it is tried. A letter that isn't taken is logged: the bell has it."""
    tell(account, title, text, key, now)
    if not letter:
        return
    domain = account.academy.domains.filter(is_primary=True).values_list("name", flat=True).first()
    mail = EmailMessage()
    mail["From"], mail["To"] = f"ne-pas-repondre@{domain or 'localhost'}", primary_address(account)
    mail["Subject"], mail["Auto-Submitted"] = title, "auto-generated"
    mail["Message-ID"] = make_msgid(key, domain=domain or "localhost")
    mail.set_content(f"{text}\n")
    try:
        post(mail)
    except Unavailable as error:
        log.warning("no letter about %s: %s (%s)", key, error, error.reference)


def told_size(octets: int, language: str) -> str:
    """Thousands of bytes, one decimal below ten, as the web client writes sizes."""
    value, unit, units = float(octets), 0, _UNITS[language]
    while value >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    text = f"{value:.1f}" if unit and value < 9.95 else f"{value:.0f}"
    return f"{text.replace('.', ',') if language == 'fr' else text}\u00a0{units[unit]}"
