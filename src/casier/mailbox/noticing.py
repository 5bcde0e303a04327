"""A notice about someone's account reaches them: the letters are queued, the bell shows a line, once each."""

from __future__ import annotations

from datetime import datetime

from casier.identity.dispatch.api import language_of
from casier.identity.history.delivering import deliver, words_of
from casier.identity.history.models import NoticeSent
from casier.mailbox.notifications.actions import tell


def bring(notice_id: str, now: datetime) -> None:
    """Bring the notice NOTICE_ID to its person. Doing it again does nothing more."""
    row = deliver(notice_id, now)
    if row is None or row.bell_at is not None:
        return
    said = words_of(row, language_of(row.account))
    tell(row.account, said.subject, said.lead, f"notice {row.id.hex}", now)
    NoticeSent.objects.filter(pk=row.pk).update(bell_at=now)
