"""Each hour: what is due is done once, one account's failure stops no other, and it costs few queries."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from life_people import DAY, ME, a_person, an_academy, at, why, with_policy

from casier.directory.actions import accounts
from casier.directory.models import Academy, Account, AccountState
from casier.identity.api import create_app_password
from casier.identity.dispatch.models import Dispatch
from casier.identity.models import AppPassword, User
from casier.identity.recovery.diagnosis import SuspendedBy
from casier.identity.recovery.repair import suspended_by
from casier.life import api, nightly, purging
from casier.life.calendar import Event, calendar
from casier.life.models import Departure, DepartureNotice, Hold, Idleness
from casier.life.nightly import run_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def academy() -> Academy:
    return an_academy()


def plus(days: int) -> date:
    return DAY + timedelta(days=days)


def night(days: int) -> int:
    return run_due(at(plus(days)))


def state(account: Account) -> AccountState:
    account.refresh_from_db()
    return AccountState(account.state)


def kinds() -> list[str]:
    return list(DepartureNotice.objects.order_by("pk").values_list("kind", flat=True))


def told_kinds() -> list[str]:
    """What was told, whatever the day that it was about."""
    return [re.sub(r"-(20)?\d{6}$", "", kind) for kind in kinds()]


def test_reminders_then_the_day_then_the_warning_each_once(academy: Academy) -> None:
    jean = a_person(academy)
    api.begin_leaving(jean, last_day=None, **why())
    for day in range(400):
        if day % 3 == 0:
            continue  # the platform stands still now and then
        night(day)
        assert night(day) == 0
    assert state(jean) is AccountState.CLOSED
    assert told_kinds() == ["begun", "reminder-7", "reminder-1", "closed", "soon-15"]


def test_a_hold_puts_everything_off(academy: Academy) -> None:
    jean = a_person(academy)
    api.begin_leaving(jean, last_day=None, **why())
    hold = api.hold(jean, api.HoldKind.MEDICAL, until=None, **why(plus(10)))
    night(40)
    assert state(jean) is AccountState.LEAVING
    with pytest.raises(api.Held):
        api.close(jean, **why(plus(40)))
    api.lift(hold, **why(plus(50)))
    night(69)
    assert state(jean) is AccountState.LEAVING
    night(70)
    assert state(jean) is AccountState.CLOSED
    assert Hold.objects.get().lifted_by == ME.name


def test_a_day_that_a_hold_has_put_off_is_told_anew(academy: Academy) -> None:
    """What was said of the day before the hold isn't true any more."""
    jean = a_person(academy)
    api.begin_leaving(jean, last_day=None, **why())
    night(23)
    hold = api.hold(jean, api.HoldKind.MEDICAL, until=None, **why(plus(24)))
    night(40)
    assert told_kinds() == ["begun", "reminder-7"]
    api.lift(hold, **why(plus(64)))
    for day in range(64, 72):
        night(day)
        assert night(day) == 0
    assert told_kinds() == ["begun", "reminder-7", "reminder-7", "reminder-1", "closed"]
    purge = Departure.objects.get().purge_on
    assert purge is not None
    before = (purge - DAY).days - 15
    night(before)
    hold = api.hold(jean, api.HoldKind.LEGAL, until=plus(before + 100), **why(plus(before + 1)))
    for day in range(before + 100, before + 105):
        night(day)
    assert told_kinds()[-2:] == ["soon-15", "soon-15"]


