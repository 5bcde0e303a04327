"""What the pages of second factors say."""

from __future__ import annotations

from datetime import datetime

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.identity.factors.api import Delayed, Wrong


def title_of(method: str) -> str:
    """What METHOD is called."""
    return {
        "webauthn": _("Clé d’accès ou clé de sécurité"),
        "totp": _("Application de codes"),
        "sms": _("Code par SMS"),
        "voice": _("Code par appel vocal"),
        "recovery_codes": _("Code de secours"),
        "password": _("Mot de passe"),
    }[method]


def missing(method: str) -> str:
    """Nothing was typed."""
    return _("Indiquez votre mot de passe.") if method == "password" else _("Saisissez le code.")


def refusal_of(method: str, outcome: Wrong | Delayed) -> str:
    """Why the factor wasn't taken, and what to do."""
    seconds = outcome.wait if isinstance(outcome, Wrong) else outcome.seconds
    if seconds < 0:
        return _("Trop d’essais ont échoué : votre second facteur est bloqué. Contactez l’assistance.")
    if seconds:
        return _("Trop d’essais ont échoué. Patientez %(delay)s avant de recommencer.") % {
            "delay": in_words(seconds)
        }
    return {
        "webauthn": _("Cette clé n’a pas été reconnue. Recommencez, ou choisissez un autre moyen."),
        "totp": _(
            "Ce code n’est pas le bon, ou il a déjà servi. Attendez que l’application en affiche un nouveau."
        ),
        "recovery_codes": _("Ce code de secours n’est pas le bon, ou il a déjà servi."),
        "password": _("Ce mot de passe n’est pas le bon."),
    }.get(method, _("Ce code n’est pas le bon ou n’est plus valable. Demandez-en un autre."))


def in_words(seconds: int) -> str:
    """A delay: « 30 secondes », « 2 minutes »."""
    if seconds < 60:
        return ngettext("%(count)d seconde", "%(count)d secondes", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def day_of(moment: datetime) -> str:
    """« mardi 24 novembre »."""
    return dateformat.format(timezone.localtime(moment), "l j F")
