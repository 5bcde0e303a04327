"""How full mailboxes are: the stores are asked once a night, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from casier.console.models import MailboxSize
from casier.directory.models import Account, AccountState, FunctionalMailbox
from casier.mailbox.api import store_named

SOME = 500
# Against what growth is told.
WEEK = timedelta(days=7)
Owner = Account | FunctionalMailbox


def read_some(since: datetime, now: datetime) -> int:
    """Ask about some mailboxes that nobody asked about SINCE; how many. Raises Unavailable."""
    owners: list[Owner] = list(_accounts(since)[:SOME]) or list(_functional(since)[:SOME])
    by_store: dict[str, list[Owner]] = defaultdict(list)
    for owner in owners:
        by_store[owner.store.name].append(owner)
    for store, some in by_store.items():
        found = store_named(store).usages([owner.mailbox_key for owner in some])
        _keep(some, found, now)
    return len(owners)


def _accounts(since: datetime) -> QuerySet[Account]:
    rows = Account.objects.exclude(provisioned_at=None).exclude(state=AccountState.PURGED)
    unread = Q(mailbox_size=None) | Q(mailbox_size__read_at__lt=since)
    return rows.filter(unread).select_related("store", "mailbox_size")


def _functional(since: datetime) -> QuerySet[FunctionalMailbox]:
    unread = Q(size=None) | Q(size__read_at__lt=since)
    rows = FunctionalMailbox.objects.exclude(provisioned_at=None).filter(unread)
    return rows.select_related("store", "size")


def _keep(owners: Sequence[Owner], found: dict[str, tuple[int, int | None]], now: datetime) -> None:
    rows = [_row(owner, found.get(owner.mailbox_key, (0, None)), now) for owner in owners]
    MailboxSize.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["used_bytes", "limit_bytes", "read_at", "before_bytes", "before_at"],
    )


def _row(owner: Owner, usage: tuple[int, int | None], now: datetime) -> MailboxSize:
    used, limit = usage
    person = isinstance(owner, Account)
    last: MailboxSize | None = getattr(owner, "mailbox_size" if person else "size", None)
    before, before_at = (last.before_bytes, last.before_at) if last else (used, now)
    if last and now - last.before_at >= WEEK:
        before, before_at = last.used_bytes, last.read_at
    return MailboxSize(
        key=owner.mailbox_key,
        academy_id=owner.academy_id,
        account=owner if isinstance(owner, Account) else None,
        mailbox=owner if isinstance(owner, FunctionalMailbox) else None,
        used_bytes=used,
        limit_bytes=limit,
        read_at=now,
        before_bytes=before,
        before_at=before_at,
    )
