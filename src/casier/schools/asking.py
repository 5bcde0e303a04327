"""What is asked for a school's mailboxes, and the answers: each once, by whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from casier.audit.api import Actor, record
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability, academies_within, require, schools_within
from casier.directory.models import Academy, Account, FunctionalMailbox, Membership, Role, School
from casier.directory.naming import in_order, refuse_taken
from casier.directory.postings import held_on, today
from casier.kernel.errors import NotAllowed
from casier.policies.api import policy_for
from casier.schools import telling
from casier.schools.access import decides_all, names_members, person_behind, reason_in
from casier.schools.errors import AlreadyAsked, BadRequest, NotAsked, SamePerson, WrongStep
from casier.schools.models import Kind, Request, State
from casier.schools.rules import local_of

# Of one person at a time: nobody fills the queue.
MOST_WAITING = 20
FORGOTTEN = timedelta(days=7)


# Asking ---------------------------------------------------------------------------------------------
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
            return _approve(row, by, "", now)
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
            return _approve(row, by, "", now)
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


# Answering ------------------------------------------------------------------------------------------
def decides(account: Account | None, request: Request, now: datetime) -> bool:
    """Whether ACCOUNT may answer REQUEST: never one's own, nor what is about oneself."""
    if account is None:
        return True
    if account.pk in (request.asked_by_id, request.about_id):
        return False
    if request.kind == Kind.JOIN and request.mailbox is not None:
        return names_members(account, request.mailbox, now)
    return decides_all(account, request.academy, now)


def approve(request: Request, *, by: Actor, answer: str = "", now: datetime) -> Request:
    """Say yes, and do it. Raises NotAllowed, SamePerson, WrongStep, AddressTaken, WrongState, NotAsked."""
    with transaction.atomic():
        row = _lock(request, by, now)
        return _approve(row, by, " ".join(answer.split())[:500], now)


def refuse(request: Request, *, by: Actor, reason: str, now: datetime) -> Request:
    """Say no, and why. Raises NotAllowed, NoReason, SamePerson, WrongStep."""
    reason = reason_in(reason)
    with transaction.atomic():
        row = _lock(request, by, now)
        _settle(row, State.REFUSED, by, reason, now)
        telling.answered(row, approved=False)
    return row


def withdraw(request: Request, *, by: Actor, now: datetime) -> Request:
    """Whoever asked doesn't want it any more. Raises NotAllowed, WrongStep."""
    with transaction.atomic():
        row = _locked_row(request)
        actor = person_behind(by)
        if actor is not None and actor.pk != row.asked_by_id:
            raise NotAllowed("Only who asked takes it back.")
        _still_waits(row)
        _settle(row, State.WITHDRAWN, by, row.reason, now)
    return row


def withdraw_join(mailbox: FunctionalMailbox, account: Account, *, by: Actor, now: datetime) -> None:
    """ACCOUNT was named: what it asked for is settled with that."""
    rows = Request.objects.select_for_update(of=("self",)).select_related("academy", "asked_by__academy")
    for row in rows.filter(mailbox=mailbox, about=account, state=State.WAITING):
        _settle(row, State.APPROVED, by, "", now)


def waiting_for(account: Account, now: datetime) -> QuerySet[Request]:
    """What waits for an answer of ACCOUNT: the academy's, its schools', its mailboxes'. Who asks to be let in
    is their school's matter; for the academy, only what nobody there has answered in a week.
    """
    academies = academies_within(account, Ability.MANAGE_SCHOOL_MAILBOXES, now)
    whole = Q(academy__in=academies) & (~Q(kind=Kind.JOIN) | Q(asked_at__lte=now - FORGOTTEN))
    schools = schools_within(account, Ability.MANAGE_SCHOOL_MAILBOXES, now).exclude(academy__in=academies)
    managed = Membership.objects.filter(account=account, role=Role.MANAGE).values("mailbox")
    join = Q(kind=Kind.JOIN) & (Q(school__in=schools.values("pk")) | Q(mailbox__in=managed))
    rows = Request.objects.filter(whole | join, state=State.WAITING)
    return _told(rows.exclude(asked_by=account).exclude(about=account))


