"""The feed and the word of a school: who was said to have left doesn't come back by the next file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from feed_scene import (
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    account,
    applied,
    later,
    looked_at,
    person,
    undone,
    verbs,
)
from feed_scene import academy as make_academy

from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    FunctionalMailbox,
    Membership,
    Posting,
    Role,
    School,
)
from casier.feed.models import Change
from casier.feed.records import Function
from casier.schools import api
from casier.schools.models import Leaving

pytestmark = pytest.mark.django_db
BOTH = (Function("E1", "ENS"), Function("E2", "ENS"))
LAG = 15  # days, by the policy


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit is tried with real engines elsewhere."""
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def academy() -> Academy:
    return make_academy()


def said(days: int = 0) -> dict[str, Any]:
    return {"by": ME, "reason": "mutation", "now": NOW + timedelta(days=days)}


def lycee() -> School:
    return School.objects.select_related("academy").get(uai=LYCEE)


def jean() -> Account:
    return account("jean.martin@ac-rouen.fr")


def go(days: int = 0, last_day: date | None = None) -> Leaving:
    return api.depart(jean(), lycee(), api.How(last_day=last_day), **said(days))


def live(days: int) -> list[str]:
    day = (NOW + timedelta(days=days)).date()
    rows = Posting.objects.exclude(ends_on__lt=day).values_list("school__uai", flat=True)
    return sorted(str(row) for row in rows)


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("days", [0, 1, LAG])
def test_it_does_not_come_back_by_itself(academy: Academy, days: int, complete: bool) -> None:
    """On the same day, when the posting still holds, as much as on the next, when it is over."""
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    run = applied(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(days), complete=complete)
    assert verbs(run) == [("ignore", "sent_away")]
    assert Change.objects.get(run=run).facts["away"] == [LYCEE]
    ended = Posting.objects.get(school=lycee())
    assert (ended.ends_on, ended.source) == (NOW.date(), "hand")
    row.refresh_from_db()
    assert row.named_on == later(days).today()
    assert not api.contradicted(lycee(), later(days).today()).exists()


def test_a_last_day_to_come_stands(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    last = NOW.date() + timedelta(days=10)
    go(last_day=last)
    applied(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(3))
    assert Posting.objects.get(school=lycee()).ends_on == last


def test_after_a_while_somebody_has_to_decide(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    feed = (*SCHOOLS, person("P1", functions=BOTH))
    assert verbs(applied(academy, *feed, clock=later(LAG + 1))) == [("review", "sent_away")]
    today = later(LAG + 1).today()
    assert [one.pk for one in api.contradicted(lycee(), today)] == [row.pk]
    api.confirm(row, **said(LAG + 1))
    assert not api.contradicted(lycee(), today).exists()
    assert verbs(looked_at(academy, *feed, clock=later(LAG + 2))) == [("ignore", "sent_away")]
    # …and asked again, if the file is never mended.
    assert verbs(applied(academy, *feed, clock=later(2 * LAG + 2))) == [("review", "sent_away")]
    assert api.contradicted(lycee(), later(2 * LAG + 2).today()).exists()


def test_where_the_feed_is_right_it_is_taken_back(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    applied(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(1))
    api.undo(row, **said(2))
    run = looked_at(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(2))
    assert verbs(run) == []
    assert len(live(2)) == 2


def test_once_the_feed_agrees_a_new_posting_there_is_new(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    applied(academy, *SCHOOLS, person("P1", functions=BOTH[1:]), clock=later(1))
    row.refresh_from_db()
    assert row.settled_on == later(1).today()
    run = applied(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(300))
    assert verbs(run) == [("change", "posting_added")]
    assert len(live(300)) == 2


def test_an_undone_run_unsettles_what_it_settled(academy: Academy) -> None:
    """The head's word stands again: the feed of before doesn't bring the posting back."""
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    run = applied(academy, *SCHOOLS, person("P1", functions=BOTH[1:]), clock=later(1))
    undone(run, later(2))
    row.refresh_from_db()
    assert (row.settled_on, row.named_on, row.undone_at) == (None, None, None)
    assert verbs(looked_at(academy, *SCHOOLS, person("P1", functions=BOTH), clock=later(3))) == [
        ("ignore", "sent_away")
    ]
    applied(academy, *SCHOOLS, person("P1", functions=BOTH[1:]), clock=later(4))
    row.refresh_from_db()
    assert row.settled_on == later(4).today()


def test_an_undone_run_takes_back_that_it_named_somebody(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    feed = (*SCHOOLS, person("P1", functions=BOTH))
    applied(academy, *feed, clock=later(1))
    undone(applied(academy, *feed, clock=later(2)), later(3))
    row.refresh_from_db()
    assert row.named_on == later(1).today()


def test_what_somebody_said_after_the_run_stays(academy: Academy) -> None:
    """Settled by the run, posted there anew by hand, sent away once more: the newer word is the open one."""
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    first = go()
    run = applied(academy, *SCHOOLS, person("P1", functions=BOTH[1:]), clock=later(1))
    Posting.objects.create(person=jean().person, school=lycee(), function="ENS", source="hand")
    second = go(2)
    undone(run, later(3))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.settled_on == later(1).today()
    assert (second.settled_on, second.undone_at) == (None, None)


def test_a_posting_that_begins_later_is_another(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    go()
    again = Function("E1", "ENS", starts_on=NOW.date() + timedelta(days=5))
    run = applied(academy, *SCHOOLS, person("P1", functions=(again, BOTH[1])), clock=later(6))
    assert verbs(run) == [("change", "posting_added")]


def test_a_delta_that_says_nothing_settles_nothing(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    row = go()
    applied(academy, person("P2", "ANNE", "LEROY", (Function("E2", "ENS"),)), complete=False, clock=later(1))
    row.refresh_from_db()
    assert row.settled_on is None


def test_who_leaves_for_good_is_asked_about_too(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    row = go()
    assert jean().state == AccountState.LEAVING
    run = applied(academy, *SCHOOLS, person("P1"), clock=later(1))
    assert verbs(run) == [("ignore", "leaving_by_hand")]
    late = applied(academy, *SCHOOLS, person("P1"), clock=later(LAG + 1))
    assert verbs(late) == [("review", "leaving_by_hand")]
    assert [one.pk for one in api.contradicted(lycee(), later(LAG + 1).today())] == [row.pk]


def test_other_changes_are_done_all_the_same(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    go()
    changed = (BOTH[0], Function("E2", "DOC"))
    run = applied(academy, *SCHOOLS, person("P1", functions=changed), clock=later(1))
    assert verbs(run) == [("change", "moved")]
    assert Change.objects.get(run=run).facts["away"] == [LYCEE]
    assert Leaving.objects.get().named_on == later(1).today()


# Members --------------------------------------------------------------------------------------------
def box(academy: Academy) -> FunctionalMailbox:
    made = actions.create_functional_mailbox(academy, actions.NewMailbox("Accueil", lycee()), **said())
    actions.set_member(made, jean(), Role.ANSWER, **said())
    return made


def test_members_go_with_the_run_that_ends_their_posting_and_come_back_with_its_undoing(
    academy: Academy,
) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=BOTH))
    box(academy)
    run = applied(academy, *SCHOOLS, person("P1", functions=BOTH[1:]), clock=later(1))
    assert not Membership.objects.exists()
    undone(run, clock=later(1))
    assert Membership.objects.get().role == Role.ANSWER


def test_whoever_moves_within_the_school_stays_a_member(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    box(academy)
    applied(academy, *SCHOOLS, person("P1", functions=(Function("E1", "DOC"),)), clock=later(1))
    assert Membership.objects.exists()
