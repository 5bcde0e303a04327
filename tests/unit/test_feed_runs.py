"""Runs of a feed: looked at, applied, taken up again, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from feed_scene import (
    BIRTH,
    CLOCK,
    COLLEGE,
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    WHY,
    account,
    addresses,
    applied,
    later,
    lines,
    looked_at,
    person,
    school,
    silent,
    uai,
    undone,
    verbs,
)
from feed_scene import academy as make_academy

from casier.audit import outbox
from casier.audit.models import JournalEntry, OutboxEvent
from casier.audit.outbox import Rank
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.mandates import in_force
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Address,
    Person,
    PersonKey,
    Posting,
    PostingDetail,
    School,
    UsedMailboxKey,
)
from casier.directory.numen import parse_numen
from casier.feed import lives
from casier.feed.actions import ask_to_apply, ask_to_undo, decide
from casier.feed.applying import applying
from casier.feed.applying.applying import apply
from casier.feed.errors import NotTheLast, Overtaken, TooManyLeave, WrongRunState
from casier.feed.holding import AtWork, holding
from casier.feed.models import Change, Gone, ReviewItem, Run, RunState, Status
from casier.feed.records import Function, Operation, Place, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit is tried with real engines elsewhere."""
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def academy() -> Academy:
    return make_academy()


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


def test_a_person_in_two_schools_is_one(academy: Academy) -> None:
    both = [Function("E1", "ENS"), Function(COLLEGE, "ENS")]
    applied(academy, *SCHOOLS, person("P1", functions=both))
    assert (Account.objects.count(), Posting.objects.count()) == (1, 2)


def test_a_person_in_two_academies_is_one_where_the_numen_says_so(academy: Academy) -> None:
    other = make_academy("amiens", ("ac-amiens.fr",))
    numen = parse_numen("12A3456789BCD")
    amiens = school("E9", uai(800001), "Lycée d’Amiens")
    applied(academy, *SCHOOLS, person("P1", numen=numen))
    there = person("Q1", functions=[Function("E9", "ENS")], numen=numen)
    run = applied(other, amiens, there)
    assert verbs(run) == [("change", "posting_added")]
    assert Account.objects.count() == 1
    assert sorted(PersonKey.objects.values_list("academy__slug", "key")) == [
        ("amiens", "Q1"),
        ("rouen", "P1"),
    ]
    # Rouen ends it: there is still a posting in Amiens
    run = applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert ("change", "other_posting") in verbs(run)
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED


def test_a_namesake_of_the_same_day_elsewhere_is_asked_about(academy: Academy) -> None:
    other = make_academy("amiens", ("ac-amiens.fr",))
    applied(academy, *SCHOOLS, person("P1"))
    amiens = school("E9", uai(800001), "Lycée d’Amiens")
    feed = (amiens, person("Q1", functions=[Function("E9", "ENS")]))
    run = applied(other, *feed)
    assert verbs(run) == [("review", "other_academy")]
    item = ReviewItem.objects.get()
    assert Account.objects.count() == 1
    decide(item, account("jean.martin@ac-rouen.fr").person, **WHY)
    run = applied(other, *feed, clock=later(1))
    assert verbs(run) == [("change", "posting_added")]
    assert Account.objects.count() == 1


def test_another_once_said_is_remembered(academy: Academy) -> None:
    actions.create_account(academy, actions.NewAccount("Jean", "Martin"), by=ME, reason="tests", now=NOW)
    feed = (*SCHOOLS, person("P1"))
    assert verbs(applied(academy, *feed)) == [("review", "maybe_same")]
    decide(ReviewItem.objects.get(), None, **WHY)
    assert verbs(applied(academy, *feed, clock=later(1))) == [("create", "new")]
    assert verbs(applied(academy, *feed, clock=later(2))) == []
    assert addresses() == ["jean.martin1@ac-rouen.fr", "jean.martin@ac-rouen.fr"]


def test_who_is_there_already_is_recognised_by_name_and_birth_date(academy: Academy) -> None:
    new = actions.NewAccount("Jean", "Martin", birth_date=BIRTH)
    actions.create_account(academy, new, by=ME, reason="tests", now=NOW)
    numen = parse_numen("12A3456789BCD")
    run = applied(academy, *SCHOOLS, person("P1", numen=numen, birth_name="DURAND"))
    assert verbs(run) == [("change", "posting_added")]
    one = Person.objects.get()
    assert (one.birth_name, bool(one.numen_index), one.keys.get().key) == ("Durand", True, "P1")


