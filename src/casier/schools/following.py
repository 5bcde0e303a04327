"""Members follow their postings: each hour, and after each run of the feed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.models import Academy
from casier.schools import telling
from casier.schools.answering import refuse_orphans

BY = Actor.system("schools")


def members_follow(now: datetime, academy: Academy | None = None, *, by: Actor = BY, reason: str = "") -> int:
    """Close the mailboxes of a school to those whose last posting there is over, and tell their managers."""
    with transaction.atomic():
        why = reason or "the last posting at the school is over"
        ended = actions.leave_mailboxes(by=by, reason=why, now=now, academy=academy)
        telling.members_left(ended, now)
    return len(ended)


def members_return(now: datetime, academy: Academy, since: datetime, *, by: Actor, reason: str) -> int:
    """What was closed to people from SINCE on opens to those who work there again: a run was undone."""
    return actions.return_to_mailboxes(since=since, academy=academy, by=by, reason=reason, now=now)


def run_due(now: datetime) -> int:
    """What is due: each hour in the worker. Once is as good as ten."""
    return members_follow(now) + refuse_orphans(now, by=BY)
