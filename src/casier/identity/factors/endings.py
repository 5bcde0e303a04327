"""A new password, or signing out everywhere, ends the trust in devices: whoever does it fears someone."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from casier.directory.access import account_by_id
from casier.identity.ending import sessions_ended
from casier.identity.factors.trust import end_trust


def connect() -> None:
    """Hear of sessions that somebody ends."""
    sessions_ended.connect(_on_ended, dispatch_uid="factors.trust")


def _on_ended(*, account_id: str, only: str = "", **_: Any) -> None:
    """In the transaction of who ended them. A single browser that signs out says nothing of the others."""
    if not only:
        end_trust(account_by_id(account_id), timezone.now())
