"""A review of rights in words: its lines on the page, and its report for a spreadsheet."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casier.console.wording import actor_words, office_words
from casier.kernel.csv_cells import csv_text
from casier.kernel.lasting import last_moment
from casier.policies.words import CHOICES
from casier.rights.api import Kind, Line, Review, lines_of


def right_words(line: Line) -> str:
    """What somebody may do by this line."""
    right = str(line.facts.get("right", ""))
    if line.kind == Kind.MANDATE:
        return office_words(right)
    if line.kind == Kind.MANAGER:
        return _("gère une boîte fonctionnelle")
    english = (translation.get_language() or "fr").startswith("en")
    what = CHOICES.get(right, ("", ""))[english]
    return _("boîte ouverte à un collègue (%(right)s)") % {"right": what}


def answer_words(answer: str) -> str:
    """What became of a line."""
    return {
        "confirmed": _("confirmé"),
        "withdrawn": _("retiré"),
        "gone": _("a pris fin de lui-même"),
    }.get(answer, _("sans réponse"))


def report_file(review: Review) -> str:
    """REVIEW for an auditor's spreadsheet, which calculates nothing of it: in words, days as the page has
    them, and who answered by name."""
    head = (
        _("Droit"), _("Où"), _("UAI"), _("Nom"), _("Adresse"), _("Depuis le"), _("Jusqu’au"), _("Prêté par"),
        _("Motif"), _("Réponse"), _("Répondu le"), _("Répondu par"), _("Motif de la réponse"),
    )  # fmt: skip
    lines = lines_of(review)
    names = {actor: actor_words(actor) for actor in {line.answered_by for line in lines} if actor}
    return csv_text(head, (_cells(line, names.get(line.answered_by, "")) for line in lines))


def _cells(line: Line, answered_by: str) -> tuple[str, ...]:
    facts = {name: str(value) for name, value in line.facts.items()}
    at = line.answered_at
    return (
        right_words(line),
        facts.get("where") or line.review.academy.name,
        facts.get("uai", ""),
        facts.get("name", ""),
        facts.get("address", ""),
        _day(facts.get("since", "")),
        _day(facts.get("until", ""), last=True),
        facts.get("lent_by", ""),
        facts.get("why", ""),
        answer_words(line.answer),
        timezone.localtime(at).date().isoformat() if at else "",
        answered_by,
        line.reason,
    )


def _day(text: str, *, last: bool = False) -> str:
    moment = parse_datetime(text) if text else None
    if moment is None:
        return ""
    return timezone.localtime(last_moment(moment) if last else moment).date().isoformat()
