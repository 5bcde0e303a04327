"""Writing the journal: one row in the transaction of the action, its personal facts beside it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from casier.audit.actors import Actor
from casier.audit.models import JournalEntry, JournalPayload


class OutsideTransaction(RuntimeError):
    """A fact was about to be recorded apart from the change that makes it true."""


def record(
    actor: Actor,
    action: str,
    target: str,
    reason: str,
    *,
    academy: str = "",
    at: datetime | None = None,
    **facts: object,
) -> JournalEntry:
    """Write who did what to whom, when, from where and why.

    TARGET is `<kind>:<id>`; personal data goes into FACTS only, which can be erased
    without breaking the chain.
    Raises OutsideTransaction when there is no transaction to stand in.
    """
    in_transaction()
    salt = secrets.token_hex(16)
    entry = JournalEntry.objects.create(
        at=at or timezone.now(),
        actor=actor.name,
        origin=actor.origin,
        action=action,
        target=target,
        academy=academy,
        reason=reason,
        payload_digest=payload_digest(salt, facts) if facts else "",
    )
    if facts:
        JournalPayload.objects.create(entry=entry, salt=salt, facts=facts)
    return entry


def record_many(
    actor: Actor,
    action: str,
    reason: str,
    *,
    academy: str,
    at: datetime,
    rows: Sequence[tuple[str, dict[str, object]]],
) -> None:
    """Write the same of many: ROWS are a target each, with its facts. As `record`, in a few queries."""
    in_transaction()
    salts = [secrets.token_hex(16) for _row in rows]
    entries = JournalEntry.objects.bulk_create(
        JournalEntry(
            at=at,
            actor=actor.name,
            origin=actor.origin,
            action=action,
            target=target,
            academy=academy,
            reason=reason,
            payload_digest=payload_digest(salt, facts) if facts else "",
        )
        for salt, (target, facts) in zip(salts, rows, strict=True)
    )
    JournalPayload.objects.bulk_create(
        JournalPayload(entry=entry, salt=salt, facts=facts)
        for entry, salt, (_target, facts) in zip(entries, salts, rows, strict=True)
        if facts
    )


def erase(entry: JournalEntry) -> None:
    """Forget the personal facts of an entry; that it happened stays."""
    JournalPayload.objects.filter(entry=entry).delete()


def payload_digest(salt: str, facts: dict[str, object]) -> str:
    """What the chain knows of the facts. The salt goes with them, so that nothing can be guessed back."""
    return hashlib.sha256(f"{salt}\n{canonical(facts)}".encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON in one form only, so that the same facts always have the same digest."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_transaction() -> None:
    """Raise OutsideTransaction unless a transaction is open."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("Call this inside transaction.atomic(), with the change it tells of.")
