"""What the console and the command line say of states, causes and acts, in the reader's language."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from casier.console.acting import Act
from casier.console.person import Cause
from casier.directory.models import Account
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
        "closed": _("fermé"),
    }.get(state, state)


def result_words(result: str) -> str:
    """How an attempt to come in ended."""
    return {
        "opened": _("réussie"),
        "wrong": _("mot de passe faux"),
        "wrong_factor": _("mot de passe juste, second facteur faux"),
        "delayed": _("trop d’essais, rien n’a été vérifié"),
        "refused": _("tout était juste, accès refusé"),
        "one_device": _("un autre appareil était connecté"),
    }.get(result, result)


def method_words(method: str, language: str) -> str:
    """A second factor, as policies call it."""
    french, english = CHOICES.get(method, (method, method))
    return english if language.startswith("en") else french


def office_words(office: str) -> str:
    """An office."""
    return {
        "dsi": _("DSI"),
        "help_desk": _("assistance"),
        "security": _("responsable de la sécurité"),
        "head": _("chef d’établissement ou de service"),
        "dpo": _("délégué à la protection des données"),
    }.get(office, office)


def check_words(check: str) -> str:
    """How the help desk made sure of an identity."""
    return {
        "called_back": _("Rappel au numéro connu de l’académie"),
        "document": _("Pièce d’identité vue"),
        "in_person": _("La personne est présente"),
        "superior": _("Le chef d’établissement ou de service confirme"),
        "posting": _("Question sur l’affectation"),
        "birth_date": _("Date de naissance"),
    }.get(check, check)


def actor_words(actor: str) -> str:
    """Who did something: a name, or the platform itself."""
    kind, _colon, name = actor.partition(":")
    if kind == "account":
        account_id = _as_id(name)
        found = Account.objects.select_related("person").filter(pk=account_id).first() if account_id else None
        return found.person.full_name if found else name
    return {
        "operator": _("exploitation (%(name)s)"),
        "system": _("la plateforme"),
        "visitor": _("quelqu’un à la porte"),
    }.get(kind, actor) % {"name": name}


def _as_id(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def action_words(action: str) -> str:
    """A fact of the journal; what has no words of its own shows its name."""
    return {
        "account.created": _("Compte créé"),
        "account.activated": _("Compte activé"),
        "account.suspended": _("Suspension"),
        "account.resumed": _("Suspension levée"),
        "account.closed": _("Compte fermé"),
        "account.renamed": _("Changement de nom"),
        "identity.signed_in": _("Connexion"),
        "identity.signed_out": _("Déconnexion"),
        "identity.sign_in_failed": _("Connexion refusée"),
        "identity.sessions_ended": _("Déconnexion partout"),
        "identity.password_set": _("Mot de passe choisi"),
        "identity.app_password_created": _("Mot de passe d’application créé"),
        "identity.app_password_revoked": _("Mot de passe d’application révoqué"),
        "recovery.reset_asked": _("Réinitialisation demandée"),
        "recovery.reset_approved": _("Réinitialisation acceptée"),
        "recovery.reset_refused": _("Réinitialisation refusée"),
        "recovery.reset_done": _("Réinitialisation faite"),
        "recovery.letter_asked": _("Lettre demandée"),
        "recovery.letter_approved": _("Lettre acceptée"),
        "recovery.letter_printed": _("Lettre imprimée"),
        "recovery.letter_posted": _("Lettre postée"),
        "recovery.letter_revoked": _("Lettre annulée"),
        "identity.unlocked": _("Déblocage"),
        "identity.temporary_password_set": _("Mot de passe provisoire donné"),
        "identity.password_change_forced": _("Changement de mot de passe exigé"),
        "identity.password_shut": _("Mot de passe mis hors d’usage"),
        "identity.factor_added": _("Second facteur inscrit"),
        "identity.factor_removed": _("Second facteur retiré"),
        "identity.factors_reset": _("Seconds facteurs retirés"),
        "identity.recovery_codes_made": _("Codes de secours créés"),
        "identity.device_trusted": _("Appareil de confiance"),
        "identity.trust_ended": _("Appareils de confiance oubliés"),
        "identity.locked": _("Blocage"),
        "identity.unusual_sign_in": _("Connexion inhabituelle"),
        "identity.disowned": _("« Ce n’était pas moi »"),
        "identity.report_closed": _("Signalement clos"),
        "identity.activation_proved": _("Activation commencée"),
        "identity.activation_refused": _("Activation refusée"),
        "account.invited": _("Invitation"),
        "account.correction_asked": _("Correction demandée"),
        "account.correction_settled": _("Correction réglée"),
        "delegation.given": _("Boîte ouverte à un collègue"),
        "delegation.ended": _("Délégation terminée"),
        "means.confirmed": _("Moyens de secours confirmés"),
        "means.added": _("Moyen de secours ajouté"),
        "means.removed": _("Moyen de secours retiré"),
        "means.verified": _("Moyen de secours vérifié"),
        "document.accepted": _("Charte ou notice acceptée"),
        "mandate.given": _("Charge donnée"),
        "mandate.ended": _("Charge terminée"),
    }.get(action, action)


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
    }.get(state, state)
