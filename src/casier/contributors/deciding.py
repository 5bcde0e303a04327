"""The DSI agrees to a request, or doesn't. Nobody decides about what they asked for, nor about themselves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.contributors.access import acting, lock_request, lock_stay, not_oneself, said
from casier.contributors.asking import settle
from casier.contributors.counting import check_room, live, rules_of
from casier.contributors.errors import AlreadyAsked, BadRequest, NobodyInCharge, SamePerson
from casier.contributors.going import bring_back
from casier.contributors.models import Request, State, Stay
from casier.contributors.neighbours import is_neighbour, neighbours
from casier.contributors.renewing import lengthen
from casier.contributors.sealing import opened, seal
from casier.contributors.sponsors import sponsor_for
from casier.contributors.telling import tell_begins_elsewhere, tell_decided
from casier.contributors.ways import give_if_due
from casier.directory.access import default_store
from casier.directory.actions import NewAccount, create_account
from casier.directory.actions.many import Newcomer, create_many
from casier.directory.mandates import Ability
from casier.directory.models import Account, Person, Posting, PostingSource
from casier.life.clocks import day_of
from casier.policies.api import policy_for

# A contributor's function: AAF has none for them. What they do stands in the posting's label.
FUNCTION = "EXT"


@dataclass(frozen=True, slots=True)
class Agreed:
    """How the DSI agrees: until which day (None: as asked), and who it is (None: somebody new)."""

    ends_on: date | None = None
    person: Person | None = None
    answer: str = ""


def approve(request: Request, agreed: Agreed, *, by: Actor, now: datetime) -> Stay:
    """Agree: the person, the posting, the account with its addresses, and the way in on the first day.

    Raises NotAllowed, SamePerson, WrongStep, BadRequest, NotTaken, TooMany, NobodyInCharge, AlreadyAsked.
    """
    with transaction.atomic():
        row = lock_request(request)
        actor = _decider(row, by, now)
        rules_of(row.school.academy)
        row.ends_on = _until(row, agreed.ends_on, day_of(now))
        row.answer = " ".join(agreed.answer.split())[:500]
        stay = _longer(row, actor, by, now) if row.renewal else _begin(row, agreed.person, actor, by, now)
        row.stay = stay
        settle(row, State.APPROVED, by, row.answer, now)
        sent = give_if_due(stay, now)
        later = stay.posting.starts_on is not None and stay.posting.starts_on > day_of(now)
        tell_decided(row, stay, by_paper=not sent and not (later and bool(stay.hint)), now=now)
    return stay


def refuse(request: Request, reason: str, *, by: Actor, now: datetime) -> Request:
    """Don't agree; whoever asked is told REASON. Raises NotAllowed, SamePerson, WrongStep, BadRequest."""
    answer = said(reason)
    with transaction.atomic():
        row = lock_request(request)
        _decider(row, by, now)
        settle(row, State.REFUSED, by, answer, now)
        tell_decided(row, None, by_paper=False, now=now)
    return row


def _decider(row: Request, by: Actor, now: datetime) -> Account | None:
    actor = acting(by, row.school, now, Ability.APPROVE_CONTRIBUTOR)
    if actor is not None and actor.pk == row.asked_by_id:
        raise SamePerson("Somebody else has to agree to it.")
    if row.stay is not None:
        not_oneself(actor, row.stay.account.person_id)
    return actor


def _until(row: Request, wanted: date | None, today: date) -> date:
    """The last day: as asked, or sooner. Raises BadRequest."""
    ends_on = wanted or row.ends_on
    if ends_on > row.ends_on:
        raise BadRequest(
            "Not beyond what was asked for.", field="ends_on", why="too_long", last=row.ends_on.isoformat()
        )
    if ends_on < max(today, row.starts_on):
        raise BadRequest("It would end before it begins.", field="ends_on", why="before")
    return ends_on


