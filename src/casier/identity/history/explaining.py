"""What a refusal means and what repairs it, in plain words, for the help desk and for who was refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a page said no; what helps."""

    why: str
    repair: str


def explained(code: str, language: str) -> Explanation:
    """The words for the code that a room gave to `refuse`."""
    with translation.override(language):
        why, repair = _words().get(code, _unknown())
        return Explanation(why, repair)


def known_codes() -> frozenset[str]:
    """The codes that have words of their own."""
    return frozenset(_words())


def _unknown() -> tuple[str, str]:
    return (
        _("L’accès a été refusé."),
        _("Regardez l’état du compte et ses dernières connexions ; les détails techniques sont ci-dessous."),
    )


def _words() -> dict[str, tuple[str, str]]:
    return {
        "wrong": (
            _("L’identifiant ou le mot de passe ne correspondaient pas."),
            _("Vérifier l’identifiant avec la personne, puis la page « Mot de passe oublié »."),
        ),
        "wrong_factor": (
            _("Le mot de passe était juste, le second facteur ne l’était pas."),
            _(
                "Faire vérifier l’heure du téléphone ; sinon un code de secours. Si l’essai ne venait pas de "
                "la personne, quelqu’un connaît son mot de passe : le faire changer."
            ),
        ),
        "delayed": (
            _("Trop d’essais ont échoué de suite : rien n’a été vérifié."),
            _("Attendre la fin du délai, ou débloquer le compte après avoir vérifié l’identité."),
        ),
        "locked": (
            _("Le compte est bloqué après trop d’essais."),
            _("Attendre la fin du blocage, réinitialiser le mot de passe, ou débloquer le compte."),
        ),
        "suspended": (
            _("Le compte est suspendu."),
            _("Voir le motif dans la fiche de la personne, puis lever la suspension si tout est clair."),
        ),
        "closed": (
            _("Le compte est fermé."),
            _("Un compte fermé ne se rouvre pas : vérifier l’affectation de la personne."),
        ),
        "one_device": (
            _("Une session était déjà ouverte sur un autre appareil, et l’académie n’en permet qu’une."),
            _("Se déconnecter de l’autre appareil, ou attendre la fin de sa session."),
        ),
        "unusual": (
            _("La connexion était inhabituelle : le compte a été protégé."),
            _("Vérifier avec la personne que c’était bien elle, puis lever la suspension."),
        ),
        "network": (
            _("L’adresse d’où venait la connexion n’est pas de celles que l’académie permet."),
            _("Se connecter depuis le réseau de l’académie ou par son accès à distance."),
        ),
        "expired": (
            _("La page ou le code avait dépassé sa durée."),
            _("Recommencer depuis la page de connexion."),
        ),
        "bad_code": (
            _("Le code saisi n’était pas le bon, ou ne valait plus."),
            _("Demander un nouveau code et le recopier sans attendre."),
        ),
        "too_many_codes": (
            _("Trop de codes ont été demandés en peu de temps."),
            _("Attendre le délai indiqué, puis demander un seul code."),
        ),
        "passkey": (
            _("La clé d’accès n’a pas été reconnue."),
            _("Se connecter par le mot de passe, puis enregistrer de nouveau la clé d’accès."),
        ),
        "factor_delayed": (
            _("Trop de codes faux ont été saisis après le bon mot de passe."),
            _("Attendre le délai. Si ce n’était pas la personne, faire changer son mot de passe."),
        ),
        "enrolment_code": (
            _("Le code saisi pour ajouter un moyen de vérification n’était pas le bon."),
            _("Vérifier que l’heure du téléphone est automatique, puis recommencer."),
        ),
        "key_not_made": (
            _("La clé de sécurité n’a pas pu être enregistrée."),
            _("Essayer un autre navigateur ou une autre clé ; le détail est dans les faits."),
        ),
        "last_factor": (
            _("C’était le dernier moyen de vérification, et l’académie en demande un."),
            _("En ajouter un autre d’abord, puis retirer celui-ci."),
        ),
        "no_factor_left": (
            _("L’académie demande un second facteur, et la personne n’en a plus aucun."),
            _(
                "Réinitialiser le mot de passe après contrôle de l’identité, puis retirer les seconds "
                "facteurs."
            ),
        ),
        "code_spent": (
            _("Le code ne valait plus : trop d’essais, ou trop de temps."),
            _("Demander un nouveau code et le recopier sans attendre."),
        ),
        "no_gateway": (
            _("Aucun service n’a pu envoyer le code."),
            _("Recommencer plus tard, ou choisir un autre moyen ; prévenir l’équipe informatique."),
        ),
        "activation_delayed": (
            _("Trop d’essais pour ouvrir un compte : rien n’a été vérifié."),
            _("Attendre le délai indiqué, puis recommencer avec la feuille d’activation sous les yeux."),
        ),
        "activation": (
            _("Les renseignements donnés pour ouvrir le compte ne correspondaient pas."),
            _("Vérifier le NUMEN, la date de naissance et le nom dans l’annuaire, sans les dire."),
        ),
        "recovery": (
            _("La demande pour retrouver l’accès n’a pas abouti."),
            _("Vérifier les moyens de secours ; sinon réinitialiser après contrôle de l’identité."),
        ),
        "link": (
            _("Le lien avait déjà servi, ou ne valait plus."),
            _("Demander un nouveau lien."),
        ),
        "disowned": (
            _("Le lien « Ce n’était pas moi » avait déjà servi, ou ne valait plus."),
            _("Si la personne a encore un doute, protéger son compte depuis sa fiche."),
        ),
        "not_allowed": (
            _("La personne n’a pas le droit d’ouvrir cette page."),
            _("Vérifier ses fonctions et ses mandats."),
        ),
        "unavailable": (
            _("Une partie de la plateforme ne répondait pas."),
            _("Recommencer dans quelques minutes ; voir l’état de la plateforme si cela dure."),
        ),
    }
