"""What the feed asks of the lives of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from casier.audit.api import Actor
from casier.directory.access import account_by_id
from casier.directory.models import Account
from casier.life import api as life
from casier.life.models import Departure

cancel_leaving = life.cancel_leaving
reopen = life.reopen


def held(account_id: str) -> bool:
    """Whether something (a legal hold, a long leave) keeps this account as it is."""
    return life.is_held(account_by_id(account_id))


def that_ever_left(accounts: Iterable[UUID]) -> set[UUID]:
    """Those of ACCOUNTS whose leaving was ever begun: that stays known, so they stay."""
    return set(Departure.objects.filter(account__in=list(accounts)).values_list("account", flat=True))


def begin_leaving(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """The account leaves, with the time that the policy gives."""
    life.begin_leaving(account, last_day=None, by=by, reason=reason, now=now)
