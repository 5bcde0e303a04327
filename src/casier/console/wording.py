"""What the console and the command line say of states, causes and acts, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from casier.console.acting import Act
from casier.console.person import Cause


@dataclass(frozen=True, slots=True)
class ActWords:
    """An act as its page tells it: the verb, what it will do, and what was done."""

    verb: str
    effects: tuple[str, ...]
    done: str
    danger: bool = False


def act_words(act: Act, language: str) -> ActWords:
    """The words for ACT."""
    with translation.override(language):
        return _acts()[act]


def _acts() -> dict[Act, ActWords]:
    return {
        Act.UNLOCK: ActWords(
            _("Débloquer"),
            (
                _("Les essais comptés jusqu’ici sont oubliés ; chaque chemin vers le compte se rouvre."),
                _("Le mot de passe et les secondes preuves restent les mêmes."),
            ),
            _("Le compte est débloqué."),
        ),
        Act.SUSPEND: ActWords(
            _("Suspendre"),
            (
                _("Le compte est hors d’accès en une seconde, partout : navigateur, téléphone, logiciels."),
                _("Le courrier continue d’arriver. Rien n’est effacé."),
            ),
            _("Le compte est suspendu."),
            danger=True,
        ),
        Act.RESUME: ActWords(
            _("Lever la suspension"),
            (
                _("La personne peut de nouveau se connecter, avec le même mot de passe."),
                _("Si son mot de passe est connu d’un autre, réinitialisez-le d’abord."),
            ),
            _("La suspension est levée."),
        ),
        Act.SIGN_OUT: ActWords(
            _("Déconnecter partout"),
            (
                _("Les sessions ouvertes dans un navigateur se ferment ; les brouillons restent."),
                _("Les mots de passe d’application ne changent pas."),
            ),
            _("La personne est déconnectée partout."),
        ),
    }


def cause_words(cause: Cause, language: str) -> tuple[str, str]:
    """Why someone can't get in, and what repairs it."""
    with translation.override(language):
        until = (
            _("Jusqu’au %(moment)s.") % {"moment": moment_words(cause)}
            if cause.until
            else _("Jusqu’à un déblocage ou une réinitialisation.")
        )
        why, repair = _causes(cause.facts, until).get(cause.code, (cause.code, ""))
        return why, repair


def moment_words(cause: Cause) -> str:
    """When it ends: « mardi 24 novembre, 14 h 05 »."""
    return dateformat.format(timezone.localtime(cause.until), _("l j F, G \\h i")) if cause.until else ""


def _causes(facts: dict[str, str], until: str) -> dict[str, tuple[str, str]]:
    reason = facts.get("reason", "")
    return {
        "suspended": (
            (_("Le compte est suspendu : « %(reason)s ».") % {"reason": reason})
            if reason
            else _("Le compte est suspendu."),
            _("Lever la suspension, une fois le motif éclairci."),
        ),
        "closed": (_("Le compte est fermé."), _("Il ne se rouvre pas : vérifier l’affectation.")),
        "invited": (
            _("Le compte n’a jamais été ouvert."),
            _("La personne l’active depuis la page de connexion."),
        ),
        "no_password": (
            _("Aucun mot de passe n’a été choisi."),
            _("Activer le compte, ou le réinitialiser."),
        ),
        "password_expired": (
            _("Le mot de passe a dépassé sa durée."),
            _("La prochaine connexion demande d’en choisir un autre : rien à faire ici."),
        ),
        "blocked_passwords": (
            _passwords(facts),
            " ".join((until, _("Débloquer, ou réinitialiser si le mot de passe est oublié."))),
        ),
        "blocked_factors": (
            _("La seconde preuve est bloquée après trop de codes faux. Le mot de passe était juste."),
            " ".join((until, _("Si ces essais ne venaient pas de la personne, changer son mot de passe."))),
        ),
        "blocked_one_device": (
            _("Deux appareils se sont connectés en même temps : l’académie n’en permet qu’un."),
            " ".join((until, _("Débloquer si les deux appareils sont bien à la personne."))),
        ),
    }


def _passwords(facts: dict[str, str]) -> str:
    if facts.get("lane") == "device":
        return _("L’appareil « %(device)s » est bloqué après trop de mots de passe faux.") % {
            "device": facts.get("device", "") or "?"
        }
    if facts.get("lane") == "all":
        return _("Le compte entier est bloqué après trop de mots de passe faux.")
    return _(
        "Les appareils inconnus sont bloqués après trop de mots de passe faux. "
        "Ceux de la personne restent ouverts."
    )
