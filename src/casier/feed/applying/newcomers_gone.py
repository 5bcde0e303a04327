"""Undoing newcomers: what nobody used goes, what has a mailbox is closed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from casier.audit.journal import record_many
from casier.audit.models import OutboxEvent
from casier.directory import actions
from casier.directory.models import (
    Account,
    AccountState,
    Address,
    Mandate,
    Person,
    PersonKey,
    Posting,
    UsedMailboxKey,
)
from casier.feed import lives
from casier.feed.applying.work import Work, alone, keep
from casier.feed.models import Change, Gone, Status


def newcomers_gone(work: Work, rows: Sequence[Change]) -> None:
    """Accounts that nobody opened: removed while they have no mailbox yet, else closed. Others are kept."""
    accounts = Account.objects.select_related("person").in_bulk([UUID(hex=row.target) for row in rows])
    busy = set(
        OutboxEvent.objects.filter(
            topic="account.changed", key__in=[row.target for row in rows], done_at=None
        )
        .exclude(claimed_until=None)
        .values_list("key", flat=True)
    )
    removable: list[Account] = []
    for row in rows:
        account = accounts.get(UUID(hex=row.target))
        if account is None:
            continue
        if account.state != AccountState.INVITED:
            keep(row, "used")
        elif account.provisioned_at or row.target in busy or "person" in row.after:
            _close(work, row, account)
        else:
            removable.append(account)
    _remove(work, rows, removable)


def _close(work: Work, row: Change, account: Account) -> None:
    """It stays the person's: the same feed, applied again, opens it again."""
    with alone(row):
        actions.close(account, by=work.by, reason=work.reason, now=work.now)
        Gone.objects.get_or_create(academy=work.academy, person=account.person, defaults={"at": work.now})
        _end_postings(work, account.person_id)
    if row.status == Status.SKIPPED:
        keep(row, row.note)


def _end_postings(work: Work, person: int) -> None:
    Posting.objects.filter(person=person, source="feed", school__academy=work.academy).delete()


def _remove(work: Work, rows: Sequence[Change], accounts: Sequence[Account]) -> None:
    """Leave nothing; what something else already points to is closed instead."""
    lines = {row.target: row for row in rows}
    # Known beforehand: a try that meets them asks a hundred tables in vain.
    kept = lives.that_ever_left(account.pk for account in accounts)
    for account in accounts:
        if account.pk in kept:
            _close(work, lines[account.public_id], account)
    left = [account for account in accounts if account.pk not in kept]
    while left:
        try:
            with transaction.atomic():
                _delete(work, left)
            return
        except ProtectedError as error:
            # Without the accounts that are named, or one by one where what protects them names none.
            named = {getattr(one, "account_id", None) for one in error.protected_objects}
            held = [account for account in left if account.pk in named] or left[:1]
        left = [account for account in left if account not in held]
        for account in held:
            _close(work, lines[account.public_id], account)


def _delete(work: Work, accounts: Sequence[Account]) -> None:
    ids = [account.pk for account in accounts]
    people = [account.person_id for account in accounts]
    OutboxEvent.objects.filter(
        topic="account.changed", key__in=[one.hex for one in ids], done_at=None
    ).delete()
    # What their function brought; an office that was lent or given keeps them.
    Mandate.objects.filter(account__in=ids).exclude(by_function="", by_group="").delete()
    Address.objects.filter(account__in=ids).delete()
    Posting.objects.filter(person__in=people).delete()
    PersonKey.objects.filter(person__in=people).delete()
    Account.objects.filter(pk__in=ids).delete()
    Person.objects.filter(pk__in=people).delete()
    # Nobody ever had these mailboxes: the names are free again.
    UsedMailboxKey.objects.filter(key__in=[account.mailbox_key for account in accounts]).delete()
    record_many(
        work.by, "account.removed", work.reason, academy=work.academy.slug, at=work.now,
        rows=[(f"account:{one.hex}", work.facts()) for one in ids],
    )  # fmt: skip
