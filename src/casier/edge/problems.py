"""Refusals and failures in words: `application/problem+json` (RFC 9457) in French or English."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

MEDIA_TYPE = "application/problem+json"


class Reason(StrEnum):
    """Why a request is not let through. The value is the problem's `type`."""

    SIGN_IN = "sign_in_required"
    EXPIRED = "session_expired"
    ONE_DEVICE = "one_device"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    NEW_PROGRAM = "new_program"
    SUSPENDED = "account_suspended"
    NETWORK = "network_not_allowed"
    ORIGIN = "wrong_origin"
    CONTENT_TYPE = "wrong_content_type"
    TOO_LARGE = "too_large"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    VIRUS = "virus_found"
    NOT_SCANNABLE = "not_scannable"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads, and the HTTP status."""

    status: int
    title_fr: str
    detail_fr: str
    title_en: str
    detail_en: str


WORDS: dict[Reason, Words] = {
    Reason.SIGN_IN: Words(
        401,
        "Connexion nécessaire",
        "Connectez-vous pour continuer.",
        "Sign in to continue",
        "You need to sign in to continue.",
    ),
    Reason.EXPIRED: Words(
        401,
        "Session terminée",
        "Votre session a pris fin. Connectez-vous de nouveau, rien n’est perdu.",
        "Session ended",
        "Your session has ended. Sign in again, nothing is lost.",
    ),
    Reason.ONE_DEVICE: Words(
        401,
        "Session en attente",
        "Un second appareil vient de se connecter à votre compte. Les deux sessions sont arrêtées pour "
        "quelques minutes. Reconnectez-vous avec votre second facteur pour continuer ici.",
        "Session on hold",
        "A second device has just signed in to your account. Both sessions are on hold for a few minutes. "
        "Sign in again with your second factor to go on here.",
    ),
    Reason.NEW_PROGRAM: Words(
        403,
        "Nouveau logiciel",
        "Ce logiciel attend l’accord de la personne. Elle le donne dans « Mon compte », « Mots de passe "
        "d’application ».",
        "New program",
        "This program waits for its owner’s approval: “My account”, “Application passwords”.",
    ),
    Reason.WRONG_PASSWORD: Words(
        401,
        "Identifiants refusés",
        "L’adresse ou le mot de passe d’application ne convient pas.",
        "Login refused",
        "The address or the application password is not right.",
    ),
    Reason.SUSPENDED: Words(
        403,
        "Compte suspendu",
        "Votre compte est suspendu. Votre courrier est conservé et continue d’arriver. "
        "Contactez l’assistance de votre académie.",
        "Account suspended",
        "Your account is suspended. Your mail is kept and still arrives. Contact your academy’s help desk.",
    ),
    Reason.NETWORK: Words(
        403,
        "Accès impossible depuis ce réseau",
        "Votre académie n’autorise pas cet accès depuis le réseau que vous utilisez.",
        "Not allowed from this network",
        "Your academy does not allow this access from the network you are on.",
    ),
    Reason.ORIGIN: Words(
        403,
        "Demande refusée",
        "Cette demande vient d’un autre site. Rechargez la page et recommencez.",
        "Request refused",
        "This request comes from another site. Reload the page and try again.",
    ),
    Reason.CONTENT_TYPE: Words(
        403,
        "Demande refusée",
        "Cette demande n’a pas la forme attendue (application/json).",
        "Request refused",
        "This request is not in the expected form (application/json).",
    ),
    Reason.TOO_LARGE: Words(
        413,
        "Fichier trop volumineux",
        "Ce fichier dépasse la taille que votre académie autorise pour une pièce jointe.",
        "File too large",
        "This file is larger than your academy allows for an attachment.",
    ),
    Reason.TOO_MANY_ATTEMPTS: Words(
        429,
        "Trop d’essais",
        "Trop d’essais ont échoué. Patientez quelques minutes puis recommencez.",
        "Too many attempts",
        "Too many attempts failed. Wait a few minutes and try again.",
    ),
    Reason.VIRUS: Words(
        422,
        "Virus détecté",
        "Ce fichier contient un virus. Il n’a pas été joint.",
        "Virus found",
        "This file contains a virus. It was not attached.",
    ),
    Reason.NOT_SCANNABLE: Words(
        422,
        "Fichier impossible à vérifier",
        "Ce fichier est protégé par un mot de passe ou contient trop de niveaux d’archives : l’antivirus ne "
        "peut pas l’examiner. Il n’a pas été joint.",
        "File cannot be checked",
        "This file is protected by a password or holds too many levels of archives: the antivirus cannot "
        "examine it. It was not attached.",
    ),
    Reason.UNAVAILABLE: Words(
        503,
        "Service momentanément indisponible",
        "Casier ne peut pas répondre pour l’instant. Réessayez dans quelques instants.",
        "Temporarily unavailable",
        "Casier cannot answer right now. Try again in a moment.",
    ),
}


def prefers_english(accept_language: str) -> bool:
    """Whether English is asked for before French; all else gets French (RFC 9110 §12.5.4)."""
    weights: dict[str, float] = {}
    for item in accept_language.lower().split(","):
        tag, _, quality = item.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        language = tag.strip().partition("-")[0]
        weights[language] = max(weight, weights.get(language, 0.0))
    return weights.get("en", 0.0) > weights.get("fr", 0.0)


def problem(reason: Reason, reference: str, accept_language: str) -> tuple[int, bytes]:
    """Status and body of a refusal in the person's language."""
    words = WORDS[reason]
    english = prefers_english(accept_language)
    body = {
        "type": reason.value,
        "title": words.title_en if english else words.title_fr,
        "detail": words.detail_en if english else words.detail_fr,
        "status": words.status,
        "reference": reference,
    }
    return words.status, json.dumps(body, ensure_ascii=False).encode()