def _longer(row: Request, actor: Account | None, by: Actor, now: datetime) -> Stay:
    assert row.stay is not None  # noqa: S101  a constraint of the table
    stay = lock_stay(row.stay)
    not_oneself(actor, stay.account.person_id)
    lengthen(stay, row.ends_on, renewals=0, by=by, reason=row.reason, now=now)
    return stay


def _begin(row: Request, person: Person | None, actor: Account | None, by: Actor, now: datetime) -> Stay:
    today = day_of(now)
    check_room(row.school, rules_of(row.school.academy), today, waiting=False)
    if person is not None:
        _check_person(row, person, actor, now)
    sponsor = sponsor_for(row.school, row.asked_by, now, person.pk if person else None)
    if sponsor is None:
        raise NobodyInCharge("The school has no head who would answer for them.", school=row.school.uai)
    account = _account(row, person, by, now)
    posting = Posting.objects.create(
        person=account.person,
        school=row.school,
        function=FUNCTION,
        label=row.role,
        starts_on=max(row.starts_on, today),
        ends_on=row.ends_on,
        source=PostingSource.SPONSOR,
    )
    stay = Stay(
        id=uuid.uuid4(), account=account, school=row.school, posting=posting, sponsor=sponsor,
        begun_at=now, agreed_at=now, hint=row.hint,
    )  # fmt: skip
    if is_neighbour(stay):
        stay.hint = ""  # they have their way in, from their own academy
        _note_there(stay, by, row.reason, now)
    else:
        seal(stay, *opened(row))
    stay.save(force_insert=True)
    emit("account.changed", account.public_id)
    return stay


def _note_there(stay: Stay, by: Actor, reason: str, now: datetime) -> None:
    """Tell the person, and their own academy's journal: neither asked for it."""
    record(
        by, "contributor.elsewhere", f"account:{stay.account.public_id}", reason,
        academy=stay.account.academy.slug, at=now, school=stay.school.uai,
        ends_on=stay.posting.ends_on.isoformat() if stay.posting.ends_on else "",
    )  # fmt: skip
    tell_begins_elsewhere(stay, now)


def _check_person(row: Request, person: Person, actor: Account | None, now: datetime) -> None:
    """Whether the request may be about somebody whom the directory has. Raises BadRequest, SamePerson."""
    not_oneself(actor, person.pk)
    if person.academy_id != row.school.academy_id and person not in neighbours(row, now):
        raise BadRequest("Of another academy.", field="person", why="other_academy")
    if person.pk == row.asked_by.person_id:
        raise BadRequest("Nobody answers for themselves.", field="person", why="oneself")
    if live(row.school, day_of(now)).filter(account__person=person).exists():
        raise AlreadyAsked("They contribute there already: renew instead.")


def _account(row: Request, person: Person | None, by: Actor, now: datetime) -> Account:
    """The account of whom it is about: theirs, opened again where it ended, or a new one."""
    if person is None:
        return _roomed(_new(row, by, now), row)
    found = Account.objects.select_related("academy", "person", "store").filter(person=person).first()
    if found is None:
        store = row.school.store or default_store()
        newcomer = Newcomer(uuid.uuid4(), person.given_name, person.family_name, store, person=person)
        academy = row.school.academy
        return _roomed(create_many(academy, [newcomer], by=by, reason=row.reason, now=now)[0], row)
    if found.academy_id == row.school.academy_id:
        bring_back(found, by=by, reason=row.reason, now=now)
    return found


def _new(row: Request, by: Actor, now: datetime) -> Account:
    new = NewAccount(
        given_name=row.given_name,
        family_name=row.family_name,
        title=row.title,
        birth_date=row.birth_date,
        store=row.school.store,
    )
    return create_account(row.school.academy, new, by=by, reason=row.reason, now=now)


def _roomed(account: Account, row: Request) -> Account:
    """A contributor's mailbox has the room of the policy, never more than staff have."""
    policy = policy_for(row.school.academy)
    if policy.contributors.quota_bytes:
        account.quota_bytes = min(policy.contributors.quota_bytes, policy.mail.quota_bytes)
        account.save(update_fields=["quota_bytes"])
    return account
