"""Who must answer, and the letters to them: in their own mailbox, without a link, in their language.

Without a link on purpose: people are taught to distrust what asks for a click, and these are the ones whose
account is worth most.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from django.utils import dateformat, timezone, translation

from casier.directory.life import OUT
from casier.directory.mandates import Ability, holders, is_whole, schools_of
from casier.directory.models import Academy, Account, Mandate, Office
from casier.identity.dispatch import api as dispatch
from casier.rights.models import Answer, Line, Review

WHY: Final = "rights"


def in_charge(review: Review, lines: list[Line], now: datetime) -> dict[Account, list[Line]]:
    """Who is asked about which of LINES: the head of the school, else the DSI; nobody about themselves."""
    rows = holders(Ability.CONFIRM_RIGHTS, review.academy, now)
    held = [row for row in rows if row.account.state not in OUT]
    dsi = [row.account for row in held if row.office == Office.DSI and is_whole(row)]
    heads = _heads(held)
    found: dict[Account, list[Line]] = defaultdict(list)
    for line in lines:
        others = [one for one in heads.get(line.school_id or 0, []) if one.pk != line.holder_id]
        for account in dict.fromkeys(others or [one for one in dsi if one.pk != line.holder_id]):
            found[account].append(line)
    return found


def ask(review: Review, now: datetime, left: int | None = None) -> int:
    """Write to those who have lines to answer; LEFT: a reminder, so many days before. How many they are."""
    waiting = list(Line.objects.filter(review=review, answer=Answer.NONE).select_related("school"))
    asked = in_charge(review, waiting, now)
    for account, lines in asked.items():
        language = dispatch.language_of(account)
        letter = _question(review, len(lines), left, language)
        dispatch.put_into_mailbox(account, letter, why=WHY)
    return len(asked)


def tell_end(review: Review, left: int, ended: int, now: datetime) -> None:
    """Tell the DSI what nobody confirmed, and what became of it."""
    for account in _dsi(review.academy, now):
        dispatch.put_into_mailbox(
            account, _end(review.academy, left, ended, dispatch.language_of(account)), why=WHY
        )


def _heads(held: list[Mandate]) -> dict[int, list[Account]]:
    found: dict[int, list[Account]] = defaultdict(list)
    for row in held:
        if row.office == Office.HEAD:
            for school_id in schools_of(row).values_list("pk", flat=True):
                found[school_id].append(row.account)
    return found


def _dsi(academy: Academy, now: datetime) -> list[Account]:
    rows = holders(Ability.GIVE_MANDATES, academy, now)
    return list(dict.fromkeys(row.account for row in rows if is_whole(row) and row.account.state not in OUT))


def _day(moment: datetime, language: str) -> str:
    with translation.override(language):
        return dateformat.format(timezone.localtime(moment), "j F Y")


def _question(review: Review, count: int, left: int | None, language: str) -> dispatch.Letter:
    day, name = _day(review.due_at, language), review.academy.name
    if language == "en":
        subject = "Review of rights: please answer" if left is None else f"Review of rights: {left} days left"
        paragraphs = (
            f"Every so often, {name} asks those in charge whether each right is still needed.",
            f"{count} rights wait for your answer until {day}: offices, functional mailboxes, mailboxes "
            "opened to a colleague. For each, confirm it, or take it back with a reason.",
            "Open the console, then “Review of rights”. It takes a few minutes.",
        )
    else:
        subject = (
            "Revue des droits : votre réponse est attendue"
            if left is None
            else f"Revue des droits : encore {left} jours"
        )
        paragraphs = (
            f"À intervalle régulier, {name} demande à chaque responsable si chaque droit est encore utile.",
            f"{count} droits attendent votre réponse jusqu’au {day} : charges, boîtes fonctionnelles, boîtes "
            "ouvertes à un collègue. Pour chacun, confirmez, ou retirez-le avec un motif.",
            "Ouvrez la console, puis « Revue des droits ». Quelques minutes suffisent.",
        )
    return dispatch.Letter(subject, paragraphs, language)


def _end(academy: Academy, left: int, ended: int, language: str) -> dispatch.Letter:
    if language == "en":
        done = f"{ended} of them were taken back." if ended else "None of them was taken back: decide."
        lines = f"Nobody confirmed {left} rights. {done}" if left else "Every right was answered."
        return dispatch.Letter(
            "Review of rights: it is over",
            (f"The review of rights at {academy.name} is over.", lines, "The report is in the console."),
            language,
        )
    done = f"{ended} ont été retirés." if ended else "Aucun n’a été retiré : à vous de décider."
    lines = f"Personne n’a confirmé {left} droits. {done}" if left else "Chaque droit a eu sa réponse."
    return dispatch.Letter(
        "Revue des droits : elle est finie",
        (f"La revue des droits de {academy.name} est finie.", lines, "Le rapport est dans la console."),
        language,
    )
