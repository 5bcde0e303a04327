"""Holds: the clock of an account stands still, for a reason that somebody gave and somebody can lift."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.errors import WrongState
from casier.directory.models import Account, AccountState
from casier.life.clocks import day_of, open_departure
from casier.life.closing import lock
from casier.life.errors import BadDecision, NotLeaving
from casier.life.models import Hold, HoldKind

LONGEST = timedelta(days=3660)


def hold(
    account: Account, kind: HoldKind, *, until: date | None, by: Actor, reason: str, now: datetime
) -> Hold:
    """Stop the clock of ACCOUNT from today; UNTIL: the last day, None: until it is lifted.

    The person gets no notice of it; what the journal says of them they may read. Raises BadDecision,
    WrongState.
    """
    if not reason.strip():
        raise BadDecision("Say why.", field="reason")
    today = day_of(now)
    if until is not None and not today <= until <= today + LONGEST:
        raise BadDecision("A day to come, within ten years.", field="until")
    with transaction.atomic():
        locked = lock(account)
        departure = open_departure(locked)
        if locked.state == AccountState.PURGED:
            raise WrongState("Nothing is left to hold.", state=locked.state)
        if departure is not None and departure.purging_since is not None:
            raise WrongState("What it held is being erased.", state=locked.state)
        row = Hold.objects.create(
            account=locked, kind=kind, starts_on=today, until=until, by=by.name, reason=reason.strip()
        )
        _note(row, "account.held", by, reason, now)
    return row


def lift(row: Hold, *, by: Actor, reason: str, now: datetime) -> Hold:
    """The clock goes on from today. One that was lifted stays as it was. Raises BadDecision."""
    if not reason.strip():
        raise BadDecision("Say why.", field="reason")
    with transaction.atomic():
        lock(row.account)
        locked = (
            Hold.objects.select_for_update(of=("self",)).select_related("account__academy").get(pk=row.pk)
        )
        if locked.lifted_on is None:
            locked.lifted_on = day_of(now)
            locked.lifted_by, locked.lifted_reason = by.name, reason.strip()
            locked.save(update_fields=["lifted_on", "lifted_by", "lifted_reason"])
            _note(locked, "account.hold_lifted", by, reason, now)
    return locked


def lift_all(account: Account, *, by: Actor, reason: str, now: datetime) -> int:
    """Lift every hold of ACCOUNT that stands; how many. Raises NotLeaving where there is none."""
    rows = standing_holds(account, day_of(now))
    if not rows:
        raise NotLeaving("No hold stands.", account=account.public_id)
    for row in rows:
        lift(row, by=by, reason=reason, now=now)
    return len(rows)


def standing_holds(account: Account, today: date) -> list[Hold]:
    """Those that stop the clock today."""
    rows = Hold.objects.filter(account=account, lifted_on=None, starts_on__lte=today).order_by("starts_on")
    return [row for row in rows.select_related("account") if row.until is None or row.until >= today]


def _note(row: Hold, action: str, by: Actor, reason: str, now: datetime) -> None:
    account = row.account
    record(
        by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, at=now,
        hold=row.id.hex, kind=str(row.kind), until=row.until.isoformat() if row.until else "",
    )  # fmt: skip
