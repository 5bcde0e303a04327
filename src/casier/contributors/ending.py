"""A stay ends: at once, by somebody in charge, or when its last day is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.contributors.access import NIGHT, acting, lock_stay, said
from casier.contributors.asking import settle
from casier.contributors.errors import WrongStep
from casier.contributors.going import leave_if_last
from casier.contributors.models import Request, State, Stay
from casier.contributors.neighbours import by_whom
from casier.directory.mandates import Ability
from casier.life.clocks import day_of


def end(stay: Stay, *, by: Actor, reason: str, now: datetime) -> Stay:
    """Today is the last day; the account leaves where its person does nothing else.

    Raises NotAllowed, BadRequest (no reason), WrongStep (it is over).
    """
    why, today = said(reason), day_of(now)
    with transaction.atomic():
        locked = lock_stay(stay)
        acting(by, locked.school, now, Ability.REQUEST_CONTRIBUTOR, Ability.APPROVE_CONTRIBUTOR)
        posting = locked.posting
        if locked.ended_on is not None or (posting.ends_on is not None and posting.ends_on < today):
            raise WrongStep("It is over already.")
        # What was to begin later never does.
        posting.starts_on = min(posting.starts_on or today, today)
        posting.ends_on = today
        posting.save(update_fields=["starts_on", "ends_on"])
        _over(locked, today, by, why, now)
        leave_if_last(locked.account, today, today, by=by_whom(locked, by), reason=why, now=now)
    return locked


def finish_if_over(stay: Stay, now: datetime) -> bool:
    """Deal with a stay whose last day is over; whether there was something to do."""
    today = day_of(now)
    with transaction.atomic():
        locked = lock_stay(stay)
        last = locked.posting.ends_on
        if locked.ended_on is not None or last is None or last >= today:
            return False
        _over(locked, today, NIGHT, "the last day is over", now)
        leave_if_last(
            locked.account, last, today - timedelta(days=1), by=NIGHT, reason="the last day is over", now=now
        )
    return True


def _over(stay: Stay, today: date, by: Actor, reason: str, now: datetime) -> None:
    stay.ended_on, stay.ended_by = today, by.name
    stay.save(update_fields=["ended_on", "ended_by"])
    if by != NIGHT:
        # What somebody ended is renewed by asking again, not by an answer that comes too late.
        for row in Request.objects.filter(stay=stay, renewal=True, state=State.WAITING):
            settle(row, State.WITHDRAWN, by, "", now)
    record(
        by, "contributor.ended", f"account:{stay.account.public_id}", reason,
        academy=stay.school.academy.slug, at=now, school=stay.school.uai,
    )  # fmt: skip
    emit("account.changed", stay.account.public_id)