def test_a_notice_far_ahead_has_a_key_that_its_column_holds(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy adopted before there was a bound may say a hundred days and more."""
    longest = DepartureNotice._meta.get_field("kind").max_length
    jean = a_person(academy)
    api.begin_leaving(jean, last_day=plus(20), **why())
    monkeypatch.setattr(nightly, "notice_due", lambda *_: 120)
    night(1)
    assert kinds()[1:]
    assert all(len(kind) <= longest for kind in kinds())


def test_who_is_held_past_the_day_stands_in_nobodys_way(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "LOOKED_AT", 1)
    people = [a_person(academy, given) for given in ("Ada", "Bob", "Cyd")]
    for account in people:
        api.begin_leaving(account, last_day=None, **why())
    night(30)
    for account in people[:2]:
        api.hold(account, api.HoldKind.LEGAL, until=None, **why(plus(31)))
    assert [row.account for row in purging.due(at(plus(2000)))] == people[2:]


def test_one_failure_stops_no_other(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [a_person(academy, given) for given in ("Ada", "Bob", "Cyd")]
    for account in people:
        api.begin_leaving(account, last_day=None, **why())
    close = accounts.close

    def fails(account: Account, **more: Any) -> Account:
        if account.pk == people[0].pk:
            raise RuntimeError
        return close(account, **more)

    with monkeypatch.context() as patch:
        patch.setattr(accounts, "close", fails)
        assert night(30) == 2
    assert [state(account).value for account in people] == ["leaving", "closed", "closed"]
    assert night(30) == 1


# Nobody uses it -------------------------------------------------------------------------------------
def used(account: Account, day: date) -> None:
    User.objects.update_or_create(account=account, defaults={"last_login": at(day)})


def told(account: Account) -> int:
    return Dispatch.objects.filter(account=account, why="life").count()


def test_an_idle_account_is_told_twice_then_shut_and_opened_again(academy: Academy) -> None:
    jean = a_person(academy)
    used(jean, DAY)
    for day in range(330, 366):
        night(day)
        assert night(day) == 0
    assert state(jean) is AccountState.SUSPENDED
    assert told(jean) == 2
    assert suspended_by(jean) is SuspendedBy.IDLENESS
    accounts.resume(jean, **why(plus(370)))
    night(371)
    night(400)
    assert state(jean) is AccountState.ACTIVE
    night(371 + 335)
    night(371 + 365)
    assert state(jean) is AccountState.SUSPENDED


def test_who_comes_back_after_a_notice_keeps_the_account(academy: Academy) -> None:
    jean = a_person(academy)
    used(jean, DAY)
    night(335)
    used(jean, plus(340))
    night(365)
    night(400)
    assert state(jean) is AccountState.ACTIVE
    night(340 + 340)
    assert told(jean) == 2


def test_a_mail_program_is_use_too(academy: Academy) -> None:
    jean = a_person(academy)
    used(jean, DAY)
    create_app_password(jean, "Thunderbird", ME)
    AppPassword.objects.update(used_at=at(plus(300)))
    for day in (335, 365, 400):
        night(day)
    assert state(jean) is AccountState.ACTIVE


def test_a_policy_of_yesterday_shuts_nobody_untold(academy: Academy) -> None:
    with_policy(academy, idle_account={"deactivate_days": 0})
    jean = a_person(academy)
    used(jean, DAY)
    night(1000)
    assert not Idleness.objects.exists()
    with_policy(academy, idle_account={"deactivate_days": 90})
    night(1001)
    night(1030)
    assert state(jean) is AccountState.ACTIVE
    night(1031)
    assert state(jean) is AccountState.SUSPENDED


def test_holds_and_departures_spare_the_idle(academy: Academy) -> None:
    jean, anne = a_person(academy), a_person(academy, "Anne", "Leroy")
    for account in (jean, anne):
        used(account, DAY)
    api.hold(jean, api.HoldKind.MEDICAL, until=None, **why(plus(100)))
    api.begin_leaving(anne, last_day=plus(600), **why(plus(100)))
    for day in (335, 366, 500):
        night(day)
    assert state(jean) is AccountState.ACTIVE
    assert state(anne) is AccountState.LEAVING


# What will happen -----------------------------------------------------------------------------------
def test_the_calendar(academy: Academy) -> None:
    jean, anne, luc, idle = (a_person(academy, name) for name in ("Jean", "Anne", "Luc", "Zoé"))
    for account in (jean, anne, luc):
        used(account, DAY)
    Account.objects.update(created_at=at(plus(-900)))
    used(idle, plus(-340))
    api.begin_leaving(jean, last_day=plus(5), **why())
    api.close(anne, **why(plus(-340)))
    api.begin_leaving(luc, last_day=None, **why())
    api.hold(luc, api.HoldKind.LEGAL, until=None, **why())
    entries = calendar(Account.objects.all(), [academy], DAY)
    assert [(entry.on, entry.event, entry.account.person.given_name) for entry in entries] == [
        (DAY, Event.LAST_DAY, "Luc"),
        (plus(5), Event.LAST_DAY, "Jean"),
        (plus(25), Event.PURGE, "Anne"),
        (plus(30), Event.IDLE, "Zoé"),
        (plus(35), Event.CLOSES, "Jean"),
        (None, Event.HELD, "Luc"),
    ]
    assert not calendar(Account.objects.none(), [academy], DAY)


def test_the_calendar_shows_a_last_day_though_the_closing_is_further_off(academy: Academy) -> None:
    jean = a_person(academy)
    api.begin_leaving(jean, last_day=plus(50), **why())
    used(jean, DAY)
    entries = calendar(Account.objects.all(), [academy], DAY)
    assert [(entry.on, entry.event) for entry in entries] == [(plus(50), Event.LAST_DAY)]
    api.begin_leaving(jean, last_day=plus(61), **why())
    assert not calendar(Account.objects.all(), [academy], DAY)


def test_a_night_on_which_nothing_is_due_asks_as_little_of_many_as_of_few(academy: Academy) -> None:
    now: datetime = at(plus(40))
    asked = []
    for letter in "ab":
        for number in range(6):
            account = a_person(academy, "P", f"N{letter}{chr(97 + number)}")
            used(account, DAY)
            if number % 2:
                # Within the longest time in which a notice could be due.
                api.begin_leaving(account, last_day=plus(60), **why())
        run_due(now)
        with CaptureQueriesContext(connection) as queries:
            run_due(now)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20
    assert Departure.objects.count() == 6
