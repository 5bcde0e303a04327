"""Whoever reads about a person leaves a trace: once an hour, for each reader and each person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.audit.models import JournalEntry
from casier.directory.models import Account

ACTION = "person.looked_at"
ONCE_IN = timedelta(hours=1)


def note_look(account: Account, *, by: Actor, now: datetime) -> bool:
    """Write that BY read about ACCOUNT; whether that was new. One's own page is nobody's business."""
    target = f"account:{account.public_id}"
    if by.name == target or _noted(by, target, now):
        return False
    with transaction.atomic():
        # Two pages opened at once are one look.
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if _noted(by, target, now):
            return False
        record(by, ACTION, target, "", academy=account.academy.slug, at=now)
    return True


def looks_at(account: Account, most: int) -> list[JournalEntry]:
    """Who read about ACCOUNT, the latest first."""
    rows = JournalEntry.objects.filter(target=f"account:{account.public_id}", action=ACTION)
    return list(rows.order_by("-pk")[:most])


def _noted(by: Actor, target: str, now: datetime) -> bool:
    rows = JournalEntry.objects.filter(target=target, action=ACTION, actor=by.name, at__gt=now - ONCE_IN)
    return rows.exists()
