"""What the platform writes about links: the code for a recipient, the bad news for a sender."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid

from django.utils import translation
from django.utils.translation import gettext as _

from casier.directory.access import primary_address
from casier.directory.models import Academy
from casier.mailbox.links.codes import LIFE_SECONDS
from casier.mailbox.links.models import Link, State

Post = Callable[[EmailMessage], None]


def code_letter(link: Link, address: str, code: str, language: str) -> EmailMessage:
    """The letter with a code. It holds no link: people are taught to distrust what asks for a click."""
    spaced = f"{code[:4]} {code[4:]}"
    with translation.override(language):
        subject = _("%(code)s : votre code pour le fichier de %(sender)s")
        paragraphs = (
            _("Bonjour,"),
            _("Votre code : %(code)s"),
            _(
                "Recopiez-le dans la page où vous l’avez demandé, dans les %(minutes)d minutes. Il ouvre le "
                "fichier que %(sender)s (%(academy)s) vous a envoyé."
            ),
            _(
                "Vous n’avez rien demandé ? Ignorez ce message : sans le code, personne n’ouvre le fichier. "
                "Ne donnez ce code à personne."
            ),
        )
        facts = {
            "code": spaced,
            "minutes": LIFE_SECONDS // 60,
            "sender": link.account.person.full_name,
            "academy": link.account.academy.name,
        }
        texts = [text % facts for text in paragraphs]
        return _letter(link.account.academy, address, subject % facts, texts)


def refused_letter(link: Link) -> EmailMessage:
    """To the sender: the file was taken back before anyone could fetch it, and why."""
    user = getattr(link.account, "user", None)
    with translation.override(getattr(user, "locale", "fr")):
        subject = _("« %(name)s » n’a pas été mis à disposition") % {"name": link.name}
        reason = (
            _("L’antivirus y a trouvé un contenu dangereux (%(finding)s).") % {"finding": link.finding}
            if link.state == State.INFECTED
            else _(
                "L’antivirus ne peut pas l’examiner : archive protégée par un mot de passe, abîmée, ou trop "
                "volumineuse pour être vérifiée."
            )
        )
        after = _(
            "Le fichier a été supprimé ; personne n’a pu le télécharger. Ceux à qui vous l’avez envoyé en "
            "sont avertis sur la page du lien."
        )
        address = primary_address(link.account)
        return _letter(link.account.academy, address, subject, [_("Bonjour,"), reason, after])


def _letter(academy: Academy, to: str, subject: str, paragraphs: list[str]) -> EmailMessage:
    domain = academy.domains.filter(is_primary=True).values_list("name", flat=True).first() or "localhost"
    letter = EmailMessage()
    letter["From"] = f"ne-pas-repondre@{domain}"
    letter["To"] = to
    letter["Subject"] = " ".join(subject.split())
    letter["Message-ID"] = make_msgid(domain=domain)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n\n".join(paragraphs) + "\n")
    return letter
