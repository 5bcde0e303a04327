"""The day itself: the account is shut, what hung on it ends; and the way back."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.access import primary_address
from casier.directory.actions import accounts, delegations
from casier.directory.actions.mailboxes import set_member, works_there
from casier.directory.actions.mandates import end_mandate
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.models import (
    Account,
    FunctionalMailbox,
    Mandate,
    Membership,
    Office,
    Role,
)
from casier.identity.api import live_app_passwords, revoke_app_password
from casier.life.clocks import closes_on, day_of, is_held_on, open_departure, purges_on, spans
from casier.life.dates import held_on, purge_day
from casier.life.errors import Held
from casier.life.models import Becomes, Departure, Outcome, Step
from casier.life.telling import tell_departure
from casier.policies.api import policy_for


def close(account: Account, *, by: Actor, reason: str, now: datetime) -> Departure:
    """Shut ACCOUNT now, whatever day was set. Raises Held, WrongState."""
    with transaction.atomic():
        locked = lock(account)
        departure = open_departure(locked)
        if departure is not None and departure.closed_on is not None:
            return departure
        if is_held_on(locked, day_of(now)):
            raise Held("A hold keeps this account as it is.", account=locked.public_id)
        if departure is None:
            departure = _at_once(locked, by, reason, now)
        _close(departure, locked, by, reason, now)
    return departure


def close_if_due(departure: Departure, *, by: Actor, now: datetime) -> bool:
    """Shut the account whose day has come, if no hold put it off; whether it was shut now."""
    with transaction.atomic():
        locked = lock(departure.account)
        current = open_departure(locked)
        if current is None or current.pk != departure.pk or current.closed_on is not None:
            return False
        held, today = spans(locked), day_of(now)
        day = closes_on(current, held)
        # One that leaves and closes on the same day has no day in between that a hold could put off.
        if day is None or day > today or held_on(today, held):
            return False
        _close(current, locked, by, current.reason or "the day has come", now)
    return True


def reopen(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """Open ACCOUNT again with what is still there of it; after the purge, as a new one.

    Raises WrongState for one that is suspended or leaves, and where the purge is under way.
    """
    with transaction.atomic():
        locked = lock(account)
        departure = open_departure(locked)
        if locked.state not in ENDED:
            accounts.reopen(locked, by=by, reason=reason, now=now)
            return
        if departure is not None and departure.purging_since is not None:
            raise WrongState("What it held is being erased.", state=locked.state)
        opened = accounts.reopen(locked, by=by, reason=reason, now=now)
        delegations.hand_over(opened, None, until=now, by=by, reason=reason, now=now)
        if departure is None:
            return
        departure.outcome, departure.ended_on = Outcome.REOPENED, day_of(now)
        departure.absence = Step.WANTED if departure.absence == Step.DONE else departure.absence
        departure.save(update_fields=["outcome", "ended_on", "absence"])
        _give_back(departure, opened, by, reason, now)
        departure.account = opened
        tell_departure(departure, "reopened", now)


def apply_fate(departure: Departure, *, by: Actor, reason: str, now: datetime) -> None:
    """Lead mail of a closed account where it was decided, and open what is there to whom it was handed."""
    account = departure.account
    heir = departure.handed_to if departure.becomes == Becomes.HANDED else None
    target = departure.redirect_to if departure.becomes == Becomes.REDIRECTED else ""
    if heir is not None:
        target = primary_address(heir)
    accounts.lead_to(account, target, by=by, reason=reason, now=now)
    if heir is not None and heir.state in ENDED:
        heir = None  # has gone meanwhile: nobody reads it, nor whoever they may become
    day = purges_on(departure, spans(account)) or departure.purge_on
    until = timezone.make_aware(datetime.combine(day, time())) if day else now
    delegations.hand_over(account, heir, until=until, by=by, reason=reason, now=now)


def lock(account: Account) -> Account:
    """The row, for as long as the transaction lasts."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("academy", "person", "store")
    return rows.get(pk=account.pk)


def _at_once(account: Account, by: Actor, reason: str, now: datetime) -> Departure:
    """A departure of one moment, for an account that is closed without having left."""
    today = day_of(now)
    leaving = accounts.leave(account, by=by, reason=reason, now=now)
    return Departure.objects.create(
        account=leaving, began_on=today, last_day=today, closes_on=today, by=by.name, reason=reason
    )


def _close(departure: Departure, account: Account, by: Actor, reason: str, now: datetime) -> None:
    today = day_of(now)
    for row in live_app_passwords(account):
        revoke_app_password(account, row.id.hex, by, reason)
    departure.lost = {"memberships": _memberships(account)}
    _end_mandates(account, by, reason, now)
    closed = accounts.close(account, by=by, reason=reason, now=now)
    departure.account = closed
    departure.closed_on, departure.purge_on = today, purge_day(today, policy_for(closed.academy))
    # Nobody writes to an address that is refused: answers that weren't set are none any more.
    departure.absence = Step.NONE if departure.absence == Step.WANTED else departure.absence
    departure.save(update_fields=["closed_on", "purge_on", "lost", "absence"])
    apply_fate(departure, by=by, reason=reason, now=now)
    tell_departure(departure, f"closed-{today:%Y%m%d}", now)


def _memberships(account: Account) -> list[list[str]]:
    rows = Membership.objects.filter(account=account).values_list("mailbox", "role", "by_posting")
    return [[mailbox.hex, role, "posting" if by_posting else ""] for mailbox, role, by_posting in rows]


def _end_mandates(account: Account, by: Actor, reason: str, now: datetime) -> None:
    """Offices don't come back with the account: somebody gives them anew, or a function brings them. The
    platform's own is ended at the command line alone; who is out exercises none.
    """
    held = Mandate.objects.filter(account=account, ended_at=None).exclude(office=Office.PLATFORM)
    for mandate in held:
        end_mandate(mandate, by=by, reason=reason or "the account is closed", now=now, withdrawn=False)


def _give_back(departure: Departure, account: Account, by: Actor, reason: str, now: datetime) -> None:
    """The functional mailboxes that are still there. Who comes back suspended finds them once they may come
    in: until then nothing opens to them.
    """
    held = {row[0]: row[1:] for row in departure.lost.get("memberships", [])}
    for mailbox in FunctionalMailbox.objects.filter(pk__in=list(held), is_closed=False):
        role, *why = held[mailbox.pk.hex]
        # Where the posting is over meanwhile, what hung on it doesn't come back without it.
        if why != ["posting"] or works_there(account, mailbox, now):
            set_member(mailbox, account, Role(role), by=by, reason=reason, now=now)
