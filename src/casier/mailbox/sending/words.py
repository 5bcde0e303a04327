"""Why a message was not sent, for the person who wrote it."""

from __future__ import annotations

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casier.mailbox.sending.outcome import Refused
from casier.mailbox.sending.submission import words_in

_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


def reason_for(outcome: Refused) -> str:
    """One or two sentences in the language in force, then what becomes of the message."""
    if outcome.kind == "draftGone":
        return _("Le brouillon n’existe plus : il a été supprimé avant l’envoi.")
    cause = _known_kind(outcome) or _known_reply(outcome.text) or _as_said(outcome.text)
    kept = _("Le message reste dans vos brouillons.")
    return f"{cause} {kept}"


def _known_kind(outcome: Refused) -> str:
    """Reasons that say all there is to say."""
    return {
        "gaveUp": _("Le message n’a pas pu partir en vingt-quatre heures."),
        "signatureMissing": _("Il manque la signature que votre académie demande."),
        "noRecipients": _("Le message n’a pas de destinataire."),
    }.get(outcome.kind, "")


def _known_reply(text: str) -> str:
    """Refusals of our own engines, told by what they say for certain."""
    said, address = text.lower(), _ADDRESS.search(text)
    if address and ("user unknown" in said or "5.1.1" in said):
        return _("L’adresse %(address)s n’existe pas.") % {"address": address.group(1)}
    signs = (
        (("virus",), _("Le message contient un virus.")),
        (
            ("marked sensitive",),
            _(
                "Le message est marqué « sensible » : "
                "ses fichiers partent par lien sécurisé, jamais en pièce jointe."
            ),
        ),
        (("not yours",), _("Vous ne pouvez pas écrire depuis cette adresse.")),
        (("5.3.4", "5.2.3", "message too large"), _("Le message est trop volumineux.")),
        (("5.2.2", "over quota"), _("La boîte du destinataire est pleine.")),
        (("5.1.3", "bad recipient"), _("Une adresse de destinataire est mal écrite.")),
    )
    return next((cause for texts, cause in signs if any(text in said for text in texts)), "")


def _as_said(text: str) -> str:
    """What the engine said; of its two languages, the one in force."""
    said = words_in(text)
    if not said:
        return _("Le message a été refusé.")
    french, _slash, english = said.partition(" / ")
    own = english if english and (get_language() or "").startswith("en") else french
    return _("Le serveur de messagerie a répondu : « %(said)s ».") % {"said": own.rstrip(".")}
