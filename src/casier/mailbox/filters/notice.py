"""The message with the code, written by the platform."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from casier.directory.models import Account, MailDomain
from casier.identity.dispatch.post import post


def send_code(account: Account, address: str, code: str) -> None:
    """Write to ADDRESS in the person's language. Raises Unavailable."""
    user = getattr(account, "user", None)
    with translation.override(user.locale if user else settings.LANGUAGE_CODE):
        message = _message(account, address, code)
    post(message, answers=False)


def _message(account: Account, address: str, code: str) -> EmailMessage:
    domain = MailDomain.objects.filter(academy=account.academy).order_by("-is_primary", "name").first()
    message = EmailMessage()
    message["From"] = f"ne-pas-repondre@{domain.name if domain else ''}"
    message["To"] = address
    message["Subject"] = _("Votre code : %(code)s") % {"code": code}
    message["Message-ID"] = make_msgid(domain=domain.name if domain else None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        _(
            "Bonjour,\n\n%(name)s demande que du courrier de sa boîte académique soit envoyé "
            "à cette adresse.\n\n"
            "Code à saisir dans la messagerie : %(code)s\n\nIl est valable trente minutes. "
            "Si vous n’avez rien demandé, ne communiquez ce code à personne : rien ne vous sera envoyé.\n"
        )
        % {"name": account.person.full_name, "code": code}
    )
    return message
