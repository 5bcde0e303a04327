"""Pupils and parents: contacts of their class where the policy says so, for those who teach it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from feed_scene import (
    CLOCK,
    COLLEGE,
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    Feed,
    academy,
    account,
    applied,
    later,
    looked_at,
    person,
    silent,
    undone,
)

from casier.directory import actions
from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account, Mandate, Office, Posting, School
from casier.feed.actions import Source, ask_to_apply, begin, look
from casier.feed.applying.applying import apply
from casier.feed.clock import Clock
from casier.feed.contacts.keeping import forget_old
from casier.feed.contacts.models import ContactClass, ContactLink, ContactState, FeedContact
from casier.feed.contacts.showing import classes_of, completing, contacts_of
from casier.feed.models import Run, RunKind
from casier.feed.opening import Asked, opened
from casier.feed.records import Function, Operation, Place, PupilRecord, Record
from casier.policies.api import adopt, policy_for
from casier.policies.changing import with_changes
from feed_files import Academy as Made
from feed_files import Shape, write_complete

pytestmark = pytest.mark.django_db
PLACE = Place("eleve.xml", 1)
TEACHER = person("P1", functions=[Function("E1", "ENS", classes=("3A",))])
PRINCIPAL = person("P2", "ANNE", "PETIT", [Function("E1", "ENS", principal_of=("3B",))])
STRANGER = person("P3", "PAUL", "NOIR", [Function("E2", "ENS", classes=("3A",))])
STAFF = (*SCHOOLS, TEACHER, PRINCIPAL, STRANGER)


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)


@pytest.fixture
def owner() -> Academy:
    found = academy()
    allow(found, "class")
    return found


def allow(one: Academy, what: str) -> None:
    """Let the policy of ONE say WHAT."""
    adopt(one, with_changes(policy_for(one), [f"feed.contacts={what}"]), by=ME, reason="tests", now=NOW)


def pupil(key: str, first: str = "LÉA", classes: tuple[str, ...] = ("3A",), **more: Any) -> PupilRecord:
    operation = more.pop("operation", Operation.ADD)
    more.setdefault("school", "E1")
    more.setdefault("parents", (f"R{key}",))
    return PupilRecord(PLACE, operation, key, "pupil", first, "MARTIN", classes=classes, **more)


def parent(key: str, first: str = "DOMINIQUE", **more: Any) -> PupilRecord:
    operation = more.pop("operation", Operation.ADD)
    more.setdefault("address", f"{first.lower()}.{key.lower()}@exemple.fr")
    return PupilRecord(PLACE, operation, key, "parent", first, "MARTIN", **more)


FAMILIES = (
    pupil("1"), pupil("2", "HUGO", ("3B",), address="hugo@exemple.fr"),
    pupil("3", "ZOÉ", ("3A",), school="E2"),
    parent("R1", "ANNE"), parent("R2", "PAUL"), parent("R3", "ODILE"),
)  # fmt: skip


def imported(owner: Academy, *rows: Record, complete: bool = True, clock: Clock = CLOCK) -> Run:
    """A run of the staff and ROWS, applied; complete about pupils and parents, too."""

    class Whole(Feed):
        @property
        def covers(self) -> frozenset[str]:
            return frozenset({"schools", "people", "pupils", "parents"}) if self.complete else frozenset()

    run = begin(owner, Source(RunKind.AAF, complete), by=ME, reason="tests", clock=clock)
    run = look(run, Whole(rows, complete), silent, clock)
    return apply(ask_to_apply(run, by=ME, reason="tests", clock=clock), silent, clock)


def seen(address: str, uai: str = LYCEE, name: str = "3A", now: datetime = NOW) -> list[str]:
    """Whom the owner of ADDRESS is shown of a class; nothing where it isn't theirs."""
    try:
        return [one.name for one in contacts_of(account(address), uai, name, now)]
    except NotFound:
        return []


