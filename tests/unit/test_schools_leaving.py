"""Somebody leaves a school in one action; who may say so, and how it is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.models import (
    Account,
    AccountState,
    EndedMembership,
    Mandate,
    Membership,
    Office,
    Posting,
    PostingSource,
    Role,
)
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.life import api as life
from casier.life.models import Departure
from casier.schools import api
from casier.schools.errors import BadDay, Changed, HoldsOffice, NoReason, NotPosted, TooLate
from casier.schools.following import run_due
from casier.schools.models import Leaving
from unit.life_people import DAY, at, posted, why, with_policy
from unit.schools_people import Town, acts, charge, someone, town

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


@pytest.fixture
def place() -> Town:
    return town()


def state(account: Account) -> str:
    account.refresh_from_db()
    return account.state


def ends(account: Account) -> list[tuple[date | None, str]]:
    rows = Posting.objects.filter(person=account.person_id).order_by("pk")
    return [(row.ends_on, row.source) for row in rows]


def test_the_last_school_is_left(place: Town) -> None:
    seen = api.preview(place.jean, place.here, None, at(DAY))
    assert seen.leaves
    assert not seen.at_once
    assert [row.mailbox for row in seen.memberships] == [place.box]
    assert seen.closes_on == DAY + timedelta(days=30)
    how = api.How(redirect=place.box, shown=seen.digest)
    row = api.depart(place.jean, place.here, how, **acts(place.head))
    assert state(place.jean) == AccountState.LEAVING
    assert ends(place.jean) == [(DAY, PostingSource.HAND)]
    assert not Membership.objects.filter(account=place.jean).exists()
    departure = Departure.objects.get(account=place.jean)
    assert row.departure == departure
    assert departure.closes_on == DAY + timedelta(days=30)
    assert departure.redirect_to == place.box.addresses.get(is_primary=True).address
    entry = JournalEntry.objects.get(action="person.departed")
    assert entry.actor == f"account:{place.head.public_id}"
    assert Dispatch.objects.filter(account=place.anne, why="schools").exists()  # she manages the mailbox


def test_who_works_elsewhere_stays(place: Town) -> None:
    posted(place.jean, place.there)
    seen = api.preview(place.jean, place.here, None, at(DAY))
    assert not seen.leaves
    assert seen.closes_on is None
    assert [row.school for row in seen.elsewhere] == [place.there]
    api.depart(place.jean, place.here, **acts(place.head))
    assert state(place.jean) == AccountState.ACTIVE
    assert ends(place.jean) == [(DAY, "hand"), (None, "feed")]
    assert Dispatch.objects.filter(account=place.jean, why="schools").exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_taken_back_it_is_as_it_was(place: Town, elsewhere: bool) -> None:
    if elsewhere:
        posted(place.jean, place.there)
    postings, parts = ends(place.jean), list(Membership.objects.order_by("account").values("account", "role"))
    since = Membership.objects.get(account=place.jean).since
    row = api.depart(place.jean, place.here, **acts(place.head))
    assert api.can_undo(row, place.jean, at(DAY))
    api.undo(row, **acts(place.head, DAY + 2 * DAYS, "erreur de nom"))
    assert ends(place.jean) == postings
    assert list(Membership.objects.order_by("account").values("account", "role")) == parts
    assert Membership.objects.get(account=place.jean).since == since
    assert state(place.jean) == AccountState.ACTIVE
    with pytest.raises(TooLate):
        api.undo(row, **acts(place.head))
    assert api.depart(place.jean, place.here, **acts(place.head, DAY + 3 * DAYS))


def test_a_day_to_come_takes_nothing_away_before(place: Town) -> None:
    last = DAY + 10 * DAYS
    row = api.depart(place.jean, place.here, api.How(last_day=last), **acts(place.head))
    run_due(at(last))
    assert Membership.objects.filter(account=place.jean).exists()
    assert Departure.objects.get(account=place.jean).closes_on == last + timedelta(days=30)
    assert run_due(at(last + DAYS)) == 1
    assert not Membership.objects.filter(account=place.jean).exists()
    api.undo(row, **acts(place.head, last + 3 * DAYS))
    assert Membership.objects.get(account=place.jean).role == "answer"
    assert ends(place.jean) == [(None, "feed")]


@pytest.mark.parametrize("first", [0, 10])
@pytest.mark.parametrize("then", [5, 20])
def test_another_last_day_takes_the_place_of_the_first(place: Town, first: int, then: int) -> None:
    """Who has got the day wrong says the right one: the posting, the account and what undoes it follow."""
    parts = list(Membership.objects.order_by("account").values("account", "role", "since"))
    api.depart(place.jean, place.here, api.How(last_day=DAY + first * DAYS), **acts(place.head))
    assert state(place.jean) == AccountState.LEAVING
    last = DAY + then * DAYS
    seen = api.preview(place.jean, place.here, last, at(DAY))
    assert (seen.leaves, seen.goes_already, seen.replaces) == (True, False, DAY + first * DAYS)
    assert seen.closes_on == last + timedelta(days=30)
    how = api.How(last_day=last, redirect=place.box, shown=seen.digest)
    row = api.depart(place.jean, place.here, how, **acts(place.head))
    departure = Departure.objects.get(account=place.jean)
    assert (departure.last_day, departure.closes_on, row.departure) == (last, seen.closes_on, departure)
    assert ends(place.jean) == [(last, PostingSource.HAND)]
    assert Membership.objects.filter(account=place.jean).exists()
    assert list(api.leavings_of(place.here)) == [row]
    run_due(at(last + DAYS))
    assert not Membership.objects.filter(account=place.jean).exists()
    api.undo(row, **acts(place.head, last + DAYS))
    assert ends(place.jean) == [(None, PostingSource.FEED)]
    assert state(place.jean) == AccountState.ACTIVE
    assert list(Membership.objects.order_by("account").values("account", "role", "since")) == parts


def test_another_last_day_leaves_what_the_dsi_decided_of_the_mailbox(place: Town) -> None:
    how = api.How(last_day=DAY + 10 * DAYS, redirect=place.box)
    api.depart(place.jean, place.here, how, **acts(place.head))
    life.decide_mailbox(place.jean, life.Fate(life.Becomes.HANDED, heir=place.anne), **why())
    api.depart(place.jean, place.here, api.How(last_day=DAY + 5 * DAYS), **acts(place.head))
    assert Departure.objects.get().handed_to == place.anne


def test_another_last_day_and_mail_that_goes_nowhere_after_all(place: Town) -> None:
    how = api.How(last_day=DAY + 10 * DAYS, redirect=place.box)
    api.depart(place.jean, place.here, how, **acts(place.head))
    seen = api.preview(place.jean, place.here, DAY + 5 * DAYS, at(DAY))
    assert seen.redirected == str(place.box.pk)
    api.depart(place.jean, place.here, api.How(last_day=DAY + 5 * DAYS), **acts(place.head))
    assert Departure.objects.get().becomes == life.Becomes.CLOSED


def test_only_between_today_and_the_policy_s_last_day(place: Town) -> None:
    with_policy(place.academy, schools={"depart_days": 10})
    assert api.last_days(place.here, at(DAY)) == (DAY, DAY + 10 * DAYS)
    for day in (DAY - DAYS, DAY + 11 * DAYS):
        with pytest.raises(BadDay):
            api.depart(place.jean, place.here, api.How(last_day=day), **acts(place.head))
    api.depart(place.jean, place.here, api.How(last_day=DAY + 10 * DAYS), **acts(place.head))


def test_a_posting_that_was_to_begin_never_does_and_may_again(place: Town) -> None:
    first = DAY + 5 * DAYS
    later = Posting.objects.create(
        person=place.jean.person, school=place.here, function="EDU", starts_on=first
    )
    row = api.depart(place.jean, place.here, **acts(place.head))
    later.refresh_from_db()
    assert later.ends_on is not None
    assert later.ends_on < DAY
    api.undo(row, **acts(place.head))
    later.refresh_from_db()
    assert (later.starts_on, later.ends_on) == (first, None)


def test_what_was_changed_meanwhile_stays(place: Town) -> None:
    row = api.depart(place.jean, place.here, **acts(place.head))
    Posting.objects.filter(person=place.jean.person).update(ends_on=DAY + 7 * DAYS)
    api.undo(row, **acts(place.head, DAY + DAYS))
    assert ends(place.jean) == [(DAY + 7 * DAYS, "hand")]


def test_not_once_the_account_is_shut(place: Town) -> None:
    row = api.depart(place.jean, place.here, **acts(place.head))
    life.close(place.jean, **why(DAY + DAYS))
    with pytest.raises(TooLate):
        api.undo(row, **acts(place.head, DAY + 2 * DAYS))


def test_where_the_account_stays_it_is_taken_back_for_as_long(place: Town) -> None:
    posted(place.jean, place.there)
    row = api.depart(place.jean, place.here, **acts(place.head))
    assert api.can_undo(row, place.jean, at(DAY + 30 * DAYS))
    with pytest.raises(TooLate):
        api.undo(row, **acts(place.head, DAY + 31 * DAYS))


def test_a_leaving_of_somebody_else_s_is_left_alone(place: Town) -> None:
    life.begin_leaving(place.jean, last_day=DAY + 20 * DAYS, **why())
    closing = Departure.objects.get().closes_on
    row = api.depart(place.jean, place.here, **acts(place.head))
    assert Departure.objects.get().closes_on == closing
    assert row.departure is None
    api.undo(row, **acts(place.head))
    assert state(place.jean) == AccountState.LEAVING


def test_occasional_contributors_go_at_once_and_it_is_said(place: Town) -> None:
    with_policy(place.academy, leaving={"occasional_at_once": True})
    Posting.objects.filter(person=place.jean.person).update(source=PostingSource.SPONSOR)
    assert api.preview(place.jean, place.here, None, at(DAY)).at_once
    api.depart(place.jean, place.here, **acts(place.head))
    assert state(place.jean) == AccountState.CLOSED


# Attacks --------------------------------------------------------------------------------------------
def test_the_head_of_another_school_may_not(place: Town) -> None:
    for who in (place.other, place.anne, place.jean):
        with pytest.raises(NotAllowed):
            api.depart(place.jean, place.here, **acts(who))
    posted(place.jean, place.there)
    with pytest.raises(NotAllowed):
        api.depart(place.jean, place.here, **acts(place.other))  # theirs is the other one
    row = api.depart(place.jean, place.here, **acts(place.head))
    with pytest.raises(NotAllowed):
        api.undo(row, **acts(place.other))
    with pytest.raises(NotAllowed):
        api.undo(row, **acts(place.jean))  # who was sent away doesn't come back by themselves
    with pytest.raises(NotAllowed):
        api.confirm(row, **acts(place.other))


def test_nobody_leaves_where_they_do_not_work(place: Town) -> None:
    stranger = someone(place.academy, "Luc", "Petit", place.there)
    with pytest.raises(NotPosted):
        api.depart(stranger, place.here, **acts(place.head))
    api.depart(place.jean, place.here, **acts(place.head))
    with pytest.raises(NotPosted):
        api.depart(place.jean, place.here, **acts(place.head, DAY + DAYS))
    assert Leaving.objects.count() == 1


def test_without_a_reason_nothing_is_done(place: Town) -> None:
    with pytest.raises(NoReason):
        api.depart(place.jean, place.here, **acts(place.head, reason=" \n "))
    assert ends(place.jean) == [(None, "feed")]


def test_heads_do_not_put_each_other_out(place: Town) -> None:
    deputy = someone(place.academy, "Rose", "Blanc", place.here, "DIR")
    charge(deputy, Office.HEAD, place.here)
    with pytest.raises(HoldsOffice):
        api.depart(deputy, place.here, **acts(place.head))
    with pytest.raises(NotAllowed):
        api.depart(place.head, place.here, **acts(place.head))
    assert api.preview(deputy, place.here, None, at(DAY)).offices
    api.depart(deputy, place.here, **acts(place.dsi))
    assert not Mandate.objects.filter(account=deputy, ended_at=None).exists()


def test_an_office_that_ended_or_is_lent_out_of_reach(place: Town) -> None:
    Mandate.objects.filter(account=place.head).update(ended_at=at(DAY))
    with pytest.raises(NotAllowed):
        api.depart(place.jean, place.here, **acts(place.head))
    actions.suspend(place.dsi, **why())
    place.dsi.refresh_from_db()
    with pytest.raises(NotAllowed):
        api.depart(place.jean, place.here, **acts(place.dsi))


def test_a_stale_page_does_nothing(place: Town) -> None:
    shown = api.preview(place.jean, place.here, None, at(DAY)).digest
    posted(place.jean, place.there)
    with pytest.raises(Changed):
        api.depart(place.jean, place.here, api.How(shown=shown), **acts(place.head))
    assert not Leaving.objects.exists()


def test_mail_goes_no_further_than_the_school(place: Town) -> None:
    foreign = actions.create_functional_mailbox(
        place.academy, actions.NewMailbox("Ailleurs", place.there), **why()
    )
    with pytest.raises(life.BadDecision):
        api.depart(place.jean, place.here, api.How(redirect=foreign), **acts(place.head))
    assert state(place.jean) == AccountState.ACTIVE
    assert not Leaving.objects.exists()


def test_a_closed_account_leaves_nothing(place: Town) -> None:
    life.close(place.jean, **why())
    place.jean.refresh_from_db()
    with pytest.raises(WrongState):
        api.depart(place.jean, place.here, **acts(place.head))


def test_who_was_named_for_another_reason_is_told_of_and_stays(place: Town) -> None:
    Membership.objects.filter(account=place.jean).update(by_posting=False)
    seen = api.preview(place.jean, place.here, None, at(DAY))
    assert (len(seen.memberships), len(seen.kept)) == (0, 1)
    api.depart(place.jean, place.here, **acts(place.head))
    assert Membership.objects.filter(account=place.jean).exists()


def test_heads_are_told_where_no_manager_is_left(place: Town) -> None:
    Dispatch.objects.all().delete()
    api.depart(place.anne, place.here, **acts(place.dsi))
    assert Dispatch.objects.filter(account=place.head, why="schools").count() == 1


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(st.sampled_from(["go", "back", "day", "sweep", "elsewhere"]), max_size=8))
def test_however_often_it_goes_back_and_forth(place: Town, steps: list[str]) -> None:
    """Whatever the order: taken back, everything is as it was; gone, nothing of the school is left."""
    day, row = DAY, None
    Posting.objects.filter(person=place.jean.person, school=place.there).delete()
    for step in steps:
        now = at(day)
        if step == "go" and row is None:
            row = api.depart(place.jean, place.here, **acts(place.head, day))
        elif step == "back" and row is not None and api.can_undo(row, row.account, now):
            api.undo(row, **acts(place.head, day))
            row = None
        elif step == "day":
            day += DAYS
        elif step == "sweep":
            run_due(now)
        elif step == "elsewhere" and row is None:
            Posting.objects.get_or_create(person=place.jean.person, school=place.there, function="ENS")
    here = Posting.objects.get(person=place.jean.person, school=place.here)
    member = Membership.objects.filter(account=place.jean, mailbox=place.box)
    if row is None:
        assert (here.ends_on, here.source) == (None, "feed")
        assert member.get().role == Role.ANSWER
        assert state(place.jean) == AccountState.ACTIVE
        assert not EndedMembership.objects.exists()
    else:
        assert here.ends_on is not None
        assert not member.exists()
        api.undo(row, **acts(place.head, day))
