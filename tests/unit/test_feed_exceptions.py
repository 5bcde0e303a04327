"""What is rare: NUMENs that contradict, schools that close and open again, deltas that delete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from feed_scene import (
    CLOCK,
    COLLEGE,
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    WHY,
    academy,
    account,
    addresses,
    applied,
    later,
    lines,
    person,
    school,
    silent,
    uai,
    undone,
    verbs,
)

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Address,
    FunctionalMailbox,
    Person,
    PersonKey,
    Posting,
    School,
    UsedMailboxKey,
)
from casier.directory.numen import parse_numen
from casier.feed.actions import ask_to_apply, begin, decide, look
from casier.feed.applying.applying import apply
from casier.feed.models import ReviewItem, Run
from casier.feed.opening import Asked, opened
from casier.feed.records import Function, Operation
from casier.policies.api import adopt, policy_for
from casier.policies.changing import with_changes
from feed_files import Academy as Made
from feed_files import Shape, write_complete
from feed_files.writing import _deleted

pytestmark = pytest.mark.django_db
NUMEN, OTHER = parse_numen("12A3456789BCD"), parse_numen("12A3456789XYZ")
BORN = date(1990, 1, 1)


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def owner() -> Academy:
    return academy()


def holders() -> list[str]:
    """The given names of those who have a NUMEN."""
    return sorted(Person.objects.exclude(numen_index=None).values_list("given_name", flat=True))


def with_mailboxes(owner: Academy) -> None:
    """Let new schools get their mailbox."""
    changed = with_changes(policy_for(owner), ["feed.school_mailboxes=true"])
    adopt(owner, changed, by=ME, reason="tests", now=NOW)


def mailbox(owner: Academy, new: actions.NewMailbox) -> FunctionalMailbox:
    return actions.create_functional_mailbox(owner, new, by=ME, reason="tests", now=NOW)


# A NUMEN that says somebody else ------------------------------------------------------------------------
def test_a_numen_that_was_somebody_elses_goes_to_whom_it_is(owner: Academy) -> None:
    applied(owner, *SCHOOLS, person("P1", numen=NUMEN))
    feed = (*SCHOOLS, person("P1"), person("P2", "Zoé", "Berger", birth_date=BORN, numen=NUMEN))
    run = applied(owner, *feed, clock=later(1))
    assert verbs(run) == [("review", "numen_conflict")]
    decide(ReviewItem.objects.get(), None, **WHY)
    assert holders() == []
    run = applied(owner, *feed, clock=later(2))
    assert verbs(run) == [("create", "new")]
    assert holders() == ["Zoé"]
    assert verbs(applied(owner, *feed, clock=later(3))) == []
    assert JournalEntry.objects.filter(action="feed.doubt_settled").count() == 1


def test_a_key_and_a_numen_of_two_people(owner: Academy) -> None:
    """The key is one's, the NUMEN another's: whoever is named gets both, the other keeps neither."""
    start = (*SCHOOLS, person("P1"), person("P2", "Zoé", "Berger", birth_date=BORN, numen=NUMEN))
    applied(owner, *start)
    feed = (*SCHOOLS, person("P1", numen=NUMEN))
    run = applied(owner, *feed, complete=False, clock=later(1))
    assert verbs(run) == [("review", "numen_conflict")]
    decide(ReviewItem.objects.get(), account("jean.martin@ac-rouen.fr").person, **WHY)
    run = applied(owner, *feed, complete=False, clock=later(2))
    assert [status for subject, _verb, _code, status in lines(run) if subject == "person"] == ["done"]
    assert holders() == ["Jean"]


def test_the_key_goes_to_whom_the_numen_names(owner: Academy) -> None:
    start = (*SCHOOLS, person("P1"), person("P2", "Zoé", "Berger", birth_date=BORN, numen=NUMEN))
    applied(owner, *start)
    feed = (*SCHOOLS, person("P1", numen=NUMEN))
    applied(owner, *feed, complete=False, clock=later(1))
    zoe = account("zoe.berger@ac-rouen.fr").person
    decide(ReviewItem.objects.get(), zoe, **WHY)
    run = applied(owner, *feed, complete=False, clock=later(2))
    assert all(row[3] == "done" for row in lines(run) if row[0] == "person")
    # The feed's names are hers from now on; her key stays the one that she had.
    assert Person.objects.get(given_name="Jean", numen_index__isnull=False) == zoe
    assert not PersonKey.objects.filter(key="P1").exists()


def test_a_numen_of_another_academy_is_nobodys_to_take(owner: Academy) -> None:
    other = academy("amiens", ("ac-amiens.fr",))
    applied(
        other,
        school("E9", uai(800001), "Lycée d’Amiens"),
        person("Q1", functions=[Function("E9", "ENS")], numen=NUMEN),
    )
    feed = (*SCHOOLS, person("P2", "Zoé", "Berger", birth_date=BORN, numen=NUMEN))
    assert verbs(applied(owner, *feed)) == [("review", "numen_conflict")]
    decide(ReviewItem.objects.get(), None, **WHY)
    assert holders() == ["Jean"]
    run = applied(owner, *feed, clock=later(1))
    assert lines(run)[-1] == ("person", "create", "new", "done")
    assert holders() == ["Jean"]


# Schools ------------------------------------------------------------------------------------------------
def test_a_school_that_closes_keeps_its_people_and_its_mailbox(owner: Academy) -> None:
    """Letters go on arriving, and somebody decides; nobody leaves because a building did."""
    moved = person("P2", "Zoé", functions=[Function("E2", "ENS")])
    applied(owner, *SCHOOLS, person("P1"), moved)
    box = actions.create_functional_mailbox(
        owner,
        actions.NewMailbox("Collège Camus", School.objects.get(uai=COLLEGE)),
        by=ME,
        reason="tests",
        now=NOW,
    )
    # The people's file still names the school that the schools' file has no longer.
    run = applied(owner, SCHOOLS[0], person("P1"), moved, clock=later(1))
    assert ("school", "leave", "school_gone", "done") in lines(run)
    assert ("refuse", "unknown_school") in verbs(run)
    assert account("zoe.martin@ac-rouen.fr").state == AccountState.INVITED
    box.refresh_from_db()
    assert not box.is_closed
    # The people's file agrees: she has another school, the old posting ends.
    run = applied(
        owner, SCHOOLS[0], person("P1"), replace(moved, functions=(Function("E1", "ENS"),)), clock=later(2)
    )
    assert verbs(run) == [("change", "moved")]
    run = applied(
        owner, *SCHOOLS, person("P1"), replace(moved, functions=(Function("E1", "ENS"),)), clock=later(3)
    )
    assert ("school", "return", "reopened", "done") in lines(run)
    assert School.objects.get(uai=COLLEGE).mailboxes.get() == box


def test_undoing_opens_a_school_again(owner: Academy) -> None:
    applied(owner, *SCHOOLS, person("P1"))
    run = applied(owner, SCHOOLS[0], person("P1"), clock=later(1))
    assert not School.objects.get(uai=COLLEGE).is_open
    undone(run, later(2))
    assert School.objects.get(uai=COLLEGE).is_open


def test_a_new_school_gets_its_mailbox_where_the_policy_says_so(owner: Academy) -> None:
    applied(owner, SCHOOLS[0], person("P1"))
    assert not FunctionalMailbox.objects.exists()
    adopt(
        owner, with_changes(policy_for(owner), ["feed.school_mailboxes=true"]), by=ME, reason="tests", now=NOW
    )
    run = applied(owner, *SCHOOLS, person("P1"), clock=later(1))
    box = FunctionalMailbox.objects.get()
    assert (box.school.uai if box.school else "", box.mailbox_key) == (
        COLLEGE,
        f"ce.{COLLEGE.lower()}@ac-rouen.fr",
    )
    assert box.memberships.count() == 0
    assert applied(owner, *SCHOOLS, person("P1"), clock=later(2)).counts.get("school.create") is None
    assert FunctionalMailbox.objects.count() == 1
    assert run.pk


def test_undoing_takes_the_mailbox_of_a_new_school_where_nobody_has_it_yet(owner: Academy) -> None:
    adopt(
        owner, with_changes(policy_for(owner), ["feed.school_mailboxes=true"]), by=ME, reason="tests", now=NOW
    )
    run = applied(owner, *SCHOOLS)
    FunctionalMailbox.objects.filter(school__uai=LYCEE).update(provisioned_at=NOW)
    run = undone(run, later(1))
    assert [(row[0], row[3]) for row in lines(run)] == [("school", "kept"), ("school", "undone")]
    assert list(School.objects.values_list("uai", flat=True)) == [LYCEE]
    assert FunctionalMailbox.objects.get().mailbox_key == f"ce.{LYCEE.lower()}@ac-rouen.fr"
    assert not UsedMailboxKey.objects.filter(key__contains=COLLEGE.lower()).exists()
    assert not Address.objects.filter(address__contains=COLLEGE.lower()).exists()


def test_an_address_that_is_taken_stays_whose_it_is(owner: Academy) -> None:
    adopt(
        owner, with_changes(policy_for(owner), ["feed.school_mailboxes=true"]), by=ME, reason="tests", now=NOW
    )
    for domain in ("ac-rouen.fr", "ac-normandie.fr"):
        mailbox(owner, actions.NewMailbox("Service", address=f"ce.{LYCEE.lower()}@{domain}"))
    run = applied(owner, *SCHOOLS)
    assert {row[3] for row in lines(run)} == {"done"}
    assert FunctionalMailbox.objects.get(school__uai=COLLEGE)
    assert not FunctionalMailbox.objects.filter(school__uai=LYCEE).exists()


# Files --------------------------------------------------------------------------------------------------
def imported(owner: Academy, folder: Path) -> Run:
    reader, source = opened([folder], owner, Asked())
    run = look(begin(owner, source, by=ME, reason="tests", clock=CLOCK), reader, silent, CLOCK)
    return apply(ask_to_apply(run, by=ME, reason="tests", clock=CLOCK), silent, CLOCK)


def test_a_delta_that_deletes_schools(owner: Academy, tmp_path: Path) -> None:
    made = Made(Shape(schools=12, people=30))
    (tmp_path / "first").mkdir()
    write_complete(made, tmp_path / "first", date(2026, 9, 1))
    imported(owner, tmp_path / "first")
    one, two = list(made.schools())[:2]
    requests = _deleted("EtabEducNat", one.key) + _deleted("EtabEducNat", "999999")
    text = (
        "<ficAlimMENESR>" + requests.replace("categoriePersonne", "categorieStructure") + "</ficAlimMENESR>"
    )
    (tmp_path / "delta").mkdir()
    file = tmp_path / "delta" / "ENTNormandie_Delta_20260902_EtabEducNat_0000.xml"
    file.write_text('<?xml version="1.0" encoding="utf-8"?>' + text, "utf-8")
    before = Posting.objects.count()
    run = imported(owner, tmp_path / "delta")
    assert sorted(row[1:3] for row in lines(run)) == [
        ("ignore", "unknown_school_record"),
        ("leave", "school_gone"),
    ]
    assert not School.objects.get(uai=one.uai).is_open
    assert School.objects.get(uai=two.uai).is_open
    assert Posting.objects.count() == before
    assert not Account.objects.filter(state=AccountState.LEAVING).exists()


# People -------------------------------------------------------------------------------------------------
def test_who_is_back_after_a_year_in_another_academy_is_one_person(owner: Academy) -> None:
    """Gone from Rouen, a year later in Amiens with the same NUMEN: the account that was is theirs again."""
    other = academy("amiens", ("ac-amiens.fr",))
    applied(owner, *SCHOOLS, person("P1", numen=NUMEN), person("P2", "Anne"))
    run = applied(owner, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert ("leave", "left") in verbs(run)
    actions.close(account("jean.martin@ac-rouen.fr"), by=ME, reason="tests", now=later(40).now())
    there = person("Q1", functions=[Function("E9", "ENS")], numen=NUMEN)
    run = applied(other, school("E9", uai(800001), "Lycée d’Amiens"), there, clock=later(366))
    assert verbs(run) == [("return", "back")]
    assert Person.objects.filter(given_name="Jean").count() == 1
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED


def test_who_works_in_two_academies_leaves_with_the_last_of_them(owner: Academy) -> None:
    other = academy("amiens", ("ac-amiens.fr",))
    amiens = school("E9", uai(800001), "Lycée d’Amiens")
    there = person("Q1", functions=[Function("E9", "ENS")], numen=NUMEN)
    applied(owner, *SCHOOLS, person("P1", numen=NUMEN), person("P2", "Anne"))
    applied(other, amiens, there, person("Q2", "Luc", functions=[Function("E9", "ENS")]))
    applied(owner, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED
    run = applied(other, amiens, person("Q2", "Luc", functions=[Function("E9", "ENS")]), clock=later(2))
    assert ("leave", "left") in verbs(run)
    assert account("jean.martin@ac-rouen.fr").state == AccountState.LEAVING
    assert "jean.martin@ac-rouen.fr" in addresses()


def test_a_delta_deletes_people_and_brings_them_back(owner: Academy) -> None:
    applied(owner, *SCHOOLS, person("P1"), person("P2", "Anne"))
    gone = person("P1", "", "", (), operation=Operation.DELETE, birth_date=None)
    assert verbs(applied(owner, gone, complete=False, clock=later(1))) == [("leave", "left")]
    run = applied(owner, person("P1"), complete=False, clock=later(2))
    assert verbs(run) == [("return", "back")]
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED
