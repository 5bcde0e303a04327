"""What the pages of means say when something isn't as it should be."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.identity.dispatch.api import Fate


def why_not(why: str) -> str:
    """Why an address or a number isn't taken, and what to do."""
    known = {
        "not_an_address": _("Cette adresse est incomplète. Exemple : prenom.nom@laposte.net"),
        "other_letters": _(
            "Cette adresse contient une lettre accentuée ou d’un autre alphabet. Recopiez-la au clavier."
        ),
        "own_domain": _(
            "Cette adresse est celle de votre messagerie professionnelle : vous ne pourriez pas la lire le "
            "jour où vous en auriez besoin. Donnez une adresse personnelle."
        ),
        "looks_like_own": _(
            "Cette adresse imite celle de votre académie. Vérifiez ce qui suit le @, ou donnez-en une autre."
        ),
        "nowhere": _("Aucun message ne peut arriver à cette adresse. Vérifiez ce qui suit le @."),
        "not_a_number": _("Ce numéro est incomplet. Exemple : 06 12 34 56 78"),
        "country": _("Ce numéro est d’un pays où nous n’envoyons pas de code. Donnez-en un autre."),
        "premium": _(
            "Ce numéro est surtaxé ou partagé : aucun code ne peut y être envoyé. Donnez le vôtre, mobile ou "
            "fixe."
        ),
        "too_many": _("Vous en avez déjà deux. Retirez-en un avant d’en ajouter un autre."),
    }
    return known[why]


def too_many(seconds: int) -> str:
    """Codes were asked for too often; when it may be tried again."""
    minutes = max(1, -(-seconds // 60))
    if minutes > 90:
        hours = -(-minutes // 60)
        return ngettext(
            "Trop de codes ont été demandés. Réessayez dans %(count)d heure.",
            "Trop de codes ont été demandés. Réessayez dans %(count)d heures.",
            hours,
        ) % {"count": hours}
    return ngettext(
        "Trop de codes ont été demandés. Réessayez dans %(count)d minute.",
        "Trop de codes ont été demandés. Réessayez dans %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def no_answer() -> str:
    """No gateway to telephones answers."""
    return _(
        "L’envoi vers les téléphones est interrompu en ce moment. Rien n’est perdu : réessayez dans quelques "
        "minutes, ou donnez une adresse."
    )


def wrong_code(left: int) -> str:
    """What was typed isn't the code."""
    if not left:
        return _("Ce code ne peut plus servir. Demandez-en un autre ci-dessous.")
    return ngettext(
        "Ce n’est pas le bon code. Il reste %(count)d essai.",
        "Ce n’est pas le bon code. Il reste %(count)d essais.",
        left,
    ) % {"count": left}


def fate_told(fate: Fate | None) -> str:
    """What became of the message, where it isn't on its way; "" where there is nothing to tell."""
    if fate is Fate.FAILED:
        return _("Le message n’a pas pu partir. Vérifiez l’adresse ou le numéro.")
    if fate is Fate.LATE:
        return _("Le message n’a pas pu partir à temps. Demandez un autre code.")
    if fate is Fate.DOUBTFUL:
        return _("Nous ne savons pas si le message est arrivé. Sans nouvelles, demandez un autre code.")
    return ""
