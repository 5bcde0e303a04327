"""Handing a message of the platform's own to Postfix: the one place, for whoever writes."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from django.conf import settings

from casier.edge.policy import signed_header
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Port

_SECONDS = 20
_FOR_GOOD = 500


class RefusedForGood(Unavailable):
    """Postfix doesn't want it, now or later: trying again changes nothing."""

    code = "refused"


def post(letter: EmailMessage, *, answers: bool = True) -> None:
    """Hand LETTER to Postfix. Raises Unavailable when it isn't taken (RefusedForGood: it never will be).

    ANSWERS: whether what can't be delivered comes back to its sender; without, it is forgotten.
    """
    instance = settings.CASIER_INSTANCE
    name, _separator, value = signed_header("platform", instance.key("header")).partition(": ")
    content = f"{name}: {value}\r\n".encode() + letter.as_bytes(policy=SMTP)
    sender = parseaddr(str(letter["From"]))[1] if answers else ""
    to = parseaddr(str(letter["To"]))[1]
    try:
        with smtplib.SMTP(
            "127.0.0.1", instance.port(Port.POSTFIX_PLATFORM), local_hostname="localhost", timeout=_SECONDS
        ) as smtp:
            smtp.sendmail(sender, [to], content)
    except (OSError, smtplib.SMTPException) as error:
        kind = RefusedForGood if _for_good(error) else Unavailable
        raise kind(f"smtp: {type(error).__name__}", part="postfix") from error


def _for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FOR_GOOD for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _FOR_GOOD
