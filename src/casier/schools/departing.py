"""Somebody leaves a school: looked at, done in one action, taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, emit, record
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability, mandates_of, may
from casier.directory.models import (
    Account,
    Address,
    FunctionalMailbox,
    Mandate,
    Membership,
    Posting,
    PostingSource,
    School,
)
from casier.directory.postings import not_over, today
from casier.kernel.errors import NotAllowed
from casier.life import api as life
from casier.life.clocks import closes_on, open_departure, spans
from casier.policies.api import policy_for
from casier.schools import telling
from casier.schools.access import allow, reason_in
from casier.schools.errors import BadDay, Changed, HoldsOffice, NotPosted, TooLate
from casier.schools.models import Leaving

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what the departure of ACCOUNT from SCHOOL does."""

    account: Account
    school: School
    last_day: date
    ends: list[Posting]  # at this school
    elsewhere: list[Posting]  # they go on there
    memberships: list[Membership]  # of this school's mailboxes: they end
    kept: list[Membership]  # named for another reason: they stay
    offices: list[Mandate]  # for this school: they end
    leaves: bool  # the account begins to leave
    goes_already: bool  # …or does already
    closes_on: date | None  # when it is shut; None: nobody knows yet, or never
    at_once: bool  # today
    redirects: list[tuple[FunctionalMailbox, str]]  # where mail may go afterwards
    prior: Leaving | None  # said before, of another day perhaps: this takes its place

    @property
    def replaces(self) -> date | None:
        """The last day that was said before."""
        return self.prior.last_day if self.prior else None

    @property
    def redirected(self) -> str:
        """The mailbox of the school to which mail was to go by what was said before: its id, or ""."""
        to = self.prior.departure.redirect_to if self.prior and self.prior.departure else ""
        return next((str(box.pk) for box, address in self.redirects if to and address == to), "")

    @property
    def digest(self) -> str:
        """What was shown, in short: the deed is refused where it isn't so any more."""
        facts = [
            sorted((row.pk, str(row.ends_on)) for row in self.ends),
            sorted(row.pk for row in self.elsewhere),
            sorted(row.pk for row in self.memberships),
            sorted(row.pk for row in self.offices),
            self.leaves, self.goes_already, str(self.account.state), self.prior.pk.hex if self.prior else "",
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def last_days(school: School, now: datetime) -> tuple[date, date]:
    """Between which days the last one may lie."""
    first = today(now)
    return first, first + timedelta(days=policy_for(school.academy).schools.depart_days)


def preview(account: Account, school: School, last_day: date | None, now: datetime) -> Preview:
    """What would happen. Raises NotPosted, WrongState."""
    first = today(now)
    last = last_day or first
    if account.state in ENDED:
        raise WrongState("The account is closed.", state=account.state)
    prior = _announced(account, school, first)
    mine = not_over(first).filter(person=account.person_id).select_related("school")
    ends = [row for row in _as_before(mine.filter(school=school), prior) if _outlasts(row, last)]
    if not ends or account.academy_id != school.academy_id:
        raise NotPosted("No posting at this school goes on after that day.", school=school.uai)
    elsewhere = [row for row in mine.exclude(school=school) if _outlasts(row, last)]
    here = Membership.objects.filter(account=account, mailbox__school=school, mailbox__is_closed=False)
    members = list(here.select_related("mailbox").order_by("mailbox__name"))
    departure = open_departure(account)
    if departure is not None and prior is not None and departure.pk == prior.departure_id:
        departure = None  # it moves with the day
    leaves = not elsewhere and departure is None
    closing = life.would_close(account, last, now) if leaves else None
    if departure is not None:
        closing = closes_on(departure, spans(account))
    return Preview(
        account=account,
        school=school,
        last_day=last,
        ends=ends,
        elsewhere=elsewhere,
        memberships=[row for row in members if row.by_posting],
        kept=[row for row in members if not row.by_posting],
        offices=[row for row in mandates_of(account, now) if row.school_id == school.pk],
        leaves=leaves,
        goes_already=departure is not None,
        closes_on=closing,
        at_once=leaves and closing is not None and closing <= first,
        redirects=_redirects(school) if leaves else [],
        prior=prior,
    )


def _announced(account: Account, school: School, first: date) -> Leaving | None:
    """What was said of ACCOUNT's leaving SCHOOL, and isn't over."""
    rows = Leaving.objects.filter(account=account, school=school, undone_at=None, settled_on=None)
    return rows.filter(last_day__gte=first).select_related("departure").first()


def _as_before(postings: Iterable[Posting], prior: Leaving | None) -> Iterator[Posting]:
    """POSTINGS as they were before PRIOR ended them: not saved, and not where somebody changed them since."""
    ended = {one["id"]: one for one in prior.postings} if prior else {}
    for row in postings:
        one = ended.get(row.pk)
        if one is not None and _days(row) == one["set"]:
            _set(row, one["was"])
        yield row


@dataclass(frozen=True, slots=True)
class How:
    """How somebody leaves. LAST_DAY: None is today. REDIRECT: a mailbox of the school to which mail goes once
    the account is shut. SHOWN: the digest of what was looked at before.
    """

    last_day: date | None = None
    redirect: FunctionalMailbox | None = None
    shown: str = ""


NOW = How()


def depart(
    account: Account, school: School, how: How = NOW, *, by: Actor, reason: str, now: datetime
) -> Leaving:
    """ACCOUNT leaves SCHOOL: postings there end, and what hung on them; where nothing is left, so does the
    account. Again with another day, this takes the place of what was said. Raises NotAllowed, NoReason,
    HoldsOffice, NotPosted, WrongState, BadDay, Changed, and what the life of accounts refuses.
    """
    reason = reason_in(reason)
    with transaction.atomic():
        actor = _allowed(by, school, now)
        locked = _lock(account)
        _not_by(actor, locked)
        _day_fits(school, how.last_day, now)
        seen = preview(locked, school, how.last_day, now)
        if how.shown and how.shown != seen.digest:
            raise Changed("It isn't as it was shown.")
        _offices(seen, actor, by, reason, now)
        _give_way(seen, by, now)
        leaving = Leaving.objects.create(
            school=school, account=locked, last_day=seen.last_day, at=now, by=by.name, reason=reason,
            departure=seen.prior.departure if seen.prior else None,
            postings=[*(_end(row, seen.last_day, today(now)) for row in seen.ends), *_ended_before(seen)],
        )  # fmt: skip
        record(
            by, "person.departed", f"account:{locked.public_id}", reason, academy=school.academy.slug,
            at=now, school=school.uai, last_day=seen.last_day.isoformat(),
            functions=sorted({row.function for row in seen.ends}),
        )  # fmt: skip
        emit("account.changed", locked.public_id)
        if seen.last_day <= today(now):
            ended = actions.leave_school(locked, school, by=by, reason=reason, now=now)
            telling.members_left(ended, now)
        elif seen.prior is not None:
            actions.return_to_mailboxes(
                since=seen.prior.at, account=locked, school=school, by=by, reason=reason, now=now
            )
        _go(leaving, seen, how.redirect, by, reason, now)
    return leaving


def _give_way(seen: Preview, by: Actor, now: datetime) -> None:
    """What was said before stands no more: it is over, or this takes its place."""
    rows = Leaving.objects.filter(account=seen.account, school=seen.school, undone_at=None, settled_on=None)
    if seen.prior is not None:
        rows.filter(pk=seen.prior.pk).update(undone_at=now, undone_by=by.name)
    rows.update(settled_on=today(now))


def _ended_before(seen: Preview) -> list[dict[str, Any]]:
    """What ended by the former word and not by this one: it comes back with the rest."""
    again = {row.pk for row in seen.ends}
    return [one for one in seen.prior.postings if one["id"] not in again] if seen.prior else []


def undo(leaving: Leaving, *, by: Actor, reason: str, now: datetime) -> Leaving:
    """They stay after all: postings and memberships are what they were, the account doesn't leave.

    What somebody changed meanwhile stays as it is now. Raises NotAllowed, NoReason, TooLate.
    """
    reason = reason_in(reason)
    with transaction.atomic():
        row = Leaving.objects.select_related("school__academy", "departure").get(pk=leaving.pk)
        actor = _allowed(by, row.school, now)
        account = _lock(row.account)
        row = (
            Leaving.objects.select_for_update(of=("self",))
            .select_related("school", "departure")
            .get(pk=row.pk)
        )
        _not_by(actor, account)
        if not can_undo(row, account, now):
            raise TooLate("It can't be taken back any more.")
        given = sum(_restore(one) for one in row.postings)
        row.undone_at, row.undone_by = now, by.name
        row.save(update_fields=["undone_at", "undone_by"])
        back = actions.return_to_mailboxes(
            since=row.at, account=account, school=row.school, by=by, reason=reason, now=now
        )
        record(
            by, "person.departure_undone", f"account:{account.public_id}", reason,
            academy=account.academy.slug, at=now, school=row.school.uai, postings=given, mailboxes=back,
        )  # fmt: skip
        emit("account.changed", account.public_id)
        mine = open_departure(account)
        if mine is not None and mine.pk == row.departure_id:
            life.cancel_leaving(account, by=by, reason=reason, now=now)
        else:
            telling.stays(row)
    return row


def can_undo(row: Leaving, account: Account, now: datetime) -> bool:
    """Whether ROW can be taken back: until the account is shut; where it stays, as long as that takes."""
    if row.undone_at is not None or account.state in ENDED:
        return False
    if row.departure_id is not None:
        return True
    grace = policy_for(account.academy).leaving.grace_days_max
    return today(now) <= row.last_day + timedelta(days=grace)


def leavings_of(school: School) -> QuerySet[Leaving]:
    """Who left SCHOOL by somebody's word, and wasn't taken back; the last first."""
    rows = Leaving.objects.filter(school=school, undone_at=None)
    return rows.select_related(
        "account__person", "account__academy", "departure", "school__academy"
    ).order_by("-at")


def confirm(leaving: Leaving, *, by: Actor, reason: str, now: datetime) -> None:
    """The feed still names them, and the head is right; asked again later. Raises NotAllowed, TooLate."""
    reason = reason_in(reason)
    with transaction.atomic():
        row = (
            Leaving.objects.select_for_update(of=("self",))
            .select_related("school__academy")
            .get(pk=leaving.pk)
        )
        actor = _allowed(by, row.school, now)
        if actor is not None and actor.pk == row.account_id:
            raise NotAllowed("Nobody does this to themselves.")
        if row.undone_at is not None or row.settled_on is not None:
            raise TooLate("It was settled meanwhile.")
        row.confirmed_on = today(now)
        row.save(update_fields=["confirmed_on"])
        record(
            by, "person.departure_confirmed", f"account:{row.account_id.hex}", reason,
            academy=row.school.academy.slug, at=now, school=row.school.uai,
        )  # fmt: skip


def _allowed(by: Actor, school: School, now: datetime) -> Account | None:
    return allow(by, Ability.DEPART, school, now)


def _lock(account: Account) -> Account:
    rows = Account.objects.select_for_update(of=("self",)).select_related("academy", "person", "store")
    return rows.get(pk=account.pk)


def _not_by(actor: Account | None, account: Account) -> None:
    if actor is not None and actor.pk == account.pk:
        raise NotAllowed("Nobody does this to their own account.")


def _day_fits(school: School, last_day: date | None, now: datetime) -> None:
    first, last = last_days(school, now)
    if last_day is not None and not first <= last_day <= last:
        raise BadDay("Not that day.", first=first.isoformat(), last=last.isoformat())


def _offices(seen: Preview, actor: Account | None, by: Actor, reason: str, now: datetime) -> None:
    """Offices for the school end with the postings there; what a function brought does by itself, and comes
    back where the departure is taken back. Only who gives offices sends their holders away: two heads of one
    school don't put each other out.
    """
    held = list(mandates_of(seen.account, now))
    gives = actor is None or may(actor, Ability.GIVE_MANDATES, seen.account.academy, now)
    if held and not gives:
        raise HoldsOffice("Who gives offices has to do this.")
    for row in seen.offices:
        if row.by_function:
            continue
        actions.end_mandate(row, by=by, reason=reason, now=now)


def _go(
    leaving: Leaving, seen: Preview, redirect: FunctionalMailbox | None, by: Actor, reason: str, now: datetime
) -> None:
    """The account leaves with its last posting; mail afterwards goes no further than the school."""
    account = seen.account
    if not seen.leaves:
        telling.leaves_school(leaving)
        return
    life.begin_leaving(account, last_day=seen.last_day, by=by, reason=reason, now=now)
    fate = _fate(seen, redirect)
    if fate is not None:
        life.decide_mailbox(account, fate, by=by, reason=reason, now=now)
    account.refresh_from_db(fields=["state"])
    leaving.departure = open_departure(account)
    leaving.save(update_fields=["departure"])


def _fate(seen: Preview, redirect: FunctionalMailbox | None) -> life.Fate | None:
    """What becomes of the mailbox; None: nothing is said of it. What the DSI decided meanwhile stays."""
    known = {box.pk: address for box, address in seen.redirects}
    if redirect is None:
        return life.Fate() if seen.redirected else None
    if redirect.pk not in known:
        raise life.BadDecision("Not a mailbox of this school.", field="address")
    return life.Fate(life.Becomes.REDIRECTED, known[redirect.pk])


def _redirects(school: School) -> list[tuple[FunctionalMailbox, str]]:
    rows = Address.objects.filter(mailbox__school=school, mailbox__is_closed=False, is_primary=True)
    return [
        (row.mailbox, row.address)
        for row in rows.select_related("mailbox").order_by("mailbox__name")
        if row.mailbox
    ]


def _outlasts(row: Posting, last: date) -> bool:
    return row.ends_on is None or row.ends_on > last


def _end(row: Posting, last: date, first: date) -> dict[str, Any]:
    """LAST is its last day; one that was to begin later never does. What it was, and what it is now."""
    was = {**_days(row), "source": str(row.source)}
    if row.starts_on and row.starts_on > last:
        row.starts_on, row.ends_on = None, first - _DAY
    else:
        row.ends_on = last
    # Somebody has said so: the feed, which learns of it later, doesn't take it for its own.
    row.source = PostingSource.HAND if row.source == PostingSource.FEED else row.source
    row.save(update_fields=["starts_on", "ends_on", "source"])
    return {"id": row.pk, "was": was, "set": _days(row)}


def _days(row: Posting) -> dict[str, str]:
    return {
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }


def _restore(one: dict[str, Any]) -> bool:
    """What was ended is what it was; not where somebody gave it other days meanwhile."""
    row = Posting.objects.select_for_update().filter(pk=one["id"]).first()
    if row is None or _days(row) != one["set"]:
        return False
    _set(row, one["was"])
    row.save(update_fields=["starts_on", "ends_on", "source"])
    return True


def _set(row: Posting, was: dict[str, str]) -> None:
    for name in ("starts_on", "ends_on"):
        setattr(row, name, date.fromisoformat(was[name]) if was[name] else None)
    row.source = was["source"]
