"""Which delegations are in force, and what they allow: the row, the accounts and the policy together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from casier.directory.life import ENTERS
from casier.directory.models import DelegateRight, Delegation
from casier.policies.api import Policy

_ORDER = tuple(DelegateRight)
SENDING = frozenset({DelegateRight.BEHALF, DelegateRight.SEND_AS})


def in_force(now: datetime) -> Q:
    """Those that hold at NOW. A suspended owner opens the mailbox to nobody."""
    return Q(ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now, owner__state__in=sorted(ENTERS))


def holds(row: Delegation, now: datetime) -> bool:
    """Whether ROW is in force at NOW: the same as `in_force`, for a row that is here."""
    return row.ended_at is None and row.starts_at <= now < row.ends_at and row.owner.state in ENTERS


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
        right = right_under(policy, row.right)
        if right is not None and holds(row, now):
            yield row, right