TEACHERS, OTHERS = "jean.martin@ac-rouen.fr", "paul.noir@ac-rouen.fr"


def test_nothing_is_kept_where_the_policy_says_nothing() -> None:
    one = academy()
    run = imported(one, *STAFF, *FAMILIES)
    assert run.counts["pupil.read"] == 3
    assert not FeedContact.objects.exists()
    assert classes_of(account(TEACHERS), NOW) == []


def test_those_who_teach_the_class_see_its_contacts(owner: Academy) -> None:
    run = imported(owner, *STAFF, *FAMILIES)
    assert (run.counts["pupil.create"], run.counts["parent.create"]) == (3, 3)
    assert [(one.uai, one.name) for one in classes_of(account(TEACHERS), NOW)] == [(LYCEE, "3A")]
    (only,) = contacts_of(account(TEACHERS), LYCEE, "3A", NOW)
    assert (only.name, only.address, only.kind) == ("Anne Martin", "anne.r1@exemple.fr", "parent")
    assert (only.of, only.classes) == (("Léa Martin",), ("3A",))
    shown = contacts_of(account("anne.petit@ac-rouen.fr"), LYCEE, "3B", NOW)
    assert [(one.name, one.kind) for one in shown] == [("Hugo Martin", "pupil"), ("Paul Martin", "parent")]


def test_nobody_else_sees_them(owner: Academy) -> None:
    """Another class, one of the same name elsewhere, no class, and whoever asks by the name."""
    imported(owner, *STAFF, person("P4", "LUC", "BLANC"), *FAMILIES)
    assert seen(TEACHERS, name="3B") == []
    assert seen(TEACHERS, COLLEGE) == []
    assert seen(OTHERS) == []
    assert seen(OTHERS, COLLEGE) == ["Odile Martin"]
    assert classes_of(account("luc.blanc@ac-rouen.fr"), NOW) == []
    assert [one.name for one in completing(account(OTHERS), ["martin"], 8, NOW)] == ["Odile Martin"]
    assert completing(account("luc.blanc@ac-rouen.fr"), ["martin"], 8, NOW) == []


