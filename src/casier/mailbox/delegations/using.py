"""When a delegate was last in the mailbox, as its owner is shown it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from casier.directory.actions.delegations import delegation_with
from casier.directory.errors import NotFound
from casier.directory.models import Account, Delegation

# The owner is shown the hour, not the second.
STEP = timedelta(minutes=1)


def note_use(account: Account, delegation_id: str, now: datetime) -> None:
    """ACCOUNT is in the mailbox that this delegation opens. Raises NotFound where it isn't theirs."""
    row = delegation_with(delegation_id)
    if row.delegate_id != account.pk:
        raise NotFound("Not theirs.", delegation=delegation_id)
    _note(Q(pk=row.pk), now)


def note_uses(pairs: set[tuple[str, str]], now: datetime) -> None:
    """Of each pair of mailbox keys, the second did something in the first's mailbox."""
    for owner, delegate in pairs:
        _note(Q(owner__mailbox_key=owner, delegate__mailbox_key=delegate), now)


def _note(which: Q, now: datetime) -> None:
    lately = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - STEP)
    Delegation.objects.filter(which, lately, ended_at=None).update(last_used_at=now)
