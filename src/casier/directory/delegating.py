"""Which delegations are in force, and what they allow: the row, the accounts and the policy together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from casier.directory.life import ENTERS
from casier.directory.models import AccountState, DelegateRight, Delegation
from casier.policies.api import Policy

_ORDER = tuple(DelegateRight)
SENDING = frozenset({DelegateRight.BEHALF, DelegateRight.SEND_AS})


def in_force(now: datetime) -> Q:
    """Those that hold at NOW. A suspended owner opens the mailbox to nobody; what was handed on is open."""
    owners = Q(owner__state__in=sorted(ENTERS)) | Q(handed=True, owner__state=AccountState.CLOSED)
    return Q(ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now) & owners


def holds(row: Delegation, now: datetime) -> bool:
    """Whether ROW is in force at NOW: the same as `in_force`, for a row that is here."""
    lives = row.owner.state in ENTERS or (row.handed and row.owner.state == AccountState.CLOSED)
    return lives and row.ended_at is None and row.starts_at <= now < row.ends_at


def right_under(policy: Policy, right: str) -> DelegateRight | None:
    """What RIGHT comes to where the academy allows less; None: nothing."""
    if policy.delegation.most == "off":
        return None
    return min(DelegateRight(right), DelegateRight(policy.delegation.most), key=_ORDER.index)


def effective(
    rows: Iterable[Delegation], policy: Policy, now: datetime
) -> Iterator[tuple[Delegation, DelegateRight]]:
    """Those of ROWS that hold at NOW, each with what it allows."""
    for row in rows:
        # What people may give each other is one matter, what is handed on by decision another.
        right = DelegateRight.READ if row.handed else right_under(policy, row.right)
        if right is not None and holds(row, now):
            yield row, right
