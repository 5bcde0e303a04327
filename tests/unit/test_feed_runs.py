"""What a run does with what a feed says: newcomers, names, postings, schools, what can't be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from feed_fixtures import academy, silent_redis
from feed_scene import (
    BIRTH,
    COLLEGE,
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    account,
    addresses,
    applied,
    later,
    lines,
    looked_at,
    person,
    verbs,
)

from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory import actions
from casier.directory.models import (
    Academy,
    AccountState,
    Address,
    Person,
    PersonKey,
    Posting,
    PostingDetail,
    School,
)
from casier.feed.models import Change, RunState, Status
from casier.feed.records import Function, Operation, Place, Refused

__all__ = ["academy", "silent_redis"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_look_changes_nothing(academy: Academy) -> None:
    run = looked_at(academy, *SCHOOLS, person("P1"))
    assert run.state == RunState.LOOKED_AT
    assert lines(run) == [
        ("school", "create", "new", "planned"),
        ("school", "create", "new", "planned"),
        ("person", "create", "new", "planned"),
    ]
    assert run.counts == {"person.create": 1, "person.read": 1, "school.create": 2, "school.read": 2}
    assert not School.objects.exists()
    assert not Person.objects.exists()


def test_newcomers_get_all_that_the_feed_says(academy: Academy) -> None:
    teacher = Function(
        "E1", "ENS", "Enseignement", subjects=("MATHS",), classes=("3A", "4B"), principal_of=("3A",)
    )
    run = applied(academy, *SCHOOLS, person("P1", "MARIE-NOËLLE", "D'ARC", [teacher], birth_name="DUPONT"))
    assert run.state == RunState.APPLIED
    made = account("marie-noelle.darc@ac-rouen.fr")
    assert made.person.full_name == "Marie-Noëlle D'Arc"
    assert (made.person.birth_name, made.person.birth_date) == ("Dupont", BIRTH)
    assert made.state == AccountState.INVITED
    assert made.mailbox_key == "marie-noelle.darc@ac-rouen.fr"
    assert Address.objects.filter(account=made, address="marie-noelle.darc@ac-normandie.fr").exists()
    posting = Posting.objects.get()
    assert (posting.school and posting.school.uai, posting.function, posting.source) == (LYCEE, "ENS", "feed")
    assert posting.starts_on == date(2026, 9, 1)
    assert sorted(PostingDetail.objects.values_list("kind", "value")) == [
        ("class", "3A"), ("class", "4B"), ("principal", "3A"), ("subject", "MATHS"),
    ]  # fmt: skip
    assert PersonKey.objects.get().key == "P1"
    assert OutboxEvent.objects.filter(topic="account.changed", key=made.public_id).exists()
    entry = JournalEntry.objects.get(action="account.created")
    assert (entry.target, entry.actor, entry.origin) == (
        f"account:{made.public_id}",
        ME.name,
        f"feed:{run.pk}",
    )
    assert School.objects.get(uai=COLLEGE).department == "76"


def test_the_same_feed_again_changes_nothing(academy: Academy) -> None:
    feed = (*SCHOOLS, person("P1"), person("P2", "Anne", "Le Goff", [Function("E2", "DIR")]))
    applied(academy, *feed)
    events = OutboxEvent.objects.count()
    again = applied(academy, *feed, clock=later(1))
    assert lines(again) == []
    assert again.counts == {
        "person.read": 2, "person.same": 2, "school.read": 2, "school.same": 2, "skipped": 0,
    }  # fmt: skip
    assert OutboxEvent.objects.count() == events


def test_homonyms_get_a_digit_and_an_address_in_reserve_is_not_given(academy: Academy) -> None:
    days = [BIRTH + timedelta(days=number) for number in range(4)]
    applied(academy, *SCHOOLS, *(person(f"P{place}", birth_date=day) for place, day in enumerate(days)))
    assert addresses() == [
        "jean.martin1@ac-rouen.fr", "jean.martin2@ac-rouen.fr", "jean.martin3@ac-rouen.fr",
        "jean.martin@ac-rouen.fr",
    ]  # fmt: skip
    actions.close(account("jean.martin1@ac-rouen.fr"), by=ME, reason="tests", now=NOW)
    applied(academy, person("P9", birth_date=date(1990, 1, 1)), complete=False, clock=later(100))
    assert "jean.martin4@ac-rouen.fr" in addresses()


def test_a_new_name_brings_a_new_address_and_the_old_one_keeps_arriving(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", "Anne", "Durand"))
    run = applied(academy, *SCHOOLS, person("P1", "Anne", "Müller"), clock=later(1))
    assert verbs(run) == [("change", "renamed")]
    renamed = account("anne.muller@ac-rouen.fr")
    old = Address.objects.get(address="anne.durand@ac-rouen.fr")
    assert (old.account_id, old.retired_at, old.is_primary) == (renamed.pk, None, False)
    # registers write capitals without accents: the directory's spelling stays
    assert verbs(looked_at(academy, *SCHOOLS, person("P1", "ANNE", "MULLER"))) == []


def test_postings_come_change_and_go(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", functions=[Function("E1", "ENS", classes=("3A",))]))
    moved = person("P1", functions=[Function("E2", "ENS", classes=("6C",))])
    run = applied(academy, *SCHOOLS, moved, clock=later(30))
    assert verbs(run) == [("change", "moved")]
    rows = {str(row.school and row.school.uai): row for row in Posting.objects.all()}
    assert rows[LYCEE].ends_on == date(2026, 9, 30)
    assert (rows[COLLEGE].starts_on, rows[COLLEGE].ends_on) == (date(2026, 10, 1), None)
    more = person("P1", functions=[Function("E2", "ENS", classes=("6C", "5A"))])
    run = applied(academy, *SCHOOLS, more, clock=later(31))
    assert verbs(run) == [("change", "posting_changed")]
    assert sorted(rows[COLLEGE].details.values_list("value", flat=True)) == ["5A", "6C"]
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED


def test_what_cannot_be_done_is_told(academy: Academy) -> None:
    run = looked_at(
        academy,
        *SCHOOLS,
        replace(SCHOOLS[0], key="E7", uai="0760001Z"),
        Refused(Place("pers.xml", 9, 120), "P0", "no_key"),
        person("P1", family=""),
        person("P2", functions=[]),
        person("P3", "Zoé", functions=[Function("E404", "ENS")]),
        person("P4", "王", "伟"),
        person("P5", "Luc", operation=Operation.MODIFY),
    )
    assert [line[:3] for line in lines(run)] == [
        ("record", "refuse", "no_key"),
        ("school", "create", "new"),
        ("school", "create", "new"),
        ("school", "refuse", "bad_uai"),
        ("person", "refuse", "no_name"),
        ("person", "ignore", "no_posting"),
        ("person", "ignore", "unknown_school"),
        ("person", "refuse", "no_letters"),
        ("person", "refuse", "unknown_person"),
    ]
    row = Change.objects.get(run=run, code="no_key")
    assert (row.file, row.place, row.line, row.status) == ("pers.xml", 9, 120, Status.TOLD)


def test_a_delta_says_only_what_it_says(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"))
    renamed = replace(
        person("P1", "Jean", "", [], operation=Operation.MODIFY),
        given=frozenset({"given_name"}),
        given_name="Jehan",
    )
    deleted = person("P2", "", "", [], operation=Operation.DELETE)
    run = applied(academy, renamed, deleted, complete=False, clock=later(1))
    assert verbs(run) == [("change", "renamed"), ("leave", "left")]
    assert account("jehan.martin@ac-rouen.fr").person.birth_date == BIRTH
    assert Posting.objects.filter(ends_on=None).count() == 1


def test_schools_change_close_and_open_again(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    run = applied(
        academy,
        replace(SCHOOLS[0], name="Lycée Jeanne d’Arc", networks=("REP Nord",)),
        person("P1"),
        clock=later(1),
    )
    assert [line[:3] for line in lines(run)] == [
        ("school", "change", "details"), ("school", "leave", "school_gone"),
    ]  # fmt: skip
    lycee, college = School.objects.get(uai=LYCEE), School.objects.get(uai=COLLEGE)
    assert (lycee.name, lycee.networks.get().name, college.is_open) == (
        "Lycée Jeanne d’Arc",
        "REP Nord",
        False,
    )
    applied(academy, *SCHOOLS, person("P1"), clock=later(2))
    college.refresh_from_db()
    assert college.is_open
