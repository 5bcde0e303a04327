"""Undoing schools: those that nothing points to go, the others are what they were before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import models, transaction
from django.db.models import ProtectedError

from casier.audit.journal import record_many
from casier.audit.models import OutboxEvent
from casier.directory.models import FunctionalMailbox, School, UsedMailboxKey
from casier.feed.applying.schools import set_values
from casier.feed.applying.work import Work, keep
from casier.feed.models import Change, Status, Verb


def schools_back(work: Work, rows: Sequence[Change]) -> None:
    """Undo what ROWS did to schools; what is used, or was changed since, is kept."""
    made: dict[int, Change] = {}
    for row in rows:
        school = work.schools.get(row.target)
        if school is None:
            continue
        if row.verb != Verb.CREATE:
            _school_back(work, row, school)
        elif _without_mailbox(row):
            made[school.pk] = row
        else:
            keep(row, "in_use")
    for pk in _remove(made):
        keep(made[pk], "in_use")
    done = [row for row in rows if row.status == Status.UNDONE]
    record_many(
        work.by, "school.put_back", work.reason, academy=work.academy.slug, at=work.now,
        rows=[(f"school:{row.target}", work.facts()) for row in done],
    )  # fmt: skip


def _without_mailbox(row: Change) -> bool:
    """Whether the mailbox that the run made for a school is gone: nobody had it yet, in no store."""
    if "mailbox" not in row.outcome:
        return True
    mailbox = FunctionalMailbox.objects.filter(pk=UUID(hex=row.outcome["mailbox"])).first()
    if mailbox is None:
        return True
    work = OutboxEvent.objects.filter(topic="functional.changed", key=mailbox.pk.hex, done_at=None)
    if mailbox.provisioned_at or mailbox.memberships.exists() or work.exclude(claimed_until=None).exists():
        return False
    try:
        with transaction.atomic():
            work.delete()
            mailbox.addresses.all().delete()
            mailbox.delete()
            UsedMailboxKey.objects.filter(key=mailbox.mailbox_key).delete()
    except ProtectedError:
        return False
    return True


def _school_back(work: Work, row: Change, school: School) -> None:
    plain = {name: value for name, value in row.after.items() if name != "networks"}
    if any(getattr(school, name) != value for name, value in plain.items()):
        keep(row, "changed_since")
        return
    set_values(work, school, row.before)


def _remove(schools: Iterable[int]) -> set[int]:
    """Remove SCHOOLS, but those that something points to, which are returned.

    All at once, and again without those that are held: one by one, each asks every table that knows schools.
    """
    left, held = set(schools), set[int]()
    while left:
        try:
            with transaction.atomic():
                School.networks.through.objects.filter(school__in=left).delete()
                School.objects.filter(pk__in=left).delete()
            break
        except ProtectedError as error:
            named = {pk for one in error.protected_objects for pk in _schools_of(one)} & left
            found = named or {min(left)}
        left -= found
        held |= found
    return held


def _schools_of(row: models.Model) -> set[int]:
    """The schools that ROW points to."""
    fields = [field for field in row._meta.concrete_fields if field.related_model is School]
    return {getattr(row, field.attname) for field in fields}
