"""What exports and imports say beside the pages: in the zip, in the bell, in a letter."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _


def readme(mailbox: str, now: datetime, language: str) -> str:
    """The file that explains the others."""
    with translation.override(language):
        lines = (
            _("Export de la boîte %(mailbox)s, le %(day)s.") % {"mailbox": mailbox, "day": f"{now:%d/%m/%Y}"},
            "",
            _("Courrier : chaque dossier de la boîte, un fichier .eml par message (ou un fichier .mbox)."),
            _("Contacts : les carnets d’adresses (.vcf). Agendas : les agendas (.ics)."),
            _(
                "casier.json et messages.jsonl : les marques et les dates, pour que tout revienne à "
                "l’identique quand ce fichier est importé dans une messagerie Casier."
            ),
            "",
            _("Ces fichiers s’ouvrent avec tout logiciel de messagerie, par exemple Thunderbird."),
        )
        return "\r\n".join(lines) + "\r\n"


def ready(language: str, size: str, until: datetime) -> tuple[str, str]:
    """An export can be fetched."""
    with translation.override(language):
        title = _("Votre export est prêt")
        text = _("%(size)s. À télécharger dans Réglages, « Importer, exporter », jusqu’au %(day)s.")
        return title, text % {"size": size, "day": f"{until:%d/%m/%Y}"}


def export_failed(language: str, reason: str) -> tuple[str, str]:
    """An export came to nothing."""
    with translation.override(language):
        return _("Votre export n’a pas pu être fait"), failure(reason)


def imported(language: str, count: int, left: int) -> tuple[str, str]:
    """An import is done."""
    with translation.override(language):
        text = _("%(count)d messages importés, %(left)d laissés de côté.") % {"count": count, "left": left}
        return _("Votre import est terminé"), text


def import_failed(language: str, reason: str) -> tuple[str, str]:
    """An import stopped."""
    with translation.override(language):
        return _("Votre import s’est arrêté"), failure(reason)


def failure(reason: str) -> str:
    """Why, in the language in force."""
    return {
        "no_disk": _("Il n’y a plus assez de place sur la plateforme pour le moment. Recommencez plus tard."),
        "no_room": _("Votre boîte est pleine. Faites de la place, puis recommencez."),
        "too_large": _("Le résultat dépasse la taille permise. Choisissez moins de dossiers."),
        "gone": _("Le fichier n’est plus là. Recommencez."),
    }.get(reason, _("Une partie de la plateforme n’a pas répondu. Recommencez plus tard."))
