"""More time for a contributor: in one act by the head within the policy's limits, else by asking the DSI."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.contributors.access import acting, lock_stay, not_oneself, said
from casier.contributors.counting import check_pace, check_room, rules_of
from casier.contributors.errors import AlreadyAsked, WrongStep
from casier.contributors.going import bring_back, ended_by_itself
from casier.contributors.models import Request, State, Stay
from casier.contributors.neighbours import check_standing, is_neighbour
from casier.contributors.rules import check_renewal
from casier.contributors.sponsors import sponsor_for
from casier.contributors.telling import tell_changed
from casier.contributors.ways import give_if_due
from casier.directory.mandates import Ability
from casier.directory.models import Account, AccountState
from casier.life.clocks import day_of
from casier.policies.policy import Contributors


def needs_the_dsi(stay: Stay, rules: Contributors, by: Actor) -> bool:
    """Whether a renewal by BY, a head, waits for the DSI."""
    return stay.renewals >= rules.renewals or not ended_by_itself(stay, by)


def renew(stay: Stay, ends_on: date, *, by: Actor, reason: str, now: datetime) -> Request | None:
    """Let STAY go on until ENDS_ON, also once it is over; a request where that is the DSI's to say.

    Raises NotAllowed, SamePerson, NotTaken, BadRequest, TooMany, AlreadyAsked, WrongStep.
    """
    why = said(reason)
    with transaction.atomic():
        locked = lock_stay(stay)
        actor = acting(by, locked.school, now, Ability.REQUEST_CONTRIBUTOR)
        not_oneself(actor, locked.account.person_id)
        rules, today = rules_of(locked.school.academy), day_of(now)
        _check_going(locked, rules, today)
        check_standing(locked, now)
        check_renewal(ends_on, _end_of(locked, today), rules, today)
        if actor is not None and needs_the_dsi(locked, rules, by):
            return _ask(locked, ends_on, actor, rules, by, why, now)
        renewals = 0 if actor is None else locked.renewals + 1
        lengthen(locked, ends_on, renewals=renewals, by=by, reason=why, now=now)
        give_if_due(locked, now)
        return None


def lengthen(stay: Stay, ends_on: date, *, renewals: int, by: Actor, reason: str, now: datetime) -> None:
    """Move the end of STAY, whose row is locked, and bring its account back where it had gone with it."""
    check_standing(stay, now)
    today = day_of(now)
    over = _end_of(stay, today) is None
    if over:
        check_room(stay.school, rules_of(stay.school.academy), today, waiting=False)
    before, stay.posting.ends_on = stay.posting.ends_on, ends_on
    if over and stay.posting.starts_on is not None and stay.posting.starts_on > ends_on:
        stay.posting.starts_on = today
    stay.posting.save(update_fields=["starts_on", "ends_on"])
    stay.ended_on, stay.ended_by, stay.renewals, stay.agreed_at = None, "", renewals, now
    stay.sponsor = sponsor_for(stay.school, stay.sponsor, now, stay.account.person_id)
    stay.save(update_fields=["ended_on", "ended_by", "renewals", "agreed_at", "sponsor"])
    record(
        by, "contributor.renewed", f"account:{stay.account.public_id}", reason,
        academy=stay.school.academy.slug, at=now, school=stay.school.uai, ends_on=ends_on.isoformat(),
        before=before.isoformat() if before else "", renewals=renewals,
    )  # fmt: skip
    emit("account.changed", stay.account.public_id)
    if not is_neighbour(stay):
        bring_back(stay.account, by=by, reason=reason, now=now)
    tell_changed(stay, now)


def _end_of(stay: Stay, today: date) -> date | None:
    """Until when it goes; None where it is over."""
    ends_on = stay.posting.ends_on
    return None if stay.ended_on is not None or (ends_on is not None and ends_on < today) else ends_on


def _check_going(stay: Stay, rules: Contributors, today: date) -> None:
    """Raises WrongStep for what was erased, TooMany where another has taken the place."""
    if stay.account.state == AccountState.PURGED:
        raise WrongStep("What the account held is erased: ask for the contributor anew.")
    if _end_of(stay, today) is None:
        check_room(stay.school, rules, today, waiting=False)


def _ask(
    stay: Stay, ends_on: date, actor: Account, rules: Contributors, by: Actor, why: str, now: datetime
) -> Request:
    Account.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    check_pace(actor, rules, now)
    if Request.objects.filter(stay=stay, renewal=True, state=State.WAITING).exists():
        raise AlreadyAsked("The same request waits already.")
    person = stay.account.person
    row = Request.objects.create(
        id=uuid.uuid4(),
        school=stay.school,
        stay=stay,
        renewal=True,
        asked_by=actor,
        asked_at=now,
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        role=stay.posting.label,
        starts_on=min(stay.posting.starts_on or day_of(now), day_of(now)),
        ends_on=ends_on,
        reason=why,
    )
    record(
        by, "contributor.asked", f"contributor:{row.id.hex}", why, academy=stay.school.academy.slug, at=now,
        school=stay.school.uai, name=row.full_name, ends_on=ends_on.isoformat(), renewal=True,
    )  # fmt: skip
    return row
