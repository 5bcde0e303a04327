"""Outside contributors as time goes by: notices, the end, renewals, who answers for them, the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from contributor_scene import BORN, DAY, LATER, Place, a_place, acts, asked, at, begun, office, why
from django.db import connection
from feed_scene import applied, person, school
from life_people import OTHER_UAI, a_person, a_school, posted, with_policy

from casier.contributors import api
from casier.contributors.models import Request, State, Stay
from casier.contributors.nightly import run_due
from casier.directory import actions
from casier.directory.models import Account, AccountState, Office, Posting, PostingSource
from casier.feed.clock import Clock
from casier.feed.records import Function
from casier.groups.api import accounts_of, parse
from casier.groups.finding import facts_of
from casier.groups.matching import Matcher
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.models import Dispatch
from casier.life import api as life
from casier.life.calendar import calendar
from casier.life.models import Departure
from casier.schools import api as schools

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def place() -> Place:
    return a_place(occasional_at_once=True)


def living(place: Place, **more: Any) -> Stay:
    """A contributor who has come in."""
    stay = begun(place, **more)
    actions.activate(stay.account, **why())
    return fresh(stay)


def fresh(stay: Stay) -> Stay:
    return api.stay_with(stay.pk.hex)


def fed(place: Place, given: str, family: str, born: date, day: date = DAY) -> None:
    """A complete feed of the academy: its school, and one person who teaches there."""
    known = school("E1", place.school.uai, place.school.name)
    one = person("P1", given, family, (Function("E1", "ENS"),), birth_date=born)
    applied(place.academy, known, one, clock=Clock(at(day)))


def state(stay: Stay) -> str:
    stay.account.refresh_from_db()
    return stay.account.state


def subjects(account: Any) -> list[str]:
    rows = Dispatch.objects.filter(account=account, why="contributors").order_by("created_at")
    return [str(opened(row)[1]["subject"]) for row in rows]


# The end ----------------------------------------------------------------------------------------------
def test_both_are_warned_and_the_account_goes_the_day_after_the_last(place: Place) -> None:
    stay = living(place)
    run_due(at(LATER - timedelta(days=31)))
    assert "Votre intervention se termine bientôt" not in subjects(stay.account)
    run_due(at(LATER - timedelta(days=30)))
    run_due(at(LATER - timedelta(days=29)))
    assert subjects(stay.account) == ["Votre intervention se termine bientôt"]
    assert subjects(place.head)[-1] == "Un intervenant termine dans 30 jours"
    run_due(at(LATER - timedelta(days=2)))
    assert subjects(place.head)[-1] == "Un intervenant termine dans 2 jours"
    run_due(at(LATER))
    assert state(stay) == AccountState.ACTIVE
    run_due(at(LATER + timedelta(days=1)))
    assert state(stay) == AccountState.CLOSED
    assert run_due(at(LATER + timedelta(days=1))) == 0
    assert len(subjects(stay.account)) == 2


def test_the_grace_of_the_policy_follows_where_it_gives_one(place: Place) -> None:
    with_policy(place.academy, leaving={"occasional_at_once": False})
    stay = living(place)
    run_due(at(LATER + timedelta(days=1)))
    assert state(stay) == AccountState.LEAVING
    assert Departure.objects.get(account=stay.account).last_day == LATER


def test_the_calendar_shows_the_end_until_the_account_leaves(place: Place) -> None:
    stay = living(place)

    def events(day: date) -> list[tuple[date | None, str]]:
        entries = calendar(Account.objects.filter(pk=stay.account_id), [place.academy], day)
        return [(entry.on, entry.event.value) for entry in entries]

    assert events(DAY) == []
    assert events(LATER - timedelta(days=60)) == [(LATER, "stay_ends")]
    life.begin_leaving(stay.account, last_day=LATER, **why())
    assert "stay_ends" not in [event for _day, event in events(LATER - timedelta(days=60))]


def test_a_short_stay_is_not_announced_as_ending_when_it_begins(place: Place) -> None:
    living(place, ends_on=DAY + timedelta(days=5))
    run_due(at(DAY))
    assert subjects(place.head) == ["Demande d’intervenant acceptée"]


def test_the_sponsor_ends_it_at_once(place: Place) -> None:
    stay = living(place)
    api.end(stay, by=acts(place.head), reason="convention rompue", now=at(DAY))
    assert state(stay) == AccountState.CLOSED
    with pytest.raises(api.WrongStep):
        api.end(stay, by=acts(place.head), reason="encore", now=at(DAY))


def test_what_never_began_is_called_off(place: Place) -> None:
    stay = begun(place, starts_on=DAY + timedelta(days=20))
    api.end(stay, by=acts(place.dsi), reason="annulé", now=at(DAY))
    assert state(stay) == AccountState.CLOSED
    assert (fresh(stay).posting.starts_on, fresh(stay).posting.ends_on) == (DAY, DAY)


def test_who_does_something_else_stays(place: Place) -> None:
    stay = living(place)
    posted(stay.account, a_school(place.academy, OTHER_UAI))
    api.end(stay, by=acts(place.head), reason="fini", now=at(DAY))
    assert state(stay) == AccountState.ACTIVE


def test_who_leaves_by_another_decision_goes_by_that(place: Place) -> None:
    with_policy(place.academy, leaving={"occasional_at_once": False})
    stay = living(place)
    life.begin_leaving(stay.account, last_day=LATER + timedelta(days=90), **why())
    run_due(at(LATER + timedelta(days=1)))
    assert Departure.objects.get(account=stay.account).last_day == LATER + timedelta(days=90)


def test_who_was_let_go_and_stays_after_all_goes_on_their_day(place: Place) -> None:
    """A departure that is taken back gives the end date back too, not an access without an end."""
    with_policy(place.academy, leaving={"occasional_at_once": False})
    stay = living(place)
    leaving = schools.depart(stay.account, place.school, by=acts(place.head), reason="erreur", now=at(DAY))
    run_due(at(DAY + timedelta(days=1)))
    assert fresh(stay).ended_on is not None
    later = at(DAY + timedelta(days=2))
    schools.undo(leaving, by=acts(place.head), reason="erreur", now=later)
    run_due(later)
    assert (fresh(stay).ended_on, fresh(stay).ended_by, state(stay)) == (None, "", "active")
    assert run_due(later) == 0
    run_due(at(LATER + timedelta(days=1)))
    assert state(stay) == AccountState.LEAVING
    assert Departure.objects.filter(account=stay.account, ended_on=None, last_day=LATER).exists()


def test_a_hold_keeps_the_account_open(place: Place) -> None:
    stay = living(place)
    life.hold(stay.account, life.HoldKind.LEGAL, until=None, **why())
    run_due(at(LATER + timedelta(days=1)))
    assert state(stay) == AccountState.LEAVING


def test_requests_that_nobody_answered_lapse(place: Place) -> None:
    request = asked(place)
    assert run_due(at(LATER)) == 0
    run_due(at(LATER + timedelta(days=1)))
    request.refresh_from_db()
    assert request.state == State.LAPSED
    assert subjects(place.head) == ["Demande d’intervenant sans réponse"]
    assert run_due(at(LATER + timedelta(days=2))) == 0


# Renewals ---------------------------------------------------------------------------------------------
def test_a_head_renews_once_then_the_dsi_is_asked(place: Place) -> None:
    stay = living(place)
    first, second = LATER + timedelta(days=30), LATER + timedelta(days=60)
    assert api.renew(stay, first, by=acts(place.head), reason="suite", now=at(DAY)) is None
    assert (fresh(stay).posting.ends_on, fresh(stay).renewals) == (first, 1)
    assert subjects(stay.account) == ["Votre intervention est prolongée"]
    request = api.renew(stay, second, by=acts(place.head), reason="suite", now=at(DAY))
    assert request is not None
    assert fresh(stay).posting.ends_on == first
    with pytest.raises(api.AlreadyAsked):
        api.renew(stay, second, by=acts(place.head), reason="suite", now=at(DAY))
    api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    assert (fresh(stay).posting.ends_on, fresh(stay).renewals) == (second, 0)
    assert subjects(place.head)[-1] == "Prolongation acceptée"


def test_a_renewal_goes_no_further_than_the_policy(place: Place) -> None:
    stay = living(place)
    with pytest.raises(api.BadRequest):
        api.renew(stay, LATER, by=acts(place.head), reason="pareil", now=at(DAY))
    with pytest.raises(api.BadRequest):
        api.renew(stay, DAY + timedelta(days=365), by=acts(place.head), reason="trop", now=at(DAY))
    with_policy(place.academy, contributors={"renewals": 0})
    assert api.renew(stay, LATER + timedelta(days=1), by=acts(place.head), reason="x", now=at(DAY))


def test_another_end_is_announced_anew(place: Place) -> None:
    stay = living(place)
    run_due(at(LATER - timedelta(days=5)))
    further = LATER + timedelta(days=60)
    api.renew(stay, further, by=acts(place.head), reason="suite", now=at(LATER - timedelta(days=4)))
    run_due(at(further - timedelta(days=5)))
    assert subjects(stay.account).count("Votre intervention se termine bientôt") == 2


@pytest.mark.parametrize("grace", [True, False])
def test_renewed_after_the_end_the_account_is_open_again(place: Place, grace: bool) -> None:
    with_policy(place.academy, leaving={"occasional_at_once": not grace})
    stay = living(place)
    late = LATER + timedelta(days=3)
    run_due(at(late))
    assert state(stay) == (AccountState.LEAVING if grace else AccountState.CLOSED)
    renewed = api.renew(fresh(stay), late + timedelta(days=30), by=acts(place.head), reason="x", now=at(late))
    assert renewed is None
    assert state(stay) == AccountState.ACTIVE
    assert fresh(stay).ended_on is None
    assert run_due(at(late)) == 0


def test_what_the_dsi_ended_is_renewed_by_the_dsi_alone(place: Place) -> None:
    stay = living(place)
    api.end(stay, by=acts(place.dsi), reason="incident", now=at(DAY))
    request = api.renew(fresh(stay), LATER, by=acts(place.head), reason="pourtant", now=at(DAY))
    assert request is not None
    assert state(stay) == AccountState.CLOSED
    api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    assert state(stay) == AccountState.ACTIVE


@pytest.mark.parametrize("shut", [life.close, actions.suspend])
def test_what_somebody_shut_no_head_opens(place: Place, shut: Callable[..., Any]) -> None:
    stay = living(place)
    shut(stay.account, **why())
    before = state(stay)
    assert api.renew(fresh(stay), LATER + timedelta(days=1), by=acts(place.head), reason="x", now=at(DAY))
    assert state(stay) == before


def test_closed_early_by_somebody_while_the_time_ran_out(place: Place) -> None:
    with_policy(place.academy, leaving={"occasional_at_once": False})
    stay = living(place)
    run_due(at(LATER + timedelta(days=1)))
    life.close(stay.account, **why(LATER + timedelta(days=2)))
    late = LATER + timedelta(days=3)
    assert api.renew(fresh(stay), late + timedelta(days=9), by=acts(place.head), reason="x", now=at(late))
    assert state(stay) == AccountState.CLOSED


# Who answers ------------------------------------------------------------------------------------------
def test_the_next_head_inherits_and_is_told(place: Place) -> None:
    stay = living(place)
    for mandate in place.head.mandates.all():
        actions.end_mandate(mandate, **why())
    run_due(at(DAY))
    assert fresh(stay).sponsor is None
    assert run_due(at(DAY)) == 0
    successor = a_person(place.academy, "Nadia", "Suivante")
    office(successor, Office.HEAD, place.school)
    run_due(at(DAY))
    assert fresh(stay).sponsor == successor
    assert subjects(successor) == ["Intervenants extérieurs de votre établissement"]
    api.end(stay, by=acts(successor), reason="fini", now=at(DAY))


def succeeded(place: Place) -> Account:
    """The next head of the school."""
    place.head.mandates.update(ended_at=at(DAY))
    next_head = a_person(place.academy, "Rosa", "Blanc")
    office(next_head, Office.HEAD, place.school)
    return next_head


@pytest.mark.parametrize("answer", ["yes", "no", "none"])
def test_who_is_in_charge_now_learns_what_became_of_a_request(place: Place, answer: str) -> None:
    row = asked(place)
    next_head = succeeded(place)
    if answer == "yes":
        api.approve(row, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    elif answer == "no":
        api.refuse(row, "complet", by=acts(place.dsi), now=at(DAY))
    else:
        run_due(at(LATER + timedelta(days=1)))
    assert len(subjects(next_head)) == 1
    assert not subjects(place.head)


def test_where_nobody_is_in_charge_who_asked_is_told(place: Place) -> None:
    row = asked(place)
    place.head.mandates.update(ended_at=at(DAY))
    api.refuse(row, "complet", by=acts(place.dsi), now=at(DAY))
    assert len(subjects(place.head)) == 1


def test_a_head_who_left_answers_no_more(place: Place) -> None:
    stay = living(place)
    deputy = a_person(place.academy, "Dora", "Adjointe")
    office(deputy, Office.HEAD, place.school)
    life.close(place.head, **why())
    run_due(at(DAY))
    assert fresh(stay).sponsor == deputy


def test_a_night_asks_little_however_many_there_are(place: Place, django_assert_max_num_queries: Any) -> None:
    for name in ("Ana", "Bea", "Cleo", "Dora", "Ella", "Fanny", "Gaia", "Hana"):
        living(place, given=name)
    run_due(at(DAY))
    with django_assert_max_num_queries(15):
        assert run_due(at(DAY)) == 0


# Groups, and the feed ---------------------------------------------------------------------------------
def test_contributors_are_found_by_a_rule(place: Place) -> None:
    stay = living(place)
    rule = parse("origine = intervenant")
    assert list(accounts_of(rule, place.academy, DAY)) == [stay.account]
    assert Matcher().matches(rule, facts_of(stay.account, DAY))
    assert not Matcher().matches(rule, facts_of(place.head, DAY))
    assert list(accounts_of(rule, place.academy, LATER + timedelta(days=1))) == []
    where = parse(f"tous sauf origine = intervenant et établissement = {place.school.uai}")
    assert stay.account not in accounts_of(where, place.academy, DAY)


def test_a_feed_neither_closes_nor_changes_a_contributor(place: Place) -> None:
    stay = living(place)
    before = Posting.objects.filter(pk=stay.posting_id).values().get()
    fed(place, "LUC", "DURAND", date(1970, 1, 1))
    fed(place, "LUC", "DURAND", date(1970, 1, 1), day=DAY + timedelta(days=1))
    assert Posting.objects.filter(pk=stay.posting_id).values().get() == before
    assert state(stay) == AccountState.ACTIVE


def test_a_contributor_who_comes_in_the_feed_is_one_person(place: Place) -> None:
    stay = living(place)
    fed(place, "INES", "DELMAS", BORN)
    sources = sorted(Posting.objects.filter(person=stay.account.person).values_list("source", flat=True))
    assert sources == [PostingSource.FEED, PostingSource.SPONSOR]
    run_due(at(DAY))
    stay.account.refresh_from_db()
    assert stay.account.quota_bytes is None
    run_due(at(LATER + timedelta(days=1)))
    assert state(stay) == AccountState.ACTIVE


# Two at once ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time")
def test_two_at_once_never_pass_the_limits() -> None:
    from concurrent.futures import ThreadPoolExecutor

    place = a_place()
    with_policy(place.academy, contributors={"most_per_school": 3, "requests_a_day": 50})

    def try_one(number: int) -> bool:
        try:
            asked(place, given=f"Ana{'abcdefgh'[number]}")
        except api.TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_one, range(8))) == 3
    waits = list(Request.objects.all())
    with_policy(place.academy, contributors={"most_per_school": 1})

    def agree(request: Request) -> bool:
        try:
            api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
        except api.TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(agree, waits)) == 1
