"""Who works on an operation: a lease in the database, so that what a killed process left is taken up."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from casier.console.models import Operation
from casier.kernel.errors import CasierError

LEASE = timedelta(seconds=60)


class AtWork(CasierError):
    """Somebody else works on this operation."""

    code = "operation_at_work"


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to work on an operation, for as long as it is renewed."""

    operation: Operation
    holder: str

    def renew(self, done: int) -> None:
        """Go on for another minute, having DONE so much. Raises AtWork when another took over."""
        rows = Operation.objects.filter(pk=self.operation.pk, holder=self.holder)
        if not rows.update(held_until=timezone.now() + LEASE, done=done):
            raise AtWork("Another process took this operation over.")


@contextmanager
def holding(operation: Operation) -> Iterator[Hold]:
    """Take OPERATION for oneself. Raises AtWork."""
    hold = Hold(operation, f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    if not Operation.objects.filter(free, pk=operation.pk).update(holder=hold.holder, held_until=now + LEASE):
        raise AtWork("Somebody works on this operation.")
    try:
        yield hold
    finally:
        # Still at work: whoever looks next takes it up.
        Operation.objects.filter(pk=operation.pk, holder=hold.holder).update(
            holder="", held_until=timezone.now()
        )
