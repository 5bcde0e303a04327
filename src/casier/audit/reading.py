"""Reading the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casier.audit.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry as it is shown; FACTS is empty where they were erased."""

    id: int
    at: datetime
    actor: str
    origin: str
    action: str
    target: str
    academy: str
    reason: str
    facts: dict[str, Any]
    sealed: bool


def recent(limit: int, target: str = "") -> list[Recorded]:
    """The last LIMIT entries, the oldest first; only those of TARGET (`account:<id>`…) where given."""
    entries = JournalEntry.objects.select_related("payload").order_by("-id")
    chosen = entries.filter(target=target) if target else entries
    return [recorded(entry) for entry in reversed(chosen[:limit])]


def recorded(entry: JournalEntry) -> Recorded:
    """ENTRY as it is shown; read it with its payload (`select_related("payload")`)."""
    payload = getattr(entry, "payload", None)
    return Recorded(
        id=entry.pk,
        at=entry.at,
        actor=entry.actor,
        origin=entry.origin,
        action=entry.action,
        target=entry.target,
        academy=entry.academy,
        reason=entry.reason,
        facts=dict(payload.facts) if payload else {},
        sealed=entry.batch_id is not None,
    )
