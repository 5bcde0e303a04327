"""Offices that are given and taken back: each with its author and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.errors import AlreadyThere, BadMandate, WrongState
from casier.directory.life import ENDED
from casier.directory.models import Account, Mandate, Office, School


@dataclass(frozen=True, slots=True)
class NewMandate:
    """An office in the account's own academy: all of it, or one SCHOOL; until a moment, or for good."""

    office: Office
    school: School | None = None
    ends_at: datetime | None = None


def give_mandate(account: Account, new: NewMandate, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """Charge ACCOUNT with an office from now on.

    Raises BadMandate (no reason, another academy's school, an end that is past, oneself, the platform's
    office from elsewhere than the command line), AlreadyThere, WrongState.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=account.pk)
        _check(locked, new, by, reason, now)
        row = Mandate.objects.create(
            account=locked,
            office=new.office,
            academy=locked.academy,
            school=new.school,
            starts_at=now,
            ends_at=new.ends_at,
            reason=reason,
        )
        _note(row, "mandate.given", by, reason, now)
    return row


def end_mandate(row: Mandate, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """End it now; one that has ended stays as it was. Raises BadMandate as `give_mandate`."""
    if not reason.strip():
        raise BadMandate("An office is taken back for a reason.", field="reason")
    _check_platform(Office(row.office), by)
    with transaction.atomic():
        locked = (
            Mandate.objects.select_for_update(of=("self",))
            .select_related("account", "academy", "school")
            .get(pk=row.pk)
        )
        if locked.ended_at is None:
            locked.ended_at = now
            locked.save(update_fields=["ended_at"])
            _note(locked, "mandate.ended", by, reason, now)
    return locked


def _check_platform(office: Office, by: Actor) -> None:
    """An academy's DSI would widen their perimeter to all the others, or take it from who watches them."""
    if office == Office.PLATFORM and not (by.name.startswith("operator:") and by.origin == "cli"):
        raise BadMandate("The platform's office is given and ended at the command line.", field="office")


def _check(account: Account, new: NewMandate, by: Actor, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise BadMandate("An office is given for a reason.", field="reason")
    _check_platform(new.office, by)
    if new.office == Office.PLATFORM and new.school is not None:
        raise BadMandate("The platform's office isn't for one school.", field="school")
    # Who could widen their own office would hold them all.
    if by == Actor.account(account.public_id, by.origin):
        raise BadMandate("Nobody gives an office to themselves.", field="account")
    if account.state in ENDED:
        raise WrongState("The account is closed.", state=account.state)
    if new.school is not None and new.school.academy_id != account.academy_id:
        raise BadMandate("The school is another academy's.", field="school")
    if new.ends_at is not None and new.ends_at <= now:
        raise BadMandate("It would have ended before it began.", field="ends_at")
    held = Mandate.objects.filter(account=account, office=new.office, school=new.school, ended_at=None)
    if any(row.ends_at is None or row.ends_at > now for row in held):
        raise AlreadyThere("This office is held already.", office=str(new.office))


def _note(row: Mandate, action: str, by: Actor, reason: str, now: datetime) -> None:
    record(
        by, action, f"account:{row.account.public_id}", reason, academy=row.academy.slug, at=now,
        mandate=row.pk, office=str(row.office), school=row.school.uai if row.school else "",
        ends_at=row.ends_at.isoformat() if row.ends_at else "",
    )  # fmt: skip
    # Passwords of who holds an office have rules of their own, and contexts count it.
    emit("account.changed", row.account.public_id)
