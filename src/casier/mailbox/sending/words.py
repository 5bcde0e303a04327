"""Why a message was not sent, for the person who wrote it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casier.mailbox.sending.submission import Refused, words_in


def reason_for(outcome: Refused) -> str:
    """One or two sentences, in the language in force; what the engine said is added where it tells more."""
    sentence = _sentences().get(outcome.kind)
    said = words_in(outcome.text)
    if sentence is None:
        sentence = _("Le message n’a pas été accepté. Il reste dans vos brouillons.")
    if outcome.kind in _TELLS_ENOUGH or not said:
        return sentence
    return _("%(sentence)s Réponse du serveur : %(said)s") % {"sentence": sentence, "said": said}


_TELLS_ENOUGH = frozenset({"draftGone", "gaveUp", "tooLarge", "noRecipients"})


def _sentences() -> dict[str, str]:
    drafts = _("Le message reste dans vos brouillons.")
    return {
        "draftGone": _("Le brouillon n’existe plus : il a été supprimé avant l’envoi."),
        "gaveUp": _("Le message n’a pas pu partir en vingt-quatre heures.") + " " + drafts,
        "tooLarge": _("Le message est trop volumineux.") + " " + drafts,
        "noRecipients": _("Le message n’a pas de destinataire.") + " " + drafts,
        "tooManyRecipients": _("Le message a été refusé, peut-être pour son nombre de destinataires.")
        + " "
        + drafts,
        "invalidRecipients": _("Une adresse de destinataire a été refusée.") + " " + drafts,
        "forbiddenFrom": _("Vous ne pouvez pas écrire depuis cette adresse.") + " " + drafts,
        "forbiddenMailFrom": _("Vous ne pouvez pas écrire depuis cette adresse.") + " " + drafts,
        "forbiddenToSend": _("L’envoi a été refusé.") + " " + drafts,
    }
