"""Bringing a notice to its person: into the mailbox, and to the backup means, each once.

The links are made here, in the transaction that queues the letters: their tokens stand nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from casier.directory.life import ENDED
from casier.identity.dispatch import api as dispatch
from casier.identity.history import links
from casier.identity.history.models import NoticeSent
from casier.identity.history.places import Place, place_of
from casier.identity.history.results import Notice
from casier.identity.history.words import GRAVE, MAILBOX_ONLY, Happened, Words, source_in, words
from casier.identity.means import api as means

WHY = "notice"


def deliver(notice_id: str, now: datetime) -> NoticeSent | None:
    """Queue the letters of a notice that hasn't any yet; None where there is nobody to tell any more."""
    with transaction.atomic():
        rows = NoticeSent.objects.select_for_update(of=("self",))
        row = rows.select_related("account__academy", "account__person").filter(id=notice_id).first()
        if row is None or row.account.state in ENDED:
            return None
        if row.mailbox_at is None:
            _write(row, now)
    return row


def words_of(row: NoticeSent, language: str, place: Place | None = None) -> Words:
    """What ROW says in LANGUAGE. PLACE: where it was; looked up where it isn't given."""
    academy = row.account.academy
    place = place or place_of(source_in(row.facts), academy)
    return words(Happened(Notice(row.notice), row.at, academy.name, row.facts, place), language)


def _write(row: NoticeSent, now: datetime) -> None:
    account, notice = row.account, Notice(row.notice)
    language = dispatch.language_of(account)
    said = words_of(row, language)
    letter = dispatch.Letter(said.subject, said.paragraphs, language)
    dispatch.put_into_mailbox(account, _with_link(letter, row, said, "mailbox", now), why=WHY)
    row.mailbox_at = now
    if notice not in MAILBOX_ONLY:
        outside = _with_link(letter, row, said, "mail", now)
        text = said.sms if notice in GRAVE else ""
        row.backup_count = means.tell_means(account, outside, text, why=WHY, not_by=row.not_by)
        row.backup_at = now if row.backup_count else None
    row.save(update_fields=["mailbox_at", "backup_at", "backup_count"])


def _with_link(
    letter: dispatch.Letter, row: NoticeSent, said: Words, road: str, now: datetime
) -> dispatch.Letter:
    """LETTER with a link of its own, so that a report tells by which road it was used."""
    if not said.button:
        return letter
    return replace(letter, link=(said.button, links.make(row, road, row.account.academy, now)))
