"""The answers to what is asked for a school's mailboxes: each once, by whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability, may
from casier.directory.models import Academy, Account, FunctionalMailbox, Membership, Role
from casier.directory.naming import parse_own
from casier.directory.postings import held_on, today
from casier.kernel.errors import NotAllowed
from casier.schools import telling
from casier.schools.access import decides_all, names_members, person_behind, reason_in
from casier.schools.errors import AlreadyAsked, SamePerson
from casier.schools.models import Kind, Request, State
from casier.schools.requested import locked_row, settle, still_waits


def decides(account: Account | None, request: Request, now: datetime) -> bool:
    """Whether ACCOUNT may answer REQUEST: never one's own, nor what is about oneself."""
    if account is None:
        return True
    if account.pk in (request.asked_by_id, request.about_id):
        return False
    if request.kind == Kind.JOIN and request.mailbox is not None:
        return names_members(account, request.mailbox, now)
    return decides_all(account, request.academy, now)


def approve(request: Request, *, by: Actor, answer: str = "", address: str = "", now: datetime) -> Request:
    """Say yes, and do it. ADDRESS: the one that a new mailbox gets in place of that asked for.

    Raises NotAllowed, SamePerson, WrongStep, AddressTaken, WrongState, NotAsked, BadAddress, NotOurDomain,
    AlreadyAsked (somebody else waits for that address).
    """
    with transaction.atomic():
        row = _lock(request, by, now)
        given = _other_address(row, address)
        return carry_out(row, by, " ".join(answer.split())[:500], now, given)


def refuse(request: Request, *, by: Actor, reason: str, now: datetime) -> Request:
    """Say no, and why. Raises NotAllowed, NoReason, SamePerson, WrongStep."""
    reason = reason_in(reason)
    with transaction.atomic():
        row = _lock(request, by, now)
        settle(row, State.REFUSED, by, reason, now)
        telling.answered(row, now, approved=False)
    return row


def withdraw(request: Request, *, by: Actor, now: datetime) -> Request:
    """Whoever asked doesn't want it any more. Raises NotAllowed, WrongStep."""
    with transaction.atomic():
        row = locked_row(request)
        actor = person_behind(by)
        if actor is not None and actor.pk != row.asked_by_id:
            raise NotAllowed("Only who asked takes it back.")
        still_waits(row)
        settle(row, State.WITHDRAWN, by, row.reason, now)
    return row


def withdraw_join(mailbox: FunctionalMailbox, account: Account, *, by: Actor, now: datetime) -> None:
    """ACCOUNT was named: what it asked for is settled with that."""
    rows = Request.objects.select_for_update(of=("self",)).select_related("academy", "asked_by__academy")
    for row in rows.filter(mailbox=mailbox, about=account, state=State.WAITING):
        settle(row, State.APPROVED, by, "", now)


def refuse_orphans(now: datetime, *, by: Actor) -> int:
    """End what nobody can grant any more: who asked to be let in no longer works there, or has gone."""
    rows = Request.objects.filter(state=State.WAITING, kind__in=[Kind.JOIN, Kind.MEMBER])
    here = held_on(today(now)).filter(person=OuterRef("about__person"), school=OuterRef("school"))
    gone = Q(about__state__in=sorted(ENDED)) | Q(kind=Kind.JOIN) & ~Exists(here)
    with transaction.atomic():
        found = list(
            rows.filter(gone).select_for_update(of=("self",)).select_related("academy", "school", "about")
        )
        for row in found:
            settle(row, State.REFUSED, by, "", now)
    return len(found)


def carry_out(row: Request, by: Actor, answer: str, now: datetime, address: str = "") -> Request:
    """Do what ROW asks, with another ADDRESS perhaps, and keep that somebody agreed. Inside a transaction."""
    if row.kind == Kind.NEW:
        _open(row, address or row.address, by, now)
    else:
        _DO[Kind(row.kind)](row, by, now)
    settle(row, State.APPROVED, by, answer, now, given=address)
    if person_behind(by) != row.asked_by or row.asked_by is None:
        telling.answered(row, now, approved=True, given=address)
    return row


def _other_address(row: Request, wanted: str) -> str:
    """What WANTED is as an address of the academy; "" where it is the one that was asked for."""
    if row.kind != Kind.NEW or not wanted.strip():
        return ""
    address = str(parse_own(row.academy, wanted)[0])
    if address == row.address:
        return ""
    if Request.objects.filter(kind=Kind.NEW, state=State.WAITING, address=address).exists():
        raise AlreadyAsked("Somebody else waits for it.", address=address)
    return address


def _open(row: Request, address: str, by: Actor, now: datetime) -> None:
    new = actions.NewMailbox(row.name, row.school, address)
    row.mailbox = actions.create_functional_mailbox(row.academy, new, by=by, reason=row.reason, now=now)
    row.save(update_fields=["mailbox"])
    # Whoever asked names the members: somebody must, and they may for the school, where they still do.
    asker = row.asked_by
    if asker is None or not may(asker, Ability.MANAGE_SCHOOL_MAILBOXES, row.school, now):
        return
    if held_on(today(now)).filter(person=asker.person_id, school=row.school).exists():
        actions.set_member(row.mailbox, asker, Role.MANAGE, by=by, reason=row.reason, now=now)


def _shut(row: Request, by: Actor, now: datetime) -> None:
    assert row.mailbox is not None  # noqa: S101  a request to close names one
    actions.close_functional_mailbox(row.mailbox, by=by, reason=row.reason, now=now)
    # What else was asked for it has no object any more.
    others = Request.objects.select_for_update(of=("self",)).select_related("academy", "asked_by__academy")
    for other in others.filter(mailbox=row.mailbox, state=State.WAITING).exclude(pk=row.pk):
        settle(other, State.REFUSED, by, "", now)
        telling.answered(other, now, approved=False)


def _let_in(row: Request, by: Actor, now: datetime) -> None:
    assert row.mailbox is not None  # noqa: S101  these name a mailbox and somebody
    assert row.about is not None  # noqa: S101
    if row.kind == Kind.JOIN:
        here = held_on(today(now)).filter(person=row.about.person_id, school=row.school)
        if not here.exists():
            raise WrongState("They don't work there any more.")
    held = Membership.objects.filter(mailbox=row.mailbox, account=row.about).values_list("role", flat=True)
    role, order = Role(row.role), list(Role)
    if not held or order.index(role) > order.index(Role(held[0])):
        actions.set_member(row.mailbox, row.about, role, by=by, reason=row.reason, now=now)
        telling.member_changed(row.mailbox, row.about, role, person_behind(by))


_DO: dict[Kind, Callable[[Request, Actor, datetime], None]] = {
    Kind.CLOSE: _shut,
    Kind.MEMBER: _let_in,
    Kind.JOIN: _let_in,
}


def _lock(request: Request, by: Actor, now: datetime) -> Request:
    """The row, for who may answer it, while it waits."""
    # The academy first, as whoever makes a mailbox does.
    Academy.objects.select_for_update().get(pk=request.academy_id)
    row = locked_row(request)
    actor = person_behind(by)
    if actor is not None and actor.pk in (row.asked_by_id, row.about_id):
        raise SamePerson("Nobody answers themselves.")
    if not decides(actor, row, now):
        raise NotAllowed("Somebody else answers this.")
    still_waits(row)
    return row
