"""Telling a person about their account: one row in the caller's transaction, the letters after the commit.

A flood of the same is one notice: what makes two of them the same, and for how long, stands in a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from casier.audit.api import emit
from casier.directory.life import ENDED, IN_USE
from casier.directory.mandates import whole_offices
from casier.directory.models import Academy, Account, AccountState, Office
from casier.identity.history.models import NoticeSent
from casier.identity.history.results import Notice

TOPIC = "identity.notice"
# Of one kind, to one person, in an hour; further ones are counted on the last.
MOST_AN_HOUR = 5
_LONGEST_FACT = 300
_SOON, _HOUR, _DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
# How long, and for the same which facts, a notice isn't told again. What isn't here is told each time.
_ALIKE: dict[Notice, tuple[timedelta, tuple[str, ...]]] = {
    Notice.NEW_DEVICE: (_HOUR, ("device", "place")),
    Notice.UNUSUAL: (_HOUR, ("device", "source")),
    Notice.ONE_DEVICE: (_HOUR, ("device",)),
    Notice.LOCKED: (_DAY, ()),
    Notice.PASSWORD_EXPIRES: (_DAY, ("days",)),
    Notice.APP_PASSWORD_WAITS: (_HOUR, ("what", "id")),
    Notice.RECOVERY_ASKED: (_HOUR, ()),
    Notice.REPORTED: (_SOON, ("reference",)),
    Notice.ATTACK_WAVE: (_HOUR, ("wave",)),
}


def tell(account: Account, notice: Notice, facts: Mapping[str, str], *, not_by: str = "") -> None:
    """Tell the person, within the caller's transaction: a message in the mailbox, and to the backup means.

    FACTS that the words know: `device`, `source`, `place`, `until`, `minutes`, `days`, `what` (the factor,
    the means, the program: in words, masked), `id` (of the application password), `by`, `reason`,
    `reference`. None of them may be a secret. NOT_BY: the id of the means that was just used or changed, so
    that the news comes by another road.
    """
    now = timezone.now()
    kept = {str(name): str(value)[:_LONGEST_FACT] for name, value in facts.items() if value}
    with transaction.atomic():
        key = _key(notice, kept)
        if _reads_nothing(account, notice) or _told_already(account, notice, key, now):
            return
        row = NoticeSent.objects.create(
            account=account, notice=notice, at=now, key=key, facts=kept, not_by=not_by[:64]
        )
        emit(TOPIC, row.id.hex)


def tell_holders(
    academy: Academy,
    offices: Iterable[Office],
    notice: Notice,
    facts: Mapping[str, str],
    *,
    but: Account | None = None,
) -> int:
    """Tell everyone who holds one of these offices for the whole academy, but BUT; how many they are."""
    now = timezone.now()
    held = whole_offices(offices, academy, now)
    holders = Account.objects.filter(mandates__in=held, state__in=sorted(IN_USE)).distinct()
    if but is not None:
        holders = holders.exclude(pk=but.pk)
    for account in holders:
        tell(account, notice, facts)
    return len(holders)


def _reads_nothing(account: Account, notice: Notice) -> bool:
    """Whether nobody is there to be told: before activation, a first password say is no change."""
    if account.state == AccountState.INVITED:
        return notice is not Notice.ACTIVATED
    return account.state in ENDED


def _key(notice: Notice, facts: Mapping[str, str]) -> str:
    """The same for notices that are told once."""
    names = _ALIKE[notice][1] if notice in _ALIKE else ()
    parts = "\n".join((notice, *(facts.get(name, "") for name in names)))
    return hashlib.sha256(parts.encode()).hexdigest()


def _told_already(account: Account, notice: Notice, key: str, now: datetime) -> bool:
    """Whether the person was told just that; it is counted there. Also when it gets too much of the kind."""
    mine = NoticeSent.objects.filter(account=account, notice=notice)
    alike = _ALIKE.get(notice)
    last = mine.filter(key=key, at__gt=now - alike[0]).order_by("-at").first() if alike else None
    if last is None and mine.filter(at__gt=now - _HOUR).count() >= MOST_AN_HOUR:
        last = mine.order_by("-at").first()
    if last is None:
        return False
    NoticeSent.objects.filter(pk=last.pk).update(count=F("count") + 1)
    return True
