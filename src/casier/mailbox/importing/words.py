"""What an import says to the person who runs it."""

from __future__ import annotations

from collections.abc import Iterator

from casier.kernel.errors import Unavailable
from casier.kernel.words import Words, english, say
from casier.mailbox.importing.found import Reason, Unreadable
from casier.mailbox.importing.normal import Repair
from casier.mailbox.importing.run import Report

_REASONS: dict[Reason, Words] = {
    Reason.EMPTY: ("le fichier est vide", "the file is empty"),
    Reason.NOT_MAIL: ("ce n'est pas un message", "this is not a message"),
    Reason.TOO_LARGE: ("message trop grand", "message too large"),
    Reason.FILE_ERROR: ("lecture impossible", "can't be read"),
    Reason.DAMAGED_ARCHIVE: ("archive abîmée", "damaged archive"),
    Reason.ENCRYPTED: ("entrée chiffrée par un mot de passe", "entry encrypted by a password"),
    Reason.NESTED_ARCHIVE: (
        "archive dans une archive : à décompresser d'abord",
        "an archive in an archive: unpack it first",
    ),
    Reason.BOMB: (
        "archive piégée : son contenu dépasse toute mesure",
        "hostile archive: its content grows beyond measure",
    ),
    Reason.TOO_MANY: ("trop d'entrées dans l'archive", "too many entries in the archive"),
    Reason.CUT_SHORT: ("incomplet : la fin manque", "incomplete: the end is missing"),
    Reason.VIRUS: ("virus", "virus"),
    Reason.UNSCANNABLE: ("l'antivirus n'a pas pu l'analyser", "the antivirus could not scan it"),
    Reason.REFUSED: ("refusé par le serveur de courrier", "refused by the mail store"),
}
_REPAIRS: dict[Repair, Words] = {
    Repair.NUL: ("caractères nuls retirés", "NUL characters removed"),
    Repair.HEADER_LINE: (
        "ligne d'en-tête illisible gardée à part",
        "unreadable header line kept under a name of its own",
    ),
    Repair.BLANK_LINE: (
        "ligne vide ajoutée entre l'en-tête et le texte",
        "blank line added between header and text",
    ),
    Repair.ENCODING: ("codage inconnu lu comme du texte simple", "unknown encoding read as plain text"),
}
_PARTS: dict[str, Words] = {
    "clamav": ("L'antivirus", "The antivirus"),
    "cyrus": ("Le serveur de courrier", "The mail store"),
}
_SOME_PART: Words = ("Une partie de la plateforme", "A part of the platform")


def counts(report: Report) -> str:
    """The state of an import on one line."""
    left = len(report.left_out)
    return say(
        f"{report.imported} importés, {report.known} déjà là, {left} laissés",
        f"{report.imported} imported, {report.known} there already, {left} left out",
    )


def lines(report: Report, dry_run: bool) -> Iterator[str]:
    """The report, for people."""
    colon = say(" :", ":")
    for one in report.left_out:
        yield f"– {one.origin}{colon} {_why(one)}"
    for folder, number in report.folders.most_common():
        yield f"  {number:>7} {folder}"
    mended = say("messages réparés", "messages mended")
    for repair, number in report.repairs.most_common():
        yield f"  {number:>7} {mended}{colon} {say(*_REPAIRS[Repair(repair)])}"
    yield f"{counts(report)}.{say(' Rien n’a été écrit.', ' Nothing was written.') if dry_run else ''}"


def stopped(error: Unavailable) -> str:
    """Why the import stopped, and how to go on."""
    part = _PARTS.get(str(error.facts.get("part", "")), _SOME_PART)[english()]
    text = say(
        f"{part} ne répond pas : l'import s'arrête. Ce qui est importé reste ; relancez la même "
        "commande pour continuer.",
        f"{part} does not answer: the import stops. What was imported stays; run the same command to go on.",
    )
    return f"{text} [{error.reference}]\n{error}"


def _why(one: Unreadable) -> str:
    return f"{say(*_REASONS[one.reason])}{f' ({one.detail})' if one.detail else ''}"
