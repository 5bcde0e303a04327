"""Refusals and failures in words. The codes are stable; the words are the person's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casier.kernel.errors import CasierError


@dataclass(frozen=True, slots=True)
class Words:
    """A status and two sentences; LEVEL is how the log takes it."""

    status: int
    title: str
    detail: str
    level: int = logging.INFO


Table = Callable[[], dict[str, Words]]


def in_words(error: CasierError, more: Iterable[Table] = ()) -> Words:
    """What to tell a person about ERROR; MORE are the words of single capabilities."""
    for table in (_table, *more):
        found = table().get(error.code)
        if found is not None:
            return found
    return Words(
        400,
        _("Demande illisible"),
        _("Cette demande n’a pas la forme attendue. Rechargez la page et recommencez."),
        logging.WARNING,
    )


def _table() -> dict[str, Words]:
    return {
        "sign_in_required": Words(401, _("Connexion nécessaire"), _("Connectez-vous pour continuer.")),
        "wrong_origin": Words(
            403,
            _("Demande refusée"),
            _("Cette demande vient d’un autre site. Rechargez la page et recommencez."),
            logging.WARNING,
        ),
        "not_allowed": Words(403, _("Demande refusée"), _("Votre compte ne le permet pas.")),
        "sender_not_yours": Words(
            403,
            _("Adresse d’expédition refusée"),
            _("Vous ne pouvez pas écrire depuis cette adresse. Le message reste dans vos brouillons."),
            logging.WARNING,
        ),
        "bad_recipient": Words(
            422,
            _("Destinataire illisible"),
            _("Une des adresses n’est pas une adresse de courrier. Corrigez-la, puis recommencez."),
        ),
        "bad_moment": Words(
            422,
            _("Moment d’envoi refusé"),
            _("Choisissez un moment à venir, dans l’année. Le message reste dans vos brouillons."),
        ),
        "send_under_way": Words(409, _("Envoi déjà demandé"), _("Ce message est déjà en cours d’envoi.")),
        "too_late": Words(409, _("Trop tard pour annuler"), _("Le message est déjà parti.")),
        "not_found": Words(404, _("Introuvable"), _("Cet élément n’existe pas ou plus.")),
        "unavailable": Words(
            503,
            _("Service momentanément indisponible"),
            _("Une partie de la plateforme ne répond pas. Réessayez dans un instant."),
            logging.ERROR,
        ),
    }
