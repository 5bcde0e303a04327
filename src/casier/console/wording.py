"""What the console and the command line say of states, causes and acts, in the reader's language."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from casier.console.acting import Act
from casier.console.deeds import reason_words
from casier.console.person import Cause
from casier.directory.models import Account, Mandate
from casier.policies.words import CHOICES


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
                _("Le mot de passe et les seconds facteurs restent les mêmes."),
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
        why, repair = _causes(cause.facts, until).get(cause.code, (_("L’accès est empêché."), ""))
        return why, repair


def moment_words(cause: Cause) -> str:
    """When it ends: « mardi 24 novembre, 14 h 05 »."""
    return dateformat.format(timezone.localtime(cause.until), _("l j F, G \\h i")) if cause.until else ""


def _causes(facts: dict[str, str], until: str) -> dict[str, tuple[str, str]]:
    reason = reason_words(facts.get("reason", ""))
    return {
        "suspended": (
            (_("Le compte est suspendu : « %(reason)s ».") % {"reason": reason})
            if reason
            else _("Le compte est suspendu."),
            _("Lever la suspension, une fois le motif éclairci."),
        ),
        "closed": (_("Le compte est fermé."), _("Il peut être rouvert : « Départ et échéances ».")),
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
            _("Le second facteur est bloqué après trop de codes faux. Le mot de passe était juste."),
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


def state_words(state: str) -> str:
    """An account's state."""
    return {
        "invited": _("invité, jamais ouvert"),
        "active": _("actif"),
        "suspended": _("suspendu"),
        "leaving": _("sur le départ"),
        "closed": _("fermé"),
        "purged": _("effacé"),
    }.get(state, _("état inconnu"))


def result_words(result: str) -> str:
    """How an attempt to come in ended."""
    return {
        "opened": _("réussie"),
        "wrong": _("mot de passe faux"),
        "wrong_factor": _("mot de passe juste, second facteur faux"),
        "delayed": _("trop d’essais, rien n’a été vérifié"),
        "refused": _("tout était juste, accès refusé"),
        "one_device": _("un autre appareil était connecté"),
    }.get(result, _("refusée"))


def method_words(method: str, language: str) -> str:
    """A second factor, as policies call it."""
    french, english = CHOICES.get(method, ("autre moyen", "other means"))
    return english if language.startswith("en") else french


def office_words(office: str) -> str:
    """An office."""
    return {
        "dsi": _("DSI"),
        "help_desk": _("assistance"),
        "security": _("responsable de la sécurité"),
        "head": _("chef d’établissement ou de service"),
        "dpo": _("délégué à la protection des données"),
        "list_owner": _("responsable de listes"),
        "platform": _("DSI de la plateforme"),
    }.get(office, _("charge"))


def part_words(row: Mandate) -> str:
    """What an office is for: a school, a network, a department, or the academy."""
    if row.department:
        return _("département %(number)s") % {"number": row.department}
    one = row.school or row.network or row.academy
    return one.name


def check_words(check: str) -> str:
    """How the help desk made sure of an identity."""
    return {
        "called_back": _("Rappel au numéro connu de l’académie"),
        "document": _("Pièce d’identité vue"),
        "in_person": _("La personne est présente"),
        "superior": _("Le chef d’établissement ou de service confirme"),
        "posting": _("Question sur l’affectation"),
        "birth_date": _("Date de naissance"),
    }.get(check, _("Autre vérification"))


def actor_words(actor: str) -> str:
    """Who did something: a name, or the platform itself."""
    kind, _colon, name = actor.partition(":")
    if kind == "account":
        account_id = _as_id(name)
        found = Account.objects.select_related("person").filter(pk=account_id).first() if account_id else None
        return found.person.full_name if found else _("un compte effacé")
    return {
        "operator": _("exploitation (%(name)s)"),
        "system": _("la plateforme"),
        "visitor": _("quelqu’un à la porte"),
        "service": _("un service de l’académie"),
    }.get(kind, _("la plateforme")) % {"name": name}


def _as_id(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def letter_words(state: str) -> str:
    """Where a letter stands."""
    return {
        "asked": _("à accepter"),
        "approved": _("à imprimer"),
        "printed": _("imprimée, à poster"),
        "posted": _("postée"),
        "used": _("utilisée"),
        "expired": _("dépassée"),
        "revoked": _("annulée"),
    }.get(state, _("état inconnu"))
