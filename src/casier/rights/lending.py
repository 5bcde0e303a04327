"""Lending an office, and its end before the day: both people are told in their mailbox."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import dateformat, timezone, translation

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.actions import Loan
from casier.directory.life import ENDED
from casier.directory.models import Account, Mandate
from casier.identity.dispatch import api as dispatch
from casier.kernel.lasting import last_moment
from casier.rights.asking import WHY


def lend(row: Mandate, to: Account, loan: Loan, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """Let TO exercise ROW as well until LOAN ends; both are told. Raises as `actions.lend_mandate`."""
    with transaction.atomic():
        made = actions.lend_mandate(row, to, loan, by=by, reason=reason, now=now)
        _tell(made, ended=False)
    return made


def end(row: Mandate, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """End an office and what was lent from it; who lent and who borrowed are told. Raises BadMandate."""
    with transaction.atomic():
        loans = [row, *Mandate.objects.filter(shared_from=row, ended_at=None)]
        ended = actions.end_mandate(row, by=by, reason=reason, now=now)
        for one in loans:
            if one.shared_from_id and one.ended_at is None and (one.ends_at is None or one.ends_at > now):
                _tell(one, ended=True)
    return ended


def _tell(row: Mandate, *, ended: bool) -> None:
    loan = Mandate.objects.select_related(
        "account__person", "account__academy", "shared_from__account__person", "shared_from__account__academy"
    ).get(pk=row.pk)
    lender = loan.shared_from.account if loan.shared_from else None
    if lender is None:
        return
    for account in (lender, loan.account):
        if account.state not in ENDED:
            letter = _letter(loan, lender, dispatch.language_of(account), ended=ended)
            dispatch.put_into_mailbox(account, letter, why=WHY)


def _letter(loan: Mandate, lender: Account, language: str, *, ended: bool) -> dispatch.Letter:
    with translation.override(language):
        last = last_moment(loan.ends_at or loan.starts_at)
        day = dateformat.format(timezone.localtime(last), "j F Y")
    names = {"lender": lender.person.full_name, "other": loan.account.person.full_name, "day": day}
    french, english = _WORDS[ended]
    subject, *paragraphs = english if language == "en" else french
    return dispatch.Letter(subject, tuple(one.format(**names) for one in paragraphs), language)


_WORDS = {
    False: (
        (
            "Une charge est prêtée",
            "{lender} prête sa charge à {other}, jusqu’au {day} compris.",
            "Ce qui est fait pendant ce temps est inscrit au journal avec le nom de {other}.",
            "Pour y mettre fin plus tôt : la console, puis « Mes charges ». Si vous n’attendiez pas ce "
            "message, prévenez l’assistance.",
        ),
        (
            "An office is lent",
            "{lender} lends their office to {other}, until {day} included.",
            "What is done meanwhile is written in the journal with the name of {other}.",
            "To end it sooner: the console, then “My offices”. If you didn’t expect this message, tell the "
            "help desk.",
        ),
    ),
    True: (
        (
            "Le prêt d’une charge a pris fin",
            "La charge que {lender} prêtait à {other} a pris fin avant le {day}.",
            "{other} ne l’exerce plus.",
        ),
        (
            "An office is no longer lent",
            "The office that {lender} lent to {other} has ended before {day}.",
            "{other} no longer exercises it.",
        ),
    ),
}