def asked_by(account: Account) -> QuerySet[Request]:
    """What ACCOUNT asked for, the last first."""
    return _told(Request.objects.filter(asked_by=account)).order_by("-asked_at")


def requests_of(school: School) -> QuerySet[Request]:
    """What waits for SCHOOL."""
    return _told(Request.objects.filter(school=school, state=State.WAITING))


def _told(rows: QuerySet[Request]) -> QuerySet[Request]:
    names = ("school", "academy", "mailbox", "about__person", "asked_by__person")
    return rows.select_related(*names).order_by("asked_at")


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
    _record(row, "functional.asked", by, reason, now)
    return row


def _approve(row: Request, by: Actor, answer: str, now: datetime) -> Request:
    _DO[Kind(row.kind)](row, by, now)
    _settle(row, State.APPROVED, by, answer, now)
    if person_behind(by) != row.asked_by or row.asked_by is None:
        telling.answered(row, approved=True)
    return row


def _open(row: Request, by: Actor, now: datetime) -> None:
    new = actions.NewMailbox(row.name, row.school, row.address)
    row.mailbox = actions.create_functional_mailbox(row.academy, new, by=by, reason=row.reason, now=now)
    row.save(update_fields=["mailbox"])
    # Whoever asked names the members: somebody must, and they may already for the school.
    asker = row.asked_by
    if asker is not None and held_on(today(now)).filter(person=asker.person_id, school=row.school).exists():
        actions.set_member(row.mailbox, asker, Role.MANAGE, by=by, reason=row.reason, now=now)


def _shut(row: Request, by: Actor, now: datetime) -> None:
    assert row.mailbox is not None  # noqa: S101  a request to close names one
    actions.close_functional_mailbox(row.mailbox, by=by, reason=row.reason, now=now)
    # What else was asked for it has no object any more.
    others = Request.objects.select_for_update(of=("self",)).select_related("academy", "asked_by__academy")
    for other in others.filter(mailbox=row.mailbox, state=State.WAITING).exclude(pk=row.pk):
        _settle(other, State.REFUSED, by, "", now)
        telling.answered(other, approved=False)


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
    Kind.NEW: _open,
    Kind.CLOSE: _shut,
    Kind.MEMBER: _let_in,
    Kind.JOIN: _let_in,
}


def _lock(request: Request, by: Actor, now: datetime) -> Request:
    """The row, for who may answer it, while it waits."""
    # The academy first, as whoever makes a mailbox does.
    Academy.objects.select_for_update().get(pk=request.academy_id)
    row = _locked_row(request)
    actor = person_behind(by)
    if actor is not None and actor.pk in (row.asked_by_id, row.about_id):
        raise SamePerson("Nobody answers themselves.")
    if not decides(actor, row, now):
        raise NotAllowed("Somebody else answers this.")
    _still_waits(row)
    return row


def _locked_row(request: Request) -> Request:
    rows = Request.objects.select_for_update(of=("self",))
    return rows.select_related(
        "school__academy", "academy", "mailbox__school__academy", "mailbox__academy", "about__person",
        "about__academy", "asked_by__person", "asked_by__academy",
    ).get(pk=request.pk)  # fmt: skip


def _still_waits(row: Request) -> None:
    if row.state != State.WAITING:
        raise WrongStep("Somebody has answered.", state=row.state)


def _settle(row: Request, state: State, by: Actor, answer: str, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at, row.answer = state, by.name, now, answer
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _record(row, f"functional.{state.value}", by, answer or row.reason, now)


def _record(row: Request, action: str, by: Actor, reason: str, now: datetime) -> None:
    target = f"functional:{row.mailbox_id.hex}" if row.mailbox_id else f"school:{row.school.uai}"
    record(
        by, action, target, reason, academy=row.academy.slug, at=now, kind=row.kind, name=row.name,
        address=row.address, about=row.about.public_id if row.about else "", request=row.pk.hex,
    )  # fmt: skip


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
            _settle(row, State.REFUSED, by, "", now)
    return len(found)
