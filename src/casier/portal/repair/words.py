"""The words for what stands in someone's way and for what helps, for who has proved who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from casier.identity.recovery.diagnosis import Cause, Cure, Finding


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong, what helps, and the button for it, if there is one."""

    title: str
    why: str
    help: str
    button: str = ""
    cure: str = ""
    href: str = ""


_LINKS = {Cure.RECOVER: "/oubli/", Cure.ACTIVATE: "/activation/"}


def words_of(finding: Finding) -> Words:
    """FINDING as the page says it."""
    title, why, help_text = _texts()[finding.cause]
    if finding.until:
        help_text = (
            f"{_('Cela se termine tout seul à %(hour)s.') % {'hour': _hour(finding.until)}} {help_text}"
        )
    return Words(
        title,
        why,
        help_text.strip(),
        button=_buttons().get(finding.cure, ""),
        cure="" if finding.cure in _LINKS else finding.cure.value,
        href=_LINKS.get(finding.cure, ""),
    )


def done(cure: Cure) -> str:
    """What is told once it was mended."""
    return {
        Cure.UNLOCK: _("C’est débloqué. Votre navigateur est reconnu : vous pouvez vous connecter."),
        Cure.REOPEN: _("Votre compte est rouvert : vous pouvez vous connecter."),
    }.get(cure, "")


def _hour(seconds: int) -> str:
    return dateformat.format(timezone.localtime(datetime.fromtimestamp(seconds, UTC)), _("G \\h i"))


def _buttons() -> dict[Cure, str]:
    return {
        Cure.UNLOCK: _("Débloquer maintenant"),
        Cure.REOPEN: _("Rouvrir mon compte"),
        Cure.RECOVER: _("Choisir un nouveau mot de passe"),
        Cure.ACTIVATE: _("Activer mon compte"),
    }


def _texts() -> dict[Cause, tuple[str, str, str]]:
    return {**_of_the_account(), **_of_the_door(), **_of_the_password()}


def _of_the_account() -> dict[Cause, tuple[str, str, str]]:
    desk = _("Appelez l’assistance de votre académie.")
    return {
        Cause.CLOSED: (
            _("Votre compte est fermé"),
            _("Il l’est quand une personne quitte l’académie, et il ne se rouvre pas."),
            _("Si vous êtes toujours en poste, faites vérifier votre affectation par votre établissement."),
        ),
        Cause.NOT_ACTIVATED: (
            _("Votre compte n’est pas encore activé"),
            _("Personne ne s’y est encore connecté : il n’a pas de mot de passe à vous."),
            _("L’activation prend quelques minutes."),
        ),
        Cause.IDLE: (
            _("Votre compte dort"),
            _("Inutilisé depuis longtemps, il a été désactivé. Votre courrier y est toujours."),
            "",
        ),
        Cause.UNUSUAL: (
            _("Votre compte est protégé"),
            _("Une connexion ne ressemblait pas aux vôtres : il a été suspendu pour que personne n’y entre."),
            _("Appelez l’assistance : elle vérifie avec vous ce qui s’est passé, puis vous rend l’accès."),
        ),
        Cause.OWN_WISH: (
            _("Votre compte est en sécurité"),
            _("Vous avez indiqué « Ce n’était pas moi » : il a été suspendu à votre demande."),
            _("Appelez l’assistance : elle vérifie votre identité et vous aide à le reprendre."),
        ),
        Cause.SUSPENDED: (
            _("Votre compte est suspendu"),
            _("Une personne habilitée de l’académie l’a suspendu. Votre courrier continue d’arriver."),
            desk,
        ),
    }


def _of_the_door() -> dict[Cause, tuple[str, str, str]]:
    return {
        Cause.PASSWORDS: (
            _("Trop de mots de passe faux"),
            _("Plusieurs mots de passe faux ont été essayés, par vous ou par quelqu’un d’autre."),
            _("Si ce n’était pas vous, votre mot de passe n’a pas été trouvé : vous pouvez le garder."),
        ),
        Cause.FACTORS: (
            _("Trop de codes faux après le bon mot de passe"),
            _("Le second facteur a échoué plusieurs fois."),
            _("Si ce n’était pas vous, quelqu’un a votre mot de passe : appelez vite l’assistance."),
        ),
        Cause.ONE_DEVICE: (
            _("Deux appareils à la fois"),
            _("Votre académie permet une seule session : une seconde connexion a suspendu les deux."),
            _("Si l’autre connexion n’était pas la vôtre, changez de mot de passe ensuite."),
        ),
        Cause.NETWORK: (
            _("Ce réseau n’est pas permis"),
            _("Votre académie n’admet les connexions que depuis certains réseaux, et le vôtre n’en est pas."),
            _("Connectez-vous depuis votre établissement, ou par l’accès à distance de l’académie."),
        ),
        Cause.NOTHING: (
            _("Rien ne bloque votre compte"),
            _("Votre compte est ouvert et rien n’est bloqué. C’est sans doute le mot de passe."),
            _("Essayez-le encore en regardant les majuscules ; sinon, choisissez-en un nouveau."),
        ),
    }


def _of_the_password() -> dict[Cause, tuple[str, str, str]]:
    return {
        Cause.NO_PASSWORD: (
            _("Vous n’avez pas de mot de passe"),
            _("Votre compte existe, mais aucun mot de passe n’y a été choisi, ou il a été annulé."),
            "",
        ),
        Cause.TEMPORARY_OVER: (
            _("Le mot de passe provisoire n’est plus valable"),
            _("Celui qui vous a été remis devait servir dans un délai qui est passé."),
            "",
        ),
        Cause.EXPIRED: (
            _("Votre mot de passe a expiré"),
            _("Il ouvre encore la page de connexion, qui vous en fera choisir un nouveau."),
            _("Connectez-vous avec l’ancien."),
        ),
    }
