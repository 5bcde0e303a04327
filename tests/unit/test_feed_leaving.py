"""Who leaves by a feed and who doesn't: those it no longer names, those somebody keeps, too many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from feed_fixtures import academy, silent_redis
from feed_scene import (
    ME,
    NOW,
    SCHOOLS,
    WHY,
    account,
    applied,
    later,
    lines,
    looked_at,
    person,
    silent,
    verbs,
)

from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Posting,
)
from casier.feed import lives
from casier.feed.actions import ask_to_apply
from casier.feed.applying.applying import apply
from casier.feed.errors import TooManyLeave
from casier.feed.models import Gone, RunState
from casier.feed.records import Function, Place, Refused

__all__ = ["academy", "silent_redis"]  # fixtures
pytestmark = pytest.mark.django_db


def test_who_has_no_posting_left_leaves_and_comes_back(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"))
    run = applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(10))
    assert verbs(run) == [("leave", "left")]
    gone = account("jean.martin@ac-rouen.fr")
    assert gone.state == AccountState.LEAVING
    assert Gone.objects.get().person_id == gone.person_id
    assert verbs(looked_at(academy, *SCHOOLS, person("P2", "Anne"), clock=later(11))) == []
    run = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), clock=later(12))
    assert verbs(run) == [("return", "back")]
    gone.refresh_from_db()
    assert gone.state == AccountState.INVITED
    assert not Gone.objects.exists()


def test_who_is_back_after_a_year_is_the_same_person(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    applied(academy, *SCHOOLS, clock=later(1), allow=1)
    applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(2))
    left = account("jean.martin@ac-rouen.fr")
    actions.close(left, by=ME, reason="tests", now=NOW + timedelta(days=30))
    run = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), clock=later(365))
    assert verbs(run) == [("return", "back")]
    assert Account.objects.count() == 2
    left.refresh_from_db()
    assert left.state in {AccountState.INVITED, AccountState.ACTIVE}


def test_whom_somebody_put_out_by_hand_the_feed_does_not_bring_back(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    actions.close(account("jean.martin@ac-rouen.fr"), by=ME, reason="tests", now=NOW)
    run = applied(academy, *SCHOOLS, person("P1"), clock=later(1))
    assert verbs(run) == [("ignore", "closed_by_hand")]
    assert Account.objects.get().state == AccountState.CLOSED


def test_a_posting_given_by_hand_keeps_somebody(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    someone = account("jean.martin@ac-rouen.fr")
    Posting.objects.create(person=someone.person, school=None, function="CFC", source="hand")
    run = applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert ("change", "other_posting") in verbs(run)
    someone.refresh_from_db()
    assert someone.state == AccountState.INVITED


def test_who_is_held_stays(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    monkeypatch.setattr(lives, "held", lambda _account: True)
    run = applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert ("change", "held") in verbs(run)
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED


def test_whose_record_cannot_be_read_does_not_leave(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"))
    run = looked_at(
        academy, *SCHOOLS, Refused(Place("pers.xml", 1), "P1", "bad_date"),
        person("P2", "Anne", functions=[Function("E404", "ENS")]),
    )  # fmt: skip
    assert ("leave", "left") not in verbs(run)


def test_a_feed_of_people_closes_no_school_and_one_of_schools_puts_nobody_out(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    assert lines(looked_at(academy, person("P1"))) == []
    assert lines(looked_at(academy, *SCHOOLS)) == []


def test_too_many_leaving_stop_a_run(academy: Academy) -> None:
    many = [person(f"P{number}", "Jean", f"Martin-{'abcdefghijklmnopqrst'[number]}") for number in range(20)]
    applied(academy, *SCHOOLS, *many)
    run = looked_at(academy, *SCHOOLS, *many[:8], clock=later(1))
    assert run.state == RunState.STOPPED
    assert run.fault == {"code": "too_many_leave", "count": 12, "of": 20, "most": 500, "percent": 5}
    with pytest.raises(TooManyLeave):
        ask_to_apply(run, **WHY)
    with pytest.raises(TooManyLeave):
        ask_to_apply(run, **WHY, allow_leaving=11)
    apply(ask_to_apply(run, **WHY, allow_leaving=12), silent, later(1))
    assert Account.objects.filter(state=AccountState.LEAVING).count() == 12
