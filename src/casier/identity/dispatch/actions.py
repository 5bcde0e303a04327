"""Writing down what is to be sent, in the caller's transaction."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casier.audit.wake import wake_worker
from casier.directory.models import Academy, Account
from casier.identity.dispatch.fate import Fate
from casier.identity.dispatch.hints import mask_address, mask_number
from casier.identity.dispatch.models import Dispatch, Kind
from casier.identity.dispatch.sealing import vault
from casier.kernel.published import CHANNEL_DISPATCH

USE = "dispatch"
# How long it makes sense to try, where the writer doesn't say.
PATIENCE = {
    Kind.MAIL: timedelta(days=2),
    Kind.MAILBOX: timedelta(days=2),
    Kind.SMS: timedelta(minutes=10),
    Kind.VOICE: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """Something to be sent. It doesn't print: it holds codes and numbers."""

    kind: Kind
    to: str
    content: dict[str, object]
    why: str
    account: Account | None = None
    academy: Academy | None = None
    until: datetime | None = None


def queue(asked: Asked) -> Dispatch:
    """A row that the worker sends once the caller's transaction holds."""
    now, key = timezone.now(), uuid.uuid4()
    mask = mask_number if asked.kind in {Kind.SMS, Kind.VOICE} else mask_address
    row = Dispatch.objects.create(
        id=key,
        account=asked.account,
        academy=asked.academy,
        kind=asked.kind,
        why=asked.why[:40],
        hint=mask(asked.to) if asked.to else "",
        to_sealed=vault(USE).seal(asked.to, f"{key.hex}:to"),
        content_sealed=vault(USE).seal(json.dumps(asked.content), f"{key.hex}:content"),
        created_at=now,
        due_at=now,
        until=asked.until or now + PATIENCE[asked.kind],
    )
    transaction.on_commit(wake)
    return row


def queue_nothing(why: str) -> Dispatch:
    """A row that is over before it began: the same work as `queue`, for nobody. It wakes nobody up."""
    now, key = timezone.now(), uuid.uuid4()
    sealed = vault(USE).seal("+33000000000", f"{key.hex}:to")
    vault(USE).seal(json.dumps({"text": " " * 80}), f"{key.hex}:content")
    return Dispatch.objects.create(
        id=key, kind=Kind.SMS, why=why, hint=mask_number("+33600000000"), to_sealed=sealed[:0],
        content_sealed=None, created_at=now, due_at=now, until=now, state=Fate.LATE, done_at=now,
        reason="nobody",
    )  # fmt: skip


def wake() -> None:
    """Tell the worker's lane."""
    wake_worker(settings.REDIS_SOCKET, CHANNEL_DISPATCH)


def opened(row: Dispatch) -> tuple[str, dict[str, object]]:
    """To whom and what, in clear: for the moment of sending alone."""
    box = vault(USE)
    to = box.open(bytes(row.to_sealed or b""), f"{row.id.hex}:to")
    content: dict[str, object] = json.loads(
        box.open(bytes(row.content_sealed or b""), f"{row.id.hex}:content")
    )
    return to, content