def test_a_key_that_the_feed_gave_to_somebody_else(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    feed = (*SCHOOLS, person("P1", "Zoé", "Berger", birth_date=date(1990, 1, 1)))
    run = applied(academy, *feed, clock=later(1))
    assert verbs(run) == [("review", "key_reused")]
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED
    decide(ReviewItem.objects.get(), None, **WHY)
    run = applied(academy, *feed, clock=later(2))
    assert verbs(run) == [("create", "new"), ("leave", "left")]


def test_one_person_is_not_two_records(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS, person("P1"), person("P2"))
    assert verbs(run) == [("create", "new"), ("review", "twin")]
    run = applied(academy, *SCHOOLS, person("P1"), person("P1"), clock=later(1))
    assert verbs(run) == [("refuse", "same_person")]


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


def test_only_the_last_look_is_applied(academy: Academy) -> None:
    first = looked_at(academy, *SCHOOLS, person("P1"))
    applied(academy, *SCHOOLS, person("P1"), clock=later(1))
    with pytest.raises(Overtaken):
        ask_to_apply(first, **WHY)


def test_what_somebody_changed_meanwhile_is_left_alone(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", "Anne", "Durand"))
    run = looked_at(academy, *SCHOOLS, person("P1", "Anne", "Müller"), clock=later(1))
    actions.rename(account("anne.durand@ac-rouen.fr"), "Anne", "Petit", by=ME, reason="tests", now=NOW)
    run = apply(ask_to_apply(run, **WHY), silent, later(1))
    assert run.counts["skipped"] == 1
    assert Change.objects.get(run=run).note == "changed_since"
    assert Person.objects.get().family_name == "Petit"


class Killed(BaseException):
    """The process is gone: nothing is caught, nothing is written any more."""


def test_a_run_that_is_killed_is_taken_up_where_it_was(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 2)
    many = [person(f"P{number}", "Jean", f"Martin-{'abcdefg'[number]}") for number in range(5)]
    run = ask_to_apply(looked_at(academy, *SCHOOLS, *many), **WHY)
    chunks: list[int] = []

    def killed(done: int, _total: int) -> None:
        chunks.append(done)
        if len(chunks) == 2:
            raise Killed

    with pytest.raises(Killed):
        apply(run, killed, CLOCK)
    run.refresh_from_db()
    assert (run.state, run.done, Account.objects.count()) == (RunState.APPLYING, 4, 2)
    Run.objects.update(holder="dead", held_until=NOW)  # the lease of who was killed runs out
    run = apply(run, silent, CLOCK)
    assert (run.state, run.done, Account.objects.count()) == (RunState.APPLIED, 7, 5)
    assert UsedMailboxKey.objects.count() == 5


def test_two_never_work_on_one_run(academy: Academy) -> None:
    run = ask_to_apply(looked_at(academy, *SCHOOLS, person("P1")), **WHY)
    with holding(run), pytest.raises(AtWork):
        apply(run, silent, CLOCK)
    other = looked_at(academy, *SCHOOLS, person("P1"))
    with pytest.raises(WrongRunState):
        ask_to_apply(other, **WHY)


def test_an_undone_run_leaves_what_was_before(academy: Academy) -> None:
    first = applied(academy, *SCHOOLS, person("P1", "Anne", "Durand"), person("P2", "Luc"))
    before = _everything()
    feed = (
        replace(SCHOOLS[0], name="Autre nom", networks=("REP",)),
        person("P1", "Anne", "Müller", [Function("E1", "DIR", classes=("3A",))]),
        person("P3", "Zoé", functions=[Function("E1", "DIR")]),
    )
    run = applied(academy, *feed, clock=later(1))
    assert _everything()["heads"] == ["anne.muller@ac-rouen.fr", "zoe.martin@ac-rouen.fr"]
    with pytest.raises(NotTheLast):
        ask_to_undo(first, **WHY)
    run = undone(run, later(2))
    assert (run.state, run.counts["kept"]) == (RunState.UNDONE, 0)
    assert _everything() == before
    # nobody had the address: it is free, and the same feed does the same again
    applied(academy, *feed, clock=later(3))
    assert account("zoe.martin@ac-rouen.fr").state == AccountState.INVITED


def _everything() -> dict[str, Any]:
    return {
        "people": sorted(Person.objects.values_list("given_name", "family_name")),
        "accounts": sorted(Account.objects.values_list("mailbox_key", "state")),
        "primary": addresses(),
        "postings": sorted(
            Posting.objects.values_list(
                "person__given_name", "school__uai", "function", "starts_on", "source"
            )
        ),
        "live": Posting.objects.filter(ends_on=None).count(),
        "details": sorted(PostingDetail.objects.values_list("kind", "value")),
        "keys": sorted(PersonKey.objects.values_list("key", flat=True)),
        "schools": sorted(School.objects.values_list("uai", "name", "is_open", "networks__name")),
        "gone": Gone.objects.count(),
        "heads": sorted(primary_address(row.account) for row in in_force(NOW + timedelta(days=1))),
    }


def test_undoing_keeps_what_was_used_and_closes_what_has_a_mailbox(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), person("P3", "Luc"))
    actions.activate(account("jean.martin@ac-rouen.fr"), by=ME, reason="tests", now=NOW)
    Account.objects.filter(mailbox_key="anne.martin@ac-rouen.fr").update(provisioned_at=NOW)
    run = undone(run)
    assert sorted(Account.objects.values_list("mailbox_key", "state")) == [
        ("anne.martin@ac-rouen.fr", "closed"), ("jean.martin@ac-rouen.fr", "active"),
    ]  # fmt: skip
    assert sorted(Change.objects.filter(run=run, status=Status.KEPT).values_list("label", "note")) == [
        ("Jean Martin", "used"), (f"Lycée Corneille ({LYCEE})", "in_use"),
    ]  # fmt: skip
    again = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), clock=later(1))
    assert ("return", "back") in verbs(again)
    assert "anne.martin@ac-rouen.fr" in addresses()


def test_who_has_a_date_first_comes_first(academy: Academy) -> None:
    applied(
        academy,
        *SCHOOLS,
        person("P1", "Anne"),
        person("P2", "Luc", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 15))]),
        person("P3", "Zoé", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 3))]),
    )
    # Another run's people come in between where their day is sooner; what only changes comes last.
    renamed = person("P1", "Anne", "Durand")
    applied(
        academy, renamed, person("P4", "Max", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 4))]),
        complete=False, clock=later(1),
    )  # fmt: skip
    OutboxEvent.objects.filter(key=account("anne.martin@ac-rouen.fr").public_id, rank=Rank.MANY).delete()
    keys = [task.key for task in outbox.claim("tests", timezone.now(), 9, ["account.changed"])]
    made = {one.public_id: one.person.given_name for one in Account.objects.select_related("person")}
    assert [made[key] for key in keys] == ["Zoé", "Max", "Luc", "Anne"]