def test_who_no_longer_teaches_there_or_is_out_sees_nothing(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    assert seen(TEACHERS)
    Posting.objects.filter(person=account(TEACHERS).person).update(starts_on=None, ends_on=NOW.date())
    assert seen(TEACHERS)
    assert seen(TEACHERS, now=NOW + timedelta(days=1)) == []
    Posting.objects.filter(person=account(TEACHERS).person).update(
        starts_on=NOW.date() + timedelta(days=3), ends_on=None
    )
    assert seen(TEACHERS) == []
    actions.suspend(account(OTHERS), by=ME, reason="tests", now=NOW)
    assert seen(OTHERS, COLLEGE) == []


def test_whom_a_school_let_in_for_a_time_sees_no_family(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    Posting.objects.filter(person=account(TEACHERS).person).update(source="sponsor")
    assert seen(TEACHERS) == []


def test_who_runs_the_school_sees_every_class_of_it(owner: Academy) -> None:
    """Whom the feed calls head, for as long as the office lasts; an office in the school alone is none."""
    staff = (
        person("P5", "EVE", "ROUX", [Function("E1", "DIR")]),
        person("P6", "LUC", "BRUN", [Function("E1", "ADF")]),
    )
    imported(owner, *STAFF, *staff, *FAMILIES)
    head, clerk = account("eve.roux@ac-rouen.fr"), account("luc.brun@ac-rouen.fr")
    assert classes_of(clerk, NOW) == []
    assert [(one.uai, one.name) for one in classes_of(head, NOW)] == [(LYCEE, "3A"), (LYCEE, "3B")]
    Mandate.objects.filter(account=head).update(ended_at=NOW)
    assert classes_of(head, NOW) == []
    school = School.objects.get(uai=LYCEE)
    Mandate.objects.create(account=clerk, office=Office.HEAD, academy=owner, school=school, starts_at=NOW)
    assert [(one.uai, one.name) for one in classes_of(clerk, NOW)] == [(LYCEE, "3A"), (LYCEE, "3B")]


def test_a_closed_school_shows_nobody(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    School.objects.filter(uai=LYCEE).update(is_open=False)
    assert seen(TEACHERS) == []


def test_another_academys_feed_brings_nobody_into_a_class(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    other = academy("caen", ("ac-caen.fr",))
    allow(other, "class")
    theirs = FeedContact.objects.create(
        academy=other, kind="parent", key="R9", given_name="Mallory", address="m@exemple.fr",
        folded=" mallory", year=2026, state=ContactState.LIVE,
    )  # fmt: skip
    child = FeedContact.objects.create(
        academy=other, kind="pupil", key="9", year=2026, state=ContactState.LIVE
    )
    ContactClass.objects.create(contact=child, uai=LYCEE, name="3A")
    ContactLink.objects.create(contact=child, parent=theirs.key)
    assert seen(TEACHERS) == ["Anne Martin"]


@pytest.mark.parametrize(
    ("what", "shown"), [("pupils", ["Hugo Martin"]), ("parents", ["Paul Martin"]), ("off", [])]
)
def test_only_the_kinds_that_the_policy_names(owner: Academy, what: str, shown: list[str]) -> None:
    imported(owner, *STAFF, *FAMILIES)
    allow(owner, what)
    assert seen("anne.petit@ac-rouen.fr", name="3B") == shown
    forget_old(NOW)
    kinds = {"pupils": {"pupil"}, "parents": {"pupil", "parent"}, "off": set()}[what]
    assert set(FeedContact.objects.values_list("kind", flat=True)) == kinds
    imported(owner, *STAFF, *FAMILIES)
    assert seen("anne.petit@ac-rouen.fr", name="3B") == shown
    if what == "parents":
        assert not FeedContact.objects.filter(kind="pupil", state="live").exclude(address="").exists()


def test_the_same_again_changes_nothing(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    before = list(FeedContact.objects.order_by("pk").values())
    run = imported(owner, *STAFF, *FAMILIES)
    assert (run.counts["pupil.same"], run.counts["parent.same"]) == (3, 3)
    assert list(FeedContact.objects.order_by("pk").values()) == before


def test_a_look_shows_nobody(owner: Academy) -> None:
    applied(owner, *STAFF)
    run = looked_at(owner, *STAFF, *FAMILIES)
    assert run.counts["pupil.create"] == 3
    assert FeedContact.objects.filter(state="staged").count() == 6
    assert classes_of(account(TEACHERS), NOW) == []
    forget_old(NOW + timedelta(days=8))
    assert not FeedContact.objects.exists()


def test_who_is_no_longer_named_is_gone_and_undoing_brings_them_back(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    moved = pupil("1", classes=("3B",))
    run = imported(owner, *STAFF, moved, *FAMILIES[1:4], parent("R3", "ODILE"), clock=later(1))
    assert (run.counts["pupil.change"], run.counts["parent.leave"]) == (1, 1)
    assert seen(TEACHERS) == []
    assert seen("anne.petit@ac-rouen.fr", name="3B") == ["Anne Martin", "Hugo Martin"]
    undone(run, later(2))
    assert seen(TEACHERS) == ["Anne Martin"]
    assert seen("anne.petit@ac-rouen.fr", name="3B") == ["Hugo Martin", "Paul Martin"]
    assert FeedContact.objects.count() == 6


def test_a_feed_without_a_pupil_ends_nobodys(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    imported(owner, *STAFF, clock=later(1))
    assert seen(TEACHERS) == ["Anne Martin"]


def test_a_delta_says_only_what_it_says(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    said: dict[str, Any] = {"operation": Operation.MODIFY}
    delta = (
        parent("R1", "ANNE", address="neuve@exemple.fr", given=frozenset({"address"}), **said),
        pupil("2", "HUGO", ("3A",), parents=(), school="", given=frozenset({"classes"}), **said),
        parent("R7", "NADINE", given=frozenset({"address"}), **said),  # nobody ever told of them
        PupilRecord(PLACE, Operation.DELETE, "3", "pupil"),
    )
    imported(owner, *delta, complete=False, clock=later(1))
    shown = contacts_of(account(TEACHERS), LYCEE, "3A", NOW)
    assert [(one.name, one.address) for one in shown] == [
        ("Anne Martin", "neuve@exemple.fr"), ("Hugo Martin", "hugo@exemple.fr"),
        ("Paul Martin", "paul.r2@exemple.fr"),
    ]  # fmt: skip
    assert seen(OTHERS, COLLEGE) == []
    assert not FeedContact.objects.filter(key="R7").exists()


def test_a_parent_who_is_deleted_is_gone(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    imported(owner, PupilRecord(PLACE, Operation.DELETE, "R1", "parent"), complete=False, clock=later(1))
    assert seen(TEACHERS) == []


def test_a_year_that_is_over_is_forgotten(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    forget_old(datetime(2027, 8, 31, 12, tzinfo=UTC))
    assert seen(TEACHERS)
    forget_old(datetime(2027, 9, 1, 1, tzinfo=UTC))
    assert not FeedContact.objects.exists()


def test_who_is_named_in_august_is_of_the_new_year(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    august = Clock(datetime(2027, 8, 20, 8, tzinfo=UTC))
    imported(owner, *STAFF, *FAMILIES, clock=august)
    forget_old(datetime(2027, 9, 1, 1, tzinfo=UTC))
    assert FeedContact.objects.filter(state="live").count() == 6


def test_what_was_taken_away_is_kept_for_undoing_alone(owner: Academy) -> None:
    imported(owner, *STAFF, *FAMILIES)
    imported(owner, *STAFF, *FAMILIES[:3], parent("R1", "ANNE"), clock=later(1))
    assert FeedContact.objects.filter(state="past").count() == 2
    forget_old(NOW + timedelta(days=32))
    assert not FeedContact.objects.filter(state="past").exists()


def test_completion_finds_by_the_beginning_of_a_word_without_accents(owner: Academy) -> None:
    imported(
        owner,
        *STAFF,
        pupil("1", "ZOÉ", address="zoe@exemple.fr"),
        parent("R1", "HÉLÈNE", address="h@exemple.fr"),
    )
    for words in (["helene"], ["hel", "mar"], ["zoe"]):
        assert len(completing(account(TEACHERS), words, 8, NOW)) == 1, words
    assert completing(account(TEACHERS), ["elene"], 8, NOW) == []
    assert completing(account(TEACHERS), [], 8, NOW) == []


def test_who_only_pays_or_is_only_called_is_no_parent(owner: Academy, tmp_path: Path) -> None:
    made = Made(Shape(schools=12, people=60, pupils=40))
    write_complete(made, tmp_path, date(2026, 9, 1))
    (file,) = tmp_path.glob("*_Eleve_*")
    text = file.read_text("utf-8")
    file.write_text(text.replace("$1$1$1$0$0</value></attr>", "$6$1$0$1$0</value></attr>"), "utf-8")
    reader, source = opened([tmp_path], owner, Asked())
    run = look(begin(owner, source, by=ME, reason="tests", clock=CLOCK), reader, silent, CLOCK)
    apply(ask_to_apply(run, by=ME, reason="tests", clock=CLOCK), silent, CLOCK)
    assert run.counts["pupil.read"] == 40
    # The last of two of each pupil answers for them by no law.
    one = next(made.pupils())
    links = ContactLink.objects.filter(contact__key=one.key)
    assert set(links.values_list("parent", flat=True)) <= {one.parents[0]}
    teaching = [each for each in Account.objects.all() if classes_of(each, NOW)]
    assert teaching
