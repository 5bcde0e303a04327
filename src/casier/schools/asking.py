"""What is asked for a school's mailboxes: by its head, by a manager, by who works there."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from casier.audit.api import Actor
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability, require
from casier.directory.models import Academy, Account, FunctionalMailbox, Role, School
from casier.directory.naming import in_order, refuse_taken
from casier.directory.postings import held_on, today
from casier.kernel.errors import NotAllowed
from casier.policies.api import policy_for
from casier.schools import telling
from casier.schools.access import decides_all, names_members, person_behind, reason_in
from casier.schools.answering import carry_out
from casier.schools.errors import AlreadyAsked, BadRequest, NotAsked
from casier.schools.models import Kind, Request, State
from casier.schools.requested import note
from casier.schools.rules import local_of

# Of one person at a time: nobody fills the queue.
MOST_WAITING = 20


def ask_new(school: School, name: str, wanted: str, *, by: Actor, reason: str, now: datetime) -> Request:
    """Ask for a mailbox of SCHOOL called NAME; WANTED becomes its address by the academy's form.

    Who would answer it gets it at once. Raises NotAllowed, NoReason, NotAsked, BadRequest, AddressTaken,
    AlreadyAsked.
    """
    reason, name = reason_in(reason), " ".join(name.split())[:200]
    if not name:
        raise BadRequest("A name is wanted.", field="name")
    with transaction.atomic():
        # One at a time: two requests never find the same address free, nor the last place.
        academy = Academy.objects.select_for_update().get(pk=school.academy_id)
        actor = _asks(by, school, now)
        all_of_it = decides_all(actor, academy, now)
        _room_for_new(school, all_of_it=all_of_it)
        address = address_for(school, wanted)
        refuse_taken([address], "", now)
        if Request.objects.filter(kind=Kind.NEW, state=State.WAITING, address=address).exists():
            raise AlreadyAsked("Asked for already.", address=address)
        row = _made(
            Request(school=school, academy=academy, kind=Kind.NEW, name=name, address=address),
            actor,
            by,
            reason,
            now,
        )
        if all_of_it:
            return carry_out(row, by, "", now)
    telling.asked(row, now)
    return row


def ask_close(mailbox: FunctionalMailbox, *, by: Actor, reason: str, now: datetime) -> Request:
    """Ask that MAILBOX be shut. Raises NotAllowed, NoReason, WrongState, AlreadyAsked."""
    reason = reason_in(reason)
    with transaction.atomic():
        locked = _lock_mailbox(mailbox)
        actor = _asks(by, _school_of(locked), now)
        row = _made(
            Request(school=_school_of(locked), academy=locked.academy, kind=Kind.CLOSE, mailbox=locked),
            actor, by, reason, now,
        )  # fmt: skip
        if decides_all(actor, locked.academy, now):
            return carry_out(row, by, "", now)
    telling.asked(row, now)
    return row


def ask_member(
    mailbox: FunctionalMailbox, account: Account, role: Role, *, by: Actor, reason: str, now: datetime
) -> Request:
    """Ask that somebody of another school be let into MAILBOX. Raises as `name_member` does, and NotAsked."""
    reason = reason_in(reason)
    with transaction.atomic():
        locked = _lock_mailbox(mailbox)
        actor = person_behind(by)
        if not names_members(actor, locked, now):
            raise NotAllowed("Neither an office nor a part in the mailbox allows this.")
        if policy_for(locked.academy).schools.members_elsewhere != "approved":
            raise NotAsked("The policy doesn't let this be asked.", field="members_elsewhere")
        if account.academy_id != locked.academy_id or account.state in ENDED or account == actor:
            raise BadRequest("Not this person.", field="member")
        row = _made(
            Request(
                school=_school_of(locked), academy=locked.academy, kind=Kind.MEMBER, mailbox=locked,
                about=account, role=role,
            ),
            actor, by, reason, now,
        )  # fmt: skip
    telling.asked(row, now)
    return row


def ask_to_join(mailbox: FunctionalMailbox, role: Role, *, by: Actor, reason: str, now: datetime) -> Request:
    """Ask to be let into a mailbox of one's own school. Raises NotAllowed, NotAsked, AlreadyAsked."""
    reason = reason_in(reason)
    with transaction.atomic():
        locked = _lock_mailbox(mailbox)
        actor = person_behind(by)
        if actor is None or not joinable(actor, now).filter(pk=locked.pk).exists():
            raise NotAllowed("Not a mailbox of a school where they work.")
        if role == Role.MANAGE:
            raise BadRequest("Managers are named.", field="role")
        row = _made(
            Request(
                school=_school_of(locked), academy=locked.academy, kind=Kind.JOIN, mailbox=locked,
                about=actor, role=role,
            ),
            actor, by, reason, now,
        )  # fmt: skip
    telling.asked(row, now)
    return row


def joinable(account: Account, now: datetime) -> QuerySet[FunctionalMailbox]:
    """The mailboxes that ACCOUNT may ask to be let into: those of its schools that it doesn't open yet."""
    if not policy_for(account.academy).schools.ask_to_join:
        return FunctionalMailbox.objects.none()
    schools = held_on(today(now)).filter(person=account.person_id).values("school")
    rows = FunctionalMailbox.objects.filter(academy=account.academy_id, school__in=schools, is_closed=False)
    return rows.exclude(memberships__account=account).select_related("school")


def address_for(school: School, wanted: str) -> str:
    """The address that WANTED becomes. Raises BadRequest."""
    domain = in_order(school.academy)[0].name
    return f"{local_of(policy_for(school.academy).schools.mailbox_address, wanted, school.uai)}@{domain}"


def _asks(by: Actor, school: School, now: datetime) -> Account | None:
    actor = person_behind(by)
    if actor is not None:
        require(actor, Ability.MANAGE_SCHOOL_MAILBOXES, school, now)
    return actor


def _room_for_new(school: School, *, all_of_it: bool) -> None:
    policy = policy_for(school.academy).schools
    if not school.is_open:
        raise WrongState("The school is closed.")
    if all_of_it:
        return
    if not policy.ask_mailboxes:
        raise NotAsked("The policy doesn't let this be asked.", field="ask_mailboxes")
    there = school.mailboxes.filter(is_closed=False).count()
    there += Request.objects.filter(school=school, kind=Kind.NEW, state=State.WAITING).count()
    if there >= policy.most_mailboxes:
        raise NotAsked(
            "The school has as many as it may have.", field="most_mailboxes", most=policy.most_mailboxes
        )


def _made(row: Request, actor: Account | None, by: Actor, reason: str, now: datetime) -> Request:
    mine = Request.objects.filter(asked_by=actor, state=State.WAITING) if actor else Request.objects.none()
    if mine.count() >= MOST_WAITING:
        raise NotAsked("Too many of theirs wait already.", field="waiting")
    row.asked_by, row.by, row.reason, row.asked_at = actor, by.name, reason, now
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAsked("Asked for already.") from error
    note(row, "functional.asked", by, reason, now)
    return row


def _lock_mailbox(mailbox: FunctionalMailbox) -> FunctionalMailbox:
    rows = FunctionalMailbox.objects.select_for_update(of=("self",))
    locked = rows.select_related("academy", "school__academy").get(pk=mailbox.pk)
    if locked.is_closed:
        raise WrongState("The mailbox is closed.")
    return locked


def _school_of(mailbox: FunctionalMailbox) -> School:
    if mailbox.school is None:
        raise BadRequest("Not a school's mailbox.", field="mailbox")
    return mailbox.school
