"""Parts in functional mailboxes that end with a posting, and come back with it when that is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from casier.audit.api import Actor
from casier.audit.journal import record_many
from casier.audit.outbox import emit_many
from casier.directory.life import ENDED
from casier.directory.models import Academy, Account, EndedMembership, Membership, School
from casier.directory.postings import not_over, today

PORTION = 500


def leave_mailboxes(
    *, by: Actor, reason: str, now: datetime, academy: Academy | None = None
) -> list[EndedMembership]:
    """End the parts of those whose last posting at the mailbox's school is over; what ended.

    Only of who had a posting there when they were named: whoever was named without one was named for
    another reason, and stays until somebody says otherwise.
    """
    here = not_over(today(now)).filter(person=OuterRef("account__person"), school=OuterRef("mailbox__school"))
    rows = Membership.objects.filter(~Exists(here), by_posting=True, mailbox__school__isnull=False)
    if academy is not None:
        rows = rows.filter(mailbox__academy=academy)
    ids = list(rows.order_by("mailbox_id", "pk").values_list("pk", flat=True))
    ended: list[EndedMembership] = []
    for start in range(0, len(ids), PORTION):
        with transaction.atomic():
            # Asked again with the rows locked: somebody may have got a posting meanwhile.
            portion = rows.filter(pk__in=ids[start : start + PORTION])
            ended += _end(portion, by, reason, now)
    return ended


def leave_school(
    account: Account, school: School, *, by: Actor, reason: str, now: datetime
) -> list[EndedMembership]:
    """End the parts of ACCOUNT in the mailboxes of SCHOOL now, those that it has by its posting there."""
    with transaction.atomic():
        rows = Membership.objects.filter(account=account, mailbox__school=school, by_posting=True)
        return _end(rows, by, reason, now)


def return_to_mailboxes(
    *,
    since: datetime,
    by: Actor,
    reason: str,
    now: datetime,
    academy: Academy | None = None,
    account: Account | None = None,
    school: School | None = None,
) -> int:
    """Give back what ended from SINCE on to those who have a posting there again; how many parts.

    For when the end of a posting is taken back. Who comes back after a year gets nothing by this.
    """
    here = not_over(today(now)).filter(person=OuterRef("account__person"), school=OuterRef("mailbox__school"))
    rows = EndedMembership.objects.filter(Exists(here), ended_at__gte=since, mailbox__is_closed=False)
    rows = rows.exclude(account__state__in=sorted(ENDED))
    rows = rows.filter(mailbox__academy=academy) if academy is not None else rows
    rows = rows.filter(account=account) if account is not None else rows
    rows = rows.filter(mailbox__school=school) if school is not None else rows
    with transaction.atomic():
        found = list(rows.select_related("account", "mailbox__academy").order_by("-ended_at"))
        there = set(
            Membership.objects.filter(account__in={row.account_id for row in found}).values_list(
                "mailbox_id", "account_id"
            )
        )
        given = []
        for row in found:
            if (row.mailbox_id, row.account_id) not in there:
                there.add((row.mailbox_id, row.account_id))
                given.append(row)
        Membership.objects.bulk_create(
            Membership(
                mailbox=row.mailbox, account=row.account, role=row.role, since=row.since, by_posting=True
            )
            for row in given
        )
        EndedMembership.objects.filter(pk__in=[row.pk for row in found]).delete()
        _told(given, "functional.member_returned", by, reason, now)
    return len(given)


def _end(rows: QuerySet[Membership], by: Actor, reason: str, now: datetime) -> list[EndedMembership]:
    found = list(
        rows.select_for_update(of=("self",))
        .select_related("account__person", "mailbox__academy", "mailbox__school")
        .order_by("mailbox_id", "pk")
    )
    ended = EndedMembership.objects.bulk_create(
        EndedMembership(
            mailbox=row.mailbox, account=row.account, role=row.role, since=row.since, ended_at=now
        )
        for row in found
    )
    Membership.objects.filter(pk__in=[row.pk for row in found]).delete()
    _told(ended, "functional.member_left", by, reason, now)
    return ended


def _told(rows: Sequence[EndedMembership], action: str, by: Actor, reason: str, now: datetime) -> None:
    """The journal, an entry for each; the engines, once for each mailbox and account."""
    by_academy = sorted(rows, key=lambda row: row.mailbox.academy.slug)
    for slug, some in groupby(by_academy, key=lambda row: row.mailbox.academy.slug):
        record_many(
            by, action, reason, academy=slug, at=now,
            rows=[
                (f"functional:{row.mailbox_id.hex}", {"account": row.account.public_id, "role": row.role})
                for row in some
            ],
        )  # fmt: skip
    emit_many("functional.changed", _once(row.mailbox_id.hex for row in rows))
    emit_many("account.changed", _once(row.account.public_id for row in rows))


def _once(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))
