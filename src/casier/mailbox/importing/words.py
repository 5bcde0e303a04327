"""What an import says to the person who runs it."""

from __future__ import annotations

from collections.abc import Iterator

from casier.kernel.errors import Unavailable
from casier.mailbox.importing.found import Reason, Unreadable
from casier.mailbox.importing.normal import Repair
from casier.mailbox.importing.run import Report

_REASONS = {
    Reason.EMPTY: "le fichier est vide",
    Reason.NOT_MAIL: "ce n'est pas un message",
    Reason.TOO_LARGE: "message trop grand",
    Reason.FILE_ERROR: "lecture impossible",
    Reason.DAMAGED_ARCHIVE: "archive abîmée",
    Reason.ENCRYPTED: "entrée chiffrée par un mot de passe",
    Reason.NESTED_ARCHIVE: "archive dans une archive : à décompresser d'abord",
    Reason.BOMB: "archive piégée : son contenu dépasse toute mesure",
    Reason.TOO_MANY: "trop d'entrées dans l'archive",
    Reason.VIRUS: "virus",
    Reason.UNSCANNABLE: "l'antivirus n'a pas pu l'analyser",
    Reason.REFUSED: "refusé par le serveur de courrier",
}
_REPAIRS = {
    Repair.NUL: "caractères nuls retirés",
    Repair.HEADER_LINE: "ligne d'en-tête illisible gardée à part",
    Repair.BLANK_LINE: "ligne vide ajoutée entre l'en-tête et le texte",
    Repair.ENCODING: "codage inconnu lu comme du texte simple",
}
_PARTS = {"clamav": "L'antivirus", "cyrus": "Le serveur de courrier"}


def counts(report: Report) -> str:
    """The state of an import on one line."""
    return f"{report.imported} importés, {report.known} déjà là, {len(report.left_out)} laissés"


def lines(report: Report, dry_run: bool) -> Iterator[str]:
    """The report, for people."""
    for one in report.left_out:
        yield f"– {one.origin} : {_why(one)}"
    for folder, number in report.folders.most_common():
        yield f"  {number:>7} {folder}"
    for repair, number in report.repairs.most_common():
        yield f"  {number:>7} messages réparés : {_REPAIRS[Repair(repair)]}"
    yield f"{counts(report)}.{' Rien n’a été écrit.' if dry_run else ''}"


def stopped(error: Unavailable) -> str:
    """Why the import stopped, and how to go on."""
    part = _PARTS.get(str(error.facts.get("part", "")), "Une partie de la plateforme")
    return (
        f"{part} ne répond pas : l'import s'arrête. Ce qui est importé reste ; "
        f"relancez la même commande pour continuer. [{error.reference}]\n{error}"
    )


def _why(one: Unreadable) -> str:
    return f"{_REASONS[one.reason]}{f' ({one.detail})' if one.detail else ''}"
