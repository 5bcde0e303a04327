"""Somebody leaves, or stays after all; when, and what becomes of the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.actions.accounts import leave, stay
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.models import Account, Address
from casier.life import closing
from casier.life.clocks import day_of, is_occasional, open_departure, spans
from casier.life.dates import closing_day, closing_range, due
from casier.life.deciding import checked_fate
from casier.life.errors import BadDecision, NotLeaving
from casier.life.models import Becomes, Departure, Outcome, Step
from casier.life.telling import tell_departure
from casier.policies.api import policy_for

# Of a last day of service: nobody knows theirs sooner, and a year that was mistyped would never come.
FURTHEST = timedelta(days=1095)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a mailbox: mail refused, led on to an ADDRESS, or handed to an account (HEIR)."""

    becomes: Becomes = Becomes.CLOSED
    address: str = ""
    heir: Account | None = None


def begin_leaving(
    account: Account,
    *,
    last_day: date | None,
    by: Actor,
    reason: str,
    now: datetime,
    closes_on: date | None = None,
) -> None:
    """ACCOUNT leaves: its person's last day of service is LAST_DAY (None: today), and the policy's grace
    follows; CLOSES_ON is a day within that grace that somebody chose.

    Again with another day moves it; again with none changes nothing. Raises WrongState, BadDecision.
    """
    today = day_of(now)
    with transaction.atomic():
        locked = closing.lock(account)
        if locked.state in ENDED:
            raise WrongState("The account is closed.", state=locked.state)
        departure = open_departure(locked)
        if departure is not None and last_day is None and closes_on is None:
            return
        last = last_day or (departure.last_day if departure else today)
        if last > today + FURTHEST:
            raise BadDecision("Too far away to be meant.", field="last_day")
        day = _chosen(locked, last, today, closes_on)
        if departure is None:
            departure = _begin(locked, last, day, today, by, reason, now)
        else:
            _move(departure, last, day, by, reason, now)
        if day <= today:
            closing.close_if_due(departure, by=by, now=now)


def cancel_leaving(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """ACCOUNT stays after all. One that doesn't leave stays as it is; a closed one is reopened instead."""
    with transaction.atomic():
        locked = closing.lock(account)
        departure = open_departure(locked)
        if departure is None:
            return
        if locked.state in ENDED:
            raise WrongState("The account is closed; open it again.", state=locked.state)
        departure.outcome, departure.ended_on = Outcome.STAYED, day_of(now)
        # The answers that were set for the leaving end with it; they are taken back beside this.
        if departure.absence == Step.DONE:
            departure.absence = Step.WANTED
        departure.save(update_fields=["outcome", "ended_on", "absence"])
        stay(locked, by=by, reason=reason, now=now)
        departure.account = locked
        tell_departure(departure, "staying", now)


def decide_mailbox(account: Account, fate: Fate, *, by: Actor, reason: str, now: datetime) -> Departure:
    """Say what becomes of the mailbox of ACCOUNT; also once it is closed. Raises BadDecision, NotLeaving."""
    if not reason.strip():
        raise BadDecision("Say why.", field="reason")
    with transaction.atomic():
        locked = closing.lock(account)
        departure = open_departure(locked)
        if departure is None:
            raise NotLeaving("The account isn't leaving.", account=locked.public_id)
        address, heir = checked_fate(locked, fate.becomes, fate.address, fate.heir)
        _not_to_oneself(address, heir, by)
        departure.becomes, departure.redirect_to, departure.handed_to = fate.becomes, address, heir
        departure.decided_by, departure.decided_at = by.name, now
        departure.save(update_fields=["becomes", "redirect_to", "handed_to", "decided_by", "decided_at"])
        record(
            by, "account.fate_decided", f"account:{locked.public_id}", reason, academy=locked.academy.slug,
            at=now, becomes=str(fate.becomes), to=address, heir=heir.public_id if heir else "",
        )  # fmt: skip
        if departure.closed_on is not None:
            closing.apply_fate(departure, by=by, reason=reason, now=now)
        # Whoever will read their mail is no secret to them.
        tell_departure(departure, f"fate-{now:%Y%m%d%H%M%S}", now)
    return departure


def _not_to_oneself(address: str, heir: Account | None, by: Actor) -> None:
    """Nobody gives themselves someone else's mail. Raises BadDecision."""
    row = Address.objects.filter(address=address, account__isnull=False).first() if address else None
    takers = {heir.public_id if heir else "", row.account_id.hex if row and row.account_id else ""}
    if by.name in {f"account:{taker}" for taker in takers if taker}:
        raise BadDecision("Nobody gives themselves someone else's mail.", field="heir" if heir else "address")


def would_close(account: Account, last_day: date, now: datetime) -> date | None:
    """The day on which ACCOUNT would be shut if it began to leave now; None where a hold has no end."""
    today = day_of(now)
    planned = _chosen(account, last_day, today, None)
    return due(today, planned, spans(account))


def _chosen(account: Account, last_day: date, today: date, wanted: date | None) -> date:
    policy = policy_for(account.academy)
    if wanted is None:
        return closing_day(last_day, today, policy, occasional=is_occasional(account))
    first, last = closing_range(last_day, today, policy)
    if not first <= wanted <= last:
        raise BadDecision(
            f"Between {first} and {last}, by the academy's policy.", field="closes_on",
            first=first.isoformat(), last=last.isoformat(),
        )  # fmt: skip
    return wanted


def _begin(
    account: Account, last_day: date, day: date, today: date, by: Actor, reason: str, now: datetime
) -> Departure:
    leaving = leave(account, by=by, reason=reason, now=now)
    departure = Departure.objects.create(
        account=leaving,
        began_on=today,
        last_day=last_day,
        closes_on=day,
        by=by.name,
        reason=reason,
        absence=Step.WANTED if policy_for(account.academy).leaving.absence_message else Step.NONE,
    )
    _note(departure, "leaving.begun", by, reason, now)
    if day > today:
        tell_departure(departure, "begun", now)
    return departure


def _move(departure: Departure, last_day: date, day: date, by: Actor, reason: str, now: datetime) -> None:
    if (departure.last_day, departure.closes_on) == (last_day, day):
        return
    moved = departure.closes_on != day
    if departure.last_day != last_day and departure.absence == Step.DONE:
        departure.absence = Step.WANTED
    departure.last_day, departure.closes_on = last_day, day
    departure.save(update_fields=["last_day", "closes_on", "absence"])
    # The reminders count down to another day now.
    departure.notices.filter(kind__startswith="reminder").delete()
    _note(departure, "leaving.moved", by, reason, now)
    if moved:
        tell_departure(departure, f"moved-{now:%Y%m%d%H%M%S}", now)


def _note(departure: Departure, action: str, by: Actor, reason: str, now: datetime) -> None:
    account = departure.account
    record(
        by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, at=now,
        last_day=departure.last_day.isoformat(), closes_on=departure.closes_on.isoformat(),
    )  # fmt: skip
