"""Looking up the messages of a person or mailbox; the journal says so before anything is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.access import journal_name
from casier.directory.models import Account, Address, FunctionalMailbox
from casier.trace.following import Answer, Followed, Logs, follow

LONGEST_HOURS = 24 * 31
# What is written while one looks belongs to it.
_MARGIN = timedelta(minutes=1)


def look(
    owner: Account | FunctionalMailbox, *, hours: int, other: str = "", by: Actor, reason: str, now: datetime
) -> Answer:
    """The messages of OWNER in the last HOURS, by any address that is or was theirs; only those with the
    correspondent OTHER, if given.
    """
    with transaction.atomic():
        record(
            by, "mail.traced", journal_name(owner), reason, academy=owner.academy.slug, at=now, hours=hours
        )
    hours = max(1, min(hours, LONGEST_HOURS))
    logs = Logs.of(settings.CASIER_INSTANCE.log, now)
    answer = follow(logs, _addresses(owner), now - timedelta(hours=hours), now + _MARGIN)
    wanted = other.strip().lower()
    return replace(answer, messages=[one for one in answer.messages if _between(one, wanted)])


def _addresses(owner: Account | FunctionalMailbox) -> list[str]:
    own = Address.objects.filter(account=owner) if isinstance(owner, Account) else owner.addresses.all()
    return sorted({*own.values_list("address", flat=True), owner.mailbox_key})


def _between(message: Followed, other: str) -> bool:
    return not other or other in {message.sender.lower(), *(one.lower() for one in message.recipients)}
