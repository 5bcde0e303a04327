"""Offices that are given and taken back: each with its author and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.errors import AlreadyThere, BadMandate, WrongState
from casier.directory.models import Academy, Account, AccountState, Mandate, Network, Office, School

_CLOSED = frozenset({AccountState.CLOSED, AccountState.PURGED})


@dataclass(frozen=True, slots=True)
class NewMandate:
    """An office in the account's own academy, or in the one that ACADEMY names: all of it, or one school,
    department or network of it; until a moment, or for good.
    """

    office: Office
    school: School | None = None
    ends_at: datetime | None = None
    department: str = ""
    network: Network | None = None
    academy: Academy | None = None

    @property
    def parts(self) -> int:
        """How many parts of the academy it names: one is the most."""
        return sum((self.school is not None, bool(self.department), self.network is not None))


def give_mandate(account: Account, new: NewMandate, *, by: Actor, reason: str, now: datetime) -> Mandate:
    """Charge ACCOUNT with an office from now on.

    Raises BadMandate (no reason, another academy's school, an end that is past, oneself, the platform's
    office or one in another academy from elsewhere than the command line, a head of nothing), AlreadyThere,
    WrongState.
    """
    with transaction.atomic():
        locked = locked_account(account)
        check_reason(reason)
        check_platform(new.office, by)
        check_elsewhere(locked, new, by)
        _check(locked, new, by, now)
        row = make_row(locked, new, reason, now)
        note(row, "mandate.given", by, reason, now)
    return row


def end_mandate(row: Mandate, *, by: Actor, reason: str, now: datetime, withdrawn: bool = True) -> Mandate:
    """End it now, and what was lent from it; one that has ended stays as it was. What a function or a
    group brought is WITHDRAWN as long as they last, unless it only ends with them. Raises BadMandate as
    `give_mandate`.
    """
    if not reason.strip():
        raise BadMandate("An office is taken back for a reason.", field="reason")
    check_platform(Office(row.office), by)
    with transaction.atomic():
        rows = Mandate.objects.select_for_update(of=("self",)).select_related(
            "account", "academy", "school", "network"
        )
        locked = rows.get(pk=row.pk)
        for one in [locked, *rows.filter(shared_from=locked)]:
            if one.ended_at is None:
                one.ended_at, one.withdrawn = now, withdrawn and one.comes_with != ""
                one.save(update_fields=["ended_at", "withdrawn"])
                note(one, "mandate.ended", by, reason, now)
    return locked


def locked_account(account: Account) -> Account:
    """ACCOUNT, whose offices nobody else changes meanwhile. Inside a transaction."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("academy")
    return rows.get(pk=account.pk)


def make_row(
    account: Account, new: NewMandate, reason: str, now: datetime, shared_from: Mandate | None = None
) -> Mandate:
    """The office that NEW describes. Raises AlreadyThere for one that is held already."""
    where = {"school": new.school, "department": new.department, "network": new.network}
    academy = new.academy or account.academy
    held = Mandate.objects.filter(account=account, academy=academy, office=new.office, ended_at=None, **where)
    if any(row.ends_at is None or row.ends_at > now for row in held):
        raise AlreadyThere("This office is held already.", office=str(new.office))
    return Mandate.objects.create(
        account=account,
        office=new.office,
        academy=academy,
        starts_at=now,
        ends_at=new.ends_at,
        reason=reason,
        shared_from=shared_from,
        **where,
    )


def check_reason(reason: str) -> None:
    """Raises BadMandate."""
    if not reason.strip():
        raise BadMandate("An office is given for a reason.", field="reason")


def check_platform(office: Office, by: Actor) -> None:
    """An academy's DSI would widen their perimeter to all the others, or take it from who watches them."""
    if office == Office.PLATFORM and not _at_the_server(by):
        raise BadMandate("The platform's office is given and ended at the command line.", field="office")


def check_elsewhere(account: Account, new: NewMandate, by: Actor) -> None:
    """Two academies would have to agree to what one of them gives: whoever answers for both of them does."""
    if new.academy is None or new.academy.pk == account.academy_id:
        return
    if not _at_the_server(by):
        raise BadMandate("An office in another academy is given at the command line.", field="academy")
    if new.office == Office.PLATFORM:
        raise BadMandate("The platform's office is for all of them.", field="academy")


def _at_the_server(by: Actor) -> bool:
    return by.name.startswith("operator:") and by.origin == "cli"


def check_part(academy: Academy, new: NewMandate) -> None:
    """Whether NEW is for the academy or for one part of it. Raises BadMandate."""
    if new.parts > 1:
        raise BadMandate("One school, one department or one network.", field="school")
    if new.office == Office.PLATFORM and new.parts:
        raise BadMandate("The platform's office isn't for one school.", field="school")
    if new.office == Office.HEAD and not new.parts:
        raise BadMandate("A head is the head of a school.", field="school")
    if new.school is not None and new.school.academy_id != academy.pk:
        raise BadMandate("The school is another academy's.", field="school")
    if new.network is not None and new.network.academy_id != academy.pk:
        raise BadMandate("The network is another academy's.", field="network")
    if new.department and not academy.schools.filter(department=new.department).exists():
        raise BadMandate("No school of the academy is in this department.", field="department")


def _check(account: Account, new: NewMandate, by: Actor, now: datetime) -> None:
    check_part(new.academy or account.academy, new)
    # Who could widen their own office would hold them all.
    if by == Actor.account(account.public_id, by.origin):
        raise BadMandate("Nobody gives an office to themselves.", field="account")
    if account.state in _CLOSED:
        raise WrongState("The account is closed.", state=account.state)
    if new.ends_at is not None and new.ends_at <= now:
        raise BadMandate("It would have ended before it began.", field="ends_at")


def note(row: Mandate, action: str, by: Actor, reason: str, now: datetime) -> None:
    """Journal what became of an office. Inside a transaction."""
    more = {"department": row.department, "network": row.network.slug if row.network else ""}
    if row.shared_from_id:
        more["shared_from"] = str(row.shared_from_id)
    more |= {"function": row.by_function, "group": row.by_group}
    record(
        by, action, f"account:{row.account.public_id}", reason, academy=row.academy.slug, at=now,
        mandate=row.pk, office=str(row.office), school=row.school.uai if row.school else "",
        ends_at=row.ends_at.isoformat() if row.ends_at else "",
        **{name: value for name, value in more.items() if value},
    )  # fmt: skip
    # Passwords of who holds an office have rules of their own, and contexts count it.
    emit("account.changed", row.account.public_id)
