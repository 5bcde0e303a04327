"""Offices: given, ended, and how far they reach. Allow stands beside deny."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.boot.commands import mandate as commands
from casier.directory import actions
from casier.directory.actions import NewMandate
from casier.directory.errors import AlreadyThere, BadMandate, WrongState
from casier.directory.mandates import (
    Ability,
    abilities_of,
    academies_reached,
    academies_within,
    holders,
    mandates_of,
    may,
    people_within,
)
from casier.directory.models import Academy, Account, Mandate, Network, Office, School
from casier.kernel.uai import key_letter

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "rentrée", "now": NOW}
MONOD, CURIE = (digits + key_letter(digits) for digits in ("0761234", "0761235"))


@pytest.fixture
def rouen(db: None, monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    made = academy("rouen")
    for uai in (MONOD, CURIE):
        actions.create_school(made, actions.NewSchool(uai, uai), **WHY)
    return made


def academy(slug: str) -> Academy:
    new = actions.NewAcademy(slug, slug, "#1a5fb4", (f"ac-{slug}.example",), (f"{slug}.localhost",))
    return actions.create_academy(new, **WHY)


def someone(where: Academy, family: str, uai: str = "") -> Account:
    school = School.objects.filter(uai=uai).first()
    return actions.create_account(where, actions.NewAccount("Alix", family, school, "ENS"), **WHY)


def charge(account: Account, office: Office, **more: Any) -> Mandate:
    return actions.give_mandate(account, NewMandate(office, **more), **WHY)


def test_an_office_reaches_its_academy_and_no_other(rouen: Academy) -> None:
    desk, mine, theirs = someone(rouen, "Desk"), someone(rouen, "Durand"), someone(academy("caen"), "Duval")
    assert not may(desk, Ability.UNLOCK, mine, NOW)
    charge(desk, Office.HELP_DESK)
    assert may(desk, Ability.UNLOCK, mine, NOW)
    assert not may(desk, Ability.UNLOCK, theirs, NOW)
    assert not may(desk, Ability.SET_POLICY, rouen, NOW)
    assert set(people_within(desk, Ability.UNLOCK, NOW)) == {desk, mine}
    assert not people_within(desk, Ability.SET_POLICY, NOW).exists()
    assert academies_within(desk, Ability.UNLOCK, NOW) == [rouen]


def test_an_office_for_a_school_reaches_its_people(rouen: Academy) -> None:
    desk, mine, theirs = (
        someone(rouen, "Desk"),
        someone(rouen, "Durand", MONOD),
        someone(rouen, "Duval", CURIE),
    )
    charge(desk, Office.HELP_DESK, school=School.objects.get(uai=MONOD))
    assert may(desk, Ability.RESET, mine, NOW)
    assert not may(desk, Ability.RESET, theirs, NOW)
    assert not may(desk, Ability.RESET, rouen, NOW)
    assert list(people_within(desk, Ability.RESET, NOW)) == [mine]
    assert academies_within(desk, Ability.RESET, NOW) == []


def test_what_may_be_done_to_one_is_what_may_be_done_to_many(rouen: Academy) -> None:
    other = academy("caen")
    people = [
        someone(rouen, "A", MONOD),
        someone(rouen, "B", CURIE),
        someone(rouen, "C"),
        someone(other, "D"),
    ]
    for number, office in enumerate(Office):
        for school in (None, School.objects.get(uai=MONOD)):
            if (office == Office.PLATFORM and school) or (office == Office.HEAD and not school):
                continue
            holder = someone(rouen, f"Holder{number}{'S' if school else ''}")
            charge(holder, office, school=school)
            for ability in Ability:
                one_by_one = {person for person in people if may(holder, ability, person, NOW)}
                found = set(people_within(holder, ability, NOW).filter(pk__in=[one.pk for one in people]))
                assert found == one_by_one, (office, ability)
                assert (rouen in academies_within(holder, ability, NOW)) == may(holder, ability, rouen, NOW)


def test_the_platforms_office_reaches_every_academy_and_nobodys_account(rouen: Academy) -> None:
    chief, mine, caen = someone(rouen, "Chief"), someone(rouen, "Durand"), academy("caen")
    assert not may(chief, Ability.MANAGE_ACADEMIES, caen, NOW)
    charge(chief, Office.PLATFORM)
    for where in (rouen, caen):
        assert may(chief, Ability.MANAGE_ACADEMIES, where, NOW)
        assert may(chief, Ability.SET_POLICY, where, NOW)
        assert not may(chief, Ability.GIVE_MANDATES, where, NOW)
    assert academies_within(chief, Ability.SET_POLICY, NOW) == [caen, rouen]
    assert not any(may(chief, ability, mine, NOW) for ability in Ability)
    for office in set(Office) - {Office.PLATFORM}:
        other = someone(rouen, f"Other{office}")
        charge(other, office, school=School.objects.get(uai=MONOD) if office == Office.HEAD else None)
        assert not may(other, Ability.MANAGE_ACADEMIES, rouen, NOW)
        assert not may(other, Ability.SET_POLICY, caen, NOW)


def test_nobody_comes_to_the_platforms_office_but_by_the_command_line(rouen: Academy) -> None:
    dsi, colleague = someone(rouen, "Dsi"), someone(rouen, "Colleague")
    charge(dsi, Office.DSI)
    by = Actor.account(dsi.public_id, "192.0.2.1")
    new = NewMandate(Office.PLATFORM)
    for actor in (by, Actor.system("tests"), Actor("operator:tests", "192.0.2.1")):
        with pytest.raises(BadMandate):
            actions.give_mandate(colleague, new, by=actor, reason="r", now=NOW)
    with pytest.raises(BadMandate):
        charge(colleague, Office.PLATFORM, school=School.objects.get(uai=MONOD))
    row = charge(colleague, Office.PLATFORM)
    with pytest.raises(BadMandate):
        actions.end_mandate(row, by=by, reason="r", now=NOW)
    # Nor by taking the account of who holds it: suspending stays possible, a reset doesn't.
    assert may(dsi, Ability.SUSPEND, colleague, NOW)
    assert not may(dsi, Ability.RESET, colleague, NOW)
    assert colleague not in people_within(dsi, Ability.RESET, NOW)
    actions.end_mandate(row, **WHY)
    assert may(dsi, Ability.RESET, colleague, NOW)


def test_an_office_in_another_academy_is_given_at_the_command_line_alone(rouen: Academy) -> None:
    caen = academy("caen")
    uai = "0141234" + key_letter("0141234")
    actions.create_school(caen, actions.NewSchool(uai, "Caen"), **WHY)
    dsi, officer = someone(rouen, "Dsi"), someone(rouen, "Officer")
    mine, theirs = someone(rouen, "Durand"), someone(caen, "Duval", uai)
    charge(dsi, Office.DSI)
    new = NewMandate(Office.HELP_DESK, academy=caen)
    for by in (Actor.account(dsi.public_id, ""), Actor.system("t"), Actor("operator:t", "192.0.2.1")):
        with pytest.raises(BadMandate, match="command line"):
            actions.give_mandate(officer, new, by=by, reason="r", now=NOW)
    row = actions.give_mandate(officer, new, **WHY)
    assert (row.academy, may(officer, Ability.UNLOCK, theirs, NOW)) == (caen, True)
    assert not may(officer, Ability.UNLOCK, mine, NOW)
    assert academies_reached(officer, Ability.UNLOCK, NOW) == [caen]
    charge(officer, Office.HELP_DESK)
    assert academies_reached(officer, Ability.UNLOCK, NOW) == [caen, rouen]
    assert academies_reached(officer, Ability.SET_POLICY, NOW) == []
    for wrong in (
        NewMandate(Office.PLATFORM, academy=caen),
        NewMandate(Office.HELP_DESK, School.objects.get(uai=MONOD), academy=caen),
        NewMandate(Office.HELP_DESK, School.objects.get(uai=uai)),
    ):
        with pytest.raises(BadMandate):
            actions.give_mandate(officer, wrong, **WHY)
    with pytest.raises(AlreadyThere):
        actions.give_mandate(officer, new, **WHY)


def test_it_begins_when_it_is_given_and_ends_by_itself_or_by_someone(rouen: Academy) -> None:
    desk, mine = someone(rouen, "Desk"), someone(rouen, "Durand")
    row = charge(desk, Office.HELP_DESK, ends_at=NOW + timedelta(days=30))
    assert not may(desk, Ability.UNLOCK, mine, NOW - timedelta(seconds=1))
    assert may(desk, Ability.UNLOCK, mine, NOW + timedelta(days=29))
    assert not may(desk, Ability.UNLOCK, mine, NOW + timedelta(days=30))
    assert [held.account for held in holders(Ability.UNLOCK, rouen, NOW)] == [desk]
    actions.end_mandate(row, by=WHY["by"], reason="départ", now=NOW + timedelta(days=1))
    assert not may(desk, Ability.UNLOCK, mine, NOW + timedelta(days=2))
    assert list(
        JournalEntry.objects.filter(action__startswith="mandate.").values_list("action", "reason")
    ) == [
        ("mandate.given", "rentrée"),
        ("mandate.ended", "départ"),
    ]


def test_who_is_out_acts_on_nobody(rouen: Academy) -> None:
    desk, mine = someone(rouen, "Desk"), someone(rouen, "Durand")
    charge(desk, Office.HELP_DESK)
    desk = actions.suspend(desk, **WHY)
    assert not may(desk, Ability.UNLOCK, mine, NOW)
    assert not people_within(desk, Ability.UNLOCK, NOW).exists()
    assert academies_within(desk, Ability.UNLOCK, NOW) == []
    assert abilities_of(desk, NOW) == frozenset()
    # What they are charged with still asks for a second person where their own account is reset.
    assert mandates_of(desk, NOW).exists()
    desk = actions.resume(desk, **WHY)
    assert may(desk, Ability.UNLOCK, mine, NOW)


def test_who_has_left_a_school_is_no_longer_its_desks(rouen: Academy) -> None:
    desk, mine = someone(rouen, "Desk"), someone(rouen, "Durand", MONOD)
    charge(desk, Office.HELP_DESK, school=School.objects.get(uai=MONOD))
    mine.person.postings.update(ends_on=NOW.date())
    assert may(desk, Ability.RESET, mine, NOW)
    later = NOW + timedelta(days=1)
    assert not may(desk, Ability.RESET, mine, later)
    assert list(people_within(desk, Ability.RESET, later)) == []


def test_nobody_gives_an_office_to_themselves(rouen: Academy) -> None:
    dsi = someone(rouen, "Dsi")
    for origin in ("", "192.0.2.1"):
        own = {**WHY, "by": Actor.account(dsi.public_id, origin)}
        with pytest.raises(BadMandate, match="themselves"):
            actions.give_mandate(dsi, NewMandate(Office.DSI), **own)
    assert not Mandate.objects.exists()


def test_what_cannot_be_an_office(rouen: Academy) -> None:
    other = academy("caen")
    actions.create_school(other, actions.NewSchool("0141234" + key_letter("0141234"), "Caen"), **WHY)
    elsewhere = School.objects.get(academy=other)
    desk = someone(rouen, "Desk")
    with pytest.raises(BadMandate, match="another academy"):
        charge(desk, Office.HELP_DESK, school=elsewhere)
    with pytest.raises(BadMandate, match="before it began"):
        charge(desk, Office.HELP_DESK, ends_at=NOW)
    with pytest.raises(BadMandate, match="reason"):
        actions.give_mandate(desk, NewMandate(Office.DSI), **{**WHY, "reason": " "})
    with pytest.raises(BadMandate, match="head of a school"):
        charge(desk, Office.HEAD)
    with pytest.raises(BadMandate, match="this department"):
        charge(desk, Office.HEAD, department="14")
    with pytest.raises(BadMandate, match="One school"):
        charge(desk, Office.HEAD, school=School.objects.get(uai=MONOD), department="76")
    network = Network.objects.create(academy=other, slug="rep", name="REP")
    with pytest.raises(BadMandate, match="another academy"):
        charge(desk, Office.HEAD, network=network)
    charge(desk, Office.HELP_DESK)
    with pytest.raises(AlreadyThere):
        charge(desk, Office.HELP_DESK)
    charge(desk, Office.HELP_DESK, school=School.objects.get(uai=MONOD))
    actions.close(desk, **WHY)
    with pytest.raises(WrongState):
        charge(desk, Office.SECURITY)


def ask(*words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(commands.app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


def test_the_command_line_gives_lists_and_ends(rouen: Academy) -> None:
    desk = "alix.desk@ac-rouen.example"
    someone(rouen, "Desk")
    words = (desk, "--office", "help_desk", "--academy", "rouen", "--reason", "renfort")
    (given,) = ask("give", *words, "--school", MONOD, "--until", "31/12/2099")
    assert (given["office"], given["school"], given["endsAt"]) == (
        "help_desk", MONOD, "2100-01-01T00:00:00+01:00",
    )  # fmt: skip
    assert "already_there" in ask("give", *words, "--school", MONOD, code=1)
    assert [one["address"] for one in ask("list", "--academy", "rouen")] == [desk]
    assert "not_found" in ask("end", *words, code=1)
    assert ask("end", *words, "--school", MONOD)[0]["endedAt"]
    assert ask("list", desk) == []
    assert len(ask("list", desk, "--all")) == 1


def test_the_command_line_gives_and_ends_one_elsewhere(rouen: Academy) -> None:
    academy("caen")
    someone(rouen, "Desk")
    words = ("alix.desk@ac-rouen.example", "--office", "help_desk", "--reason", "région")
    (given,) = ask("give", *words, "--academy", "rouen", "--elsewhere", "caen")
    assert given["academy"] == "caen"
    ask("give", *words)
    assert [one["academy"] for one in ask("end", *words, "--elsewhere", "caen")] == ["caen"]
    assert [one["academy"] for one in ask("list", words[0])] == ["rouen"]
    assert "not_found" in ask("end", *words, "--elsewhere", "caen", code=1)


def test_the_command_line_asks_for_the_reason_and_the_right_academy(rouen: Academy) -> None:
    academy("caen")
    someone(rouen, "Desk")
    desk = ("alix.desk@ac-rouen.example", "--office", "dsi")
    ask("give", *desk, code=2)
    assert "bad_mandate" in ask("give", *desk, "--reason", " ", code=1)
    assert "bad_mandate" in ask("give", *desk, "--academy", "caen", "--reason", "x", code=1)
    assert not Mandate.objects.exists()
