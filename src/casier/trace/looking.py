"""Looking up the messages of a person or mailbox; the journal says so before anything is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.access import journal_name
from casier.directory.models import Account, Address, FunctionalMailbox
from casier.trace.following import Answer, Followed, Logs, follow

LONGEST_HOURS = 24 * 31
# What is written while one looks belongs to it.
_MARGIN = timedelta(minutes=1)
# No log is that old.
_NEVER_BEFORE = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: the HOURS before UNTIL (None: now), with the correspondent OTHER alone."""

    hours: int
    other: str = ""
    until: datetime | None = None


def look(
    owner: Account | FunctionalMailbox, asked: Asked, *, by: Actor, reason: str, now: datetime
) -> Answer:
    """The messages of OWNER, by any address that is or was theirs."""
    with transaction.atomic():
        academy = owner.academy.slug
        record(by, "mail.traced", journal_name(owner), reason, academy=academy, at=now, **_facts(asked))
    return _follow(_addresses(owner), asked, now)


def look_for_nobodys(address: str, asked: Asked, *, by: Actor, reason: str, now: datetime) -> Answer:
    """The messages of an ADDRESS that nobody here has: one with a mistake in it, or somebody's elsewhere.

    For operations alone: it is in nobody's perimeter.
    """
    with transaction.atomic():
        record(by, "mail.traced", "address", reason, at=now, address=address, **_facts(asked))
    return _follow([address], asked, now)


def _facts(asked: Asked) -> dict[str, Any]:
    until = {} if asked.until is None else {"until": asked.until.isoformat(timespec="minutes")}
    return {"hours": asked.hours, **until}


def _follow(addresses: list[str], asked: Asked, now: datetime) -> Answer:
    hours = max(1, min(asked.hours, LONGEST_HOURS))
    end = max(min(asked.until or now, now), now - _NEVER_BEFORE)
    logs = Logs.of(settings.CASIER_INSTANCE.log, now)
    wanted = asked.other.strip().lower()
    answer = follow(logs, addresses, end - timedelta(hours=hours), end + _MARGIN, wanted)
    return replace(answer, messages=[one for one in answer.messages if _between(one, wanted)])


def _addresses(owner: Account | FunctionalMailbox) -> list[str]:
    own = Address.objects.filter(account=owner) if isinstance(owner, Account) else owner.addresses.all()
    return sorted({*own.values_list("address", flat=True), owner.mailbox_key})


def _between(message: Followed, other: str) -> bool:
    return not other or other in {message.sender.lower(), *(one.lower() for one in message.recipients)}
