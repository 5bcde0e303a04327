"""A school's mailboxes: members named by its head or a manager; what is asked for, and who answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from casier.directory import actions
from casier.directory.errors import AddressTaken, WrongState
from casier.directory.models import FunctionalMailbox, Membership, Office, Posting, Role
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.life import api as life
from casier.schools import api, showing
from casier.schools.errors import (
    AlreadyAsked,
    BadRequest,
    Changed,
    Elsewhere,
    NoReason,
    NotAsked,
    SamePerson,
    WrongStep,
)
from casier.schools.models import Request, State
from casier.schools.telling import heads_of
from unit.life_people import DAY, UAI, at, posted, why, with_policy
from unit.schools_people import Town, acts, charge, someone, town

pytestmark = pytest.mark.django_db
PRIMARY = "ac-normandie.example"


@pytest.fixture
def place() -> Town:
    return town()


def roles(box: FunctionalMailbox) -> dict[str, str]:
    rows = Membership.objects.filter(mailbox=box).select_related("account__person")
    return {row.account.person.given_name: row.role for row in rows}


def ask(place: Town, wanted: str = "Vie scolaire", **more: Any) -> Request:
    return api.ask_new(place.here, "Vie scolaire", wanted, **{**acts(place.head), **more})


# Members --------------------------------------------------------------------------------------------
def test_heads_and_managers_name_members(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.here)
    api.name_member(place.box, luc, Role.READ, **acts(place.head))
    api.name_member(place.box, luc, Role.ANSWER, **acts(place.anne))  # she manages it
    assert roles(place.box)["Luc"] == "answer"
    assert Dispatch.objects.filter(account=luc, why="schools").count() == 2
    api.take_away(place.box, luc, **acts(place.anne))
    assert "Luc" not in roles(place.box)
    api.take_away(place.box, place.jean, **acts(place.jean))  # anybody may leave
    assert roles(place.box) == {"Anne": "manage"}


def test_nobody_else_names_members(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.here)
    for who in (place.other, place.jean, luc):
        with pytest.raises(NotAllowed):
            api.name_member(place.box, luc, Role.READ, **acts(who))
        with pytest.raises(NotAllowed):
            api.take_away(place.box, place.anne, **acts(who))
    actions.suspend(place.anne, **why())
    with pytest.raises(NotAllowed):  # a manager who is out
        api.name_member(place.box, luc, Role.READ, **acts(place.anne))
    with pytest.raises(NoReason):
        api.name_member(place.box, luc, Role.READ, **acts(place.head, reason=" "))
    assert "Luc" not in roles(place.box)


def test_nobody_opens_for_themselves_what_is_not_their_schools(place: Town) -> None:
    with pytest.raises(NotAllowed):
        api.name_member(place.box, place.dsi, Role.READ, **acts(place.dsi))
    with pytest.raises(NotAllowed):  # a manager is made by others
        api.name_member(place.box, place.anne, Role.READ, **acts(place.anne))
    api.name_member(place.box, place.head, Role.READ, **acts(place.head))
    # …and those who manage the mailbox are told of it.
    assert Dispatch.objects.filter(account=place.anne, why="schools").exists()


@pytest.mark.parametrize("policy", ["never", "approved", "freely"])
def test_people_of_other_schools_as_the_policy_says(place: Town, policy: str) -> None:
    with_policy(place.academy, schools={"members_elsewhere": policy})
    luc = someone(place.academy, "Luc", "Petit", place.there)
    if policy == "freely":
        api.name_member(place.box, luc, Role.READ, **acts(place.head))
        assert roles(place.box)["Luc"] == "read"
        return
    with pytest.raises(Elsewhere) as refused:
        api.name_member(place.box, luc, Role.READ, **acts(place.head))
    assert refused.value.facts["policy"] == policy
    if policy == "never":
        with pytest.raises(NotAsked):
            api.ask_member(place.box, luc, Role.READ, **acts(place.head))
        return
    row = api.ask_member(place.box, luc, Role.READ, **acts(place.head))
    for who in (place.head, luc, place.other, place.anne):
        with pytest.raises((NotAllowed, SamePerson)):
            api.approve(row, by=acts(who)["by"], now=at(DAY))
    api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
    assert roles(place.box)["Luc"] == "read"
    assert not Membership.objects.get(account=luc).by_posting


def test_what_was_agreed_to_is_not_widened_without_being_agreed_to(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.there)
    api.name_member(place.box, luc, Role.ANSWER, **acts(place.dsi))
    api.name_member(place.box, luc, Role.READ, **acts(place.head))
    with pytest.raises(Elsewhere):
        api.name_member(place.box, luc, Role.MANAGE, **acts(place.head))
    row = api.ask_member(place.box, luc, Role.MANAGE, **acts(place.head))
    api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
    assert roles(place.box)["Luc"] == "manage"


def test_who_answers_for_a_school(place: Town, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        assert heads_of(place.here, at(DAY)) == [place.head]
    place.here.department = "76"
    place.here.save()
    vice = someone(place.academy, "Rose", "Blanc", place.there)
    new = actions.NewMandate(Office.HEAD, department="76")
    actions.give_mandate(vice, new, **why())
    assert set(heads_of(place.here, at(DAY))) == {place.head, vice}
    assert heads_of(place.there, at(DAY)) == [place.other]


def test_a_stale_page_changes_no_role(place: Town) -> None:
    api.name_member(place.box, place.jean, Role.READ, was="answer", **acts(place.anne))
    with pytest.raises(Changed):
        api.name_member(place.box, place.jean, Role.MANAGE, was="answer", **acts(place.head))
    with pytest.raises(Changed):
        api.take_away(place.box, place.jean, was="answer", **acts(place.head))
    assert roles(place.box)["Jean"] == "read"


def test_the_last_manager_is_known(place: Town) -> None:
    assert api.is_last_manager(place.box, place.anne)
    assert not api.is_last_manager(place.box, place.jean)
    api.name_member(place.box, place.jean, Role.MANAGE, **acts(place.head))
    assert not api.is_last_manager(place.box, place.anne)


# A new mailbox --------------------------------------------------------------------------------------
def test_a_mailbox_asked_for_is_opened_once_the_dsi_agrees(place: Town) -> None:
    row = ask(place)
    assert row.address == f"vie-scolaire.{UAI.lower()}@{PRIMARY}"
    assert [one.pk for one in api.waiting_for(place.dsi, at(DAY))] == [row.pk]
    assert not api.waiting_for(place.head, at(DAY)).exists()
    assert not api.waiting_for(place.other, at(DAY)).exists()
    for who in (place.head, place.other, place.anne):
        with pytest.raises((NotAllowed, SamePerson)):
            api.approve(row, by=acts(who)["by"], now=at(DAY))
    api.approve(row, by=acts(place.dsi)["by"], answer="Bon usage", now=at(DAY))
    row.refresh_from_db()
    assert row.state == State.APPROVED
    box = FunctionalMailbox.objects.get(addresses__address=row.address)
    assert (box.school, box.name) == (place.here, "Vie scolaire")
    assert roles(box) == {"Thierry": "manage"}
    assert Dispatch.objects.filter(account=place.head, why="schools").exists()


def test_who_is_in_charge_no_more_gets_no_mailbox_and_the_next_head_is_told(place: Town) -> None:
    row = ask(place)
    place.head.mandates.update(ended_at=at(DAY))
    next_head = someone(place.academy, "Rosa", "Blanc", place.here, "DIR")
    charge(next_head, Office.HEAD, place.here)
    Dispatch.objects.all().delete()
    api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
    assert not Membership.objects.filter(account=place.head).exists()
    assert set(Dispatch.objects.filter(why="schools").values_list("account", flat=True)) == {next_head.pk}


def test_a_refusal_is_told_to_the_next_head_where_who_asked_has_gone(place: Town) -> None:
    row = ask(place)
    next_head = someone(place.academy, "Rosa", "Blanc", place.here, "DIR")
    charge(next_head, Office.HEAD, place.here)
    life.close(place.head, **why())
    Dispatch.objects.all().delete()
    api.refuse(row, **acts(place.dsi, reason="Elle existe déjà"))
    assert Dispatch.objects.filter(account=next_head, why="schools").count() == 1


def test_a_refusal_has_its_reason_and_an_answer_is_given_once(place: Town) -> None:
    row = ask(place)
    with pytest.raises(NoReason):
        api.refuse(row, **acts(place.dsi, reason=""))
    api.refuse(row, **acts(place.dsi, reason="Elle existe déjà"))
    stale = Request.objects.get(pk=row.pk)
    for late in (api.approve, api.refuse):
        more = {"reason": "x"} if late is api.refuse else {}
        with pytest.raises(WrongStep):
            late(stale, by=acts(place.dsi)["by"], now=at(DAY), **more)
    with pytest.raises(WrongStep):
        api.withdraw(stale, by=acts(place.head)["by"], now=at(DAY))
    assert FunctionalMailbox.objects.count() == 1


def test_only_who_asked_takes_it_back(place: Town) -> None:
    row = ask(place)
    with pytest.raises(NotAllowed):
        api.withdraw(row, by=acts(place.other)["by"], now=at(DAY))
    api.withdraw(row, by=acts(place.head)["by"], now=at(DAY))
    with pytest.raises(WrongStep):
        api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))


def test_taken_addresses_are_told_at_once_and_at_the_answer(place: Town) -> None:
    row = ask(place)
    with pytest.raises(AlreadyAsked):
        ask(place)
    new = actions.NewMailbox("Autre", place.here, row.address)
    actions.create_functional_mailbox(place.academy, new, **why())
    with pytest.raises(AddressTaken):
        api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
    row.refresh_from_db()
    assert row.state == State.WAITING
    with pytest.raises(AddressTaken):
        ask(place)


@pytest.mark.parametrize("wanted", ["", "x", "é", "@", "a@b.fr", "!!!", "a" * 80])
def test_addresses_need_a_few_letters(place: Town, wanted: str) -> None:
    with pytest.raises(BadRequest):
        ask(place, wanted)


def test_the_policy_s_form_of_addresses(place: Town) -> None:
    with_policy(place.academy, schools={"mailbox_address": "{uai}-{name}"})
    assert ask(place, "Gestion été").address == f"{UAI.lower()}-gestion-ete@{PRIMARY}"


def test_what_heads_may_not_ask(place: Town) -> None:
    with pytest.raises(NotAllowed):
        api.ask_new(place.here, "X", "xx", **acts(place.other))
    with pytest.raises(NotAllowed):
        api.ask_new(place.here, "X", "xx", **acts(place.anne))
    with_policy(place.academy, schools={"most_mailboxes": 2})
    ask(place, "un")
    with pytest.raises(NotAsked) as refused:
        ask(place, "deux")
    assert refused.value.facts["field"] == "most_mailboxes"
    with_policy(place.academy, schools={"most_mailboxes": 10, "ask_mailboxes": False})
    with pytest.raises(NotAsked):
        ask(place, "trois")
    made = api.ask_new(place.here, "Trois", "trois", **acts(place.dsi))
    assert made.state == State.APPROVED
    assert (
        roles(FunctionalMailbox.objects.get(addresses__address=made.address)) == {}
    )  # the DSI doesn't work there


def test_nobody_fills_the_queue(place: Town) -> None:
    with_policy(place.academy, schools={"most_mailboxes": 200})
    for number in range(20):
        ask(place, f"boite{number}")
    with pytest.raises(NotAsked):
        ask(place, "encore")


def test_a_mailbox_is_closed_once_the_dsi_agrees(place: Town) -> None:
    row = api.ask_close(place.box, **acts(place.head))
    with pytest.raises(AlreadyAsked):
        api.ask_close(place.box, **acts(place.head))
    joining = api.ask_to_join(
        place.box, Role.READ, **acts(someone(place.academy, "Luc", "Petit", place.here))
    )
    api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
    place.box.refresh_from_db()
    assert place.box.is_closed
    assert roles(place.box) == {}
    joining.refresh_from_db()
    assert joining.state == State.REFUSED
    with pytest.raises(WrongState):
        api.name_member(place.box, place.jean, Role.READ, **acts(place.head))


# Asking to be let in --------------------------------------------------------------------------------
def test_asking_to_be_let_in(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.here)
    assert [box.pk for box in api.joinable(luc, at(DAY))] == [place.box.pk]
    row = api.ask_to_join(place.box, Role.ANSWER, **acts(luc))
    assert Dispatch.objects.filter(account=place.anne, why="schools").count() == 1
    assert [one.pk for one in api.waiting_for(place.anne, at(DAY))] == [row.pk]
    assert [one.pk for one in api.waiting_for(place.head, at(DAY))] == [row.pk]
    assert not api.waiting_for(place.dsi, at(DAY)).exists()
    assert api.waiting_for(place.dsi, at(DAY + timedelta(days=7))).exists()
    assert not api.waiting_for(place.other, at(DAY + timedelta(days=7))).exists()
    with pytest.raises(SamePerson):
        api.approve(row, by=acts(luc)["by"], now=at(DAY))
    for who in (place.jean, place.other):
        with pytest.raises(NotAllowed):
            api.approve(row, by=acts(who)["by"], now=at(DAY))
    api.approve(row, by=acts(place.anne)["by"], now=at(DAY))
    assert roles(place.box)["Luc"] == "answer"
    with pytest.raises(WrongStep):
        api.approve(row, by=acts(place.head)["by"], now=at(DAY))


def test_only_into_mailboxes_of_one_s_own_school_and_never_as_a_manager(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.there)
    with pytest.raises(NotAllowed):
        api.ask_to_join(place.box, Role.READ, **acts(luc))
    posted(luc, place.here)
    with pytest.raises(BadRequest):
        api.ask_to_join(place.box, Role.MANAGE, **acts(luc))
    with_policy(place.academy, schools={"ask_to_join": False})
    with pytest.raises(NotAllowed):
        api.ask_to_join(place.box, Role.READ, **acts(luc))


def test_who_left_meanwhile_is_not_let_in(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.here)
    row = api.ask_to_join(place.box, Role.READ, **acts(luc))
    Posting.objects.filter(person=luc.person).update(ends_on=DAY - timedelta(days=1))
    with pytest.raises(WrongState):
        api.approve(row, by=acts(place.anne)["by"], now=at(DAY))
    assert api.run_due(at(DAY)) == 1
    row.refresh_from_db()
    assert row.state == State.REFUSED


def test_naming_somebody_answers_what_they_asked(place: Town) -> None:
    luc = someone(place.academy, "Luc", "Petit", place.here)
    row = api.ask_to_join(place.box, Role.READ, **acts(luc))
    api.name_member(place.box, luc, Role.ANSWER, **acts(place.head))
    row.refresh_from_db()
    assert row.state == State.APPROVED
    assert roles(place.box)["Luc"] == "answer"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time")
def test_two_answers_at_once_are_one() -> None:
    from concurrent.futures import ThreadPoolExecutor

    place = town()
    row = ask(place)

    def answer(_number: int) -> str:
        try:
            api.approve(row, by=acts(place.dsi)["by"], now=at(DAY))
        except WrongStep:
            return "late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, range(4))) == ["done", "late", "late", "late"]
    assert FunctionalMailbox.objects.filter(name="Vie scolaire").count() == 1


# What the page shows --------------------------------------------------------------------------------
def test_the_page_of_a_big_school_takes_few_queries(place: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        one = someone(place.academy, "Luc", f"Nom{'abcdefghijkl'[number]}", place.here)
        Posting.objects.filter(person=one.person).update(ends_on=DAY + timedelta(days=number * 10))
        actions.set_member(place.box, one, Role.READ, **why())
    with django_assert_max_num_queries(6):
        people = showing.people_of(place.here, at(DAY), 1)
    assert people.page.paginator.count == 15
    soon = [row for row in people.rows if row.soon]
    assert len(soon) == 7
    with django_assert_max_num_queries(3):
        boxes = showing.mailboxes_of(place.here)
    assert [(len(box.members), box.managers) for box in boxes] == [(14, 1)]
    with django_assert_max_num_queries(1):
        assert showing.states_of(place.here, at(DAY)) == {"active": 15}
    with django_assert_max_num_queries(2):
        assert len(showing.leaving_soon(place.here, at(DAY))) == 7
    assert [
        row.account.person.given_name for row in showing.people_of(place.here, at(DAY), 1, "morel").rows
    ] == ["Thierry"]


def test_schools_are_found_without_accents(place: Town) -> None:
    from casier.directory.models import School

    place.here.name, place.here.city = "Collège Élie-Halévy", "Saint-Étienne-du-Rouvray"
    place.here.save()
    within = School.objects.all()
    for typed in ("elie", "etienne college", UAI[:6], "HALÉVY"):
        found = showing.find(within, typed, at(DAY))
        assert place.here in found.schools, typed
    assert showing.find(within, "elie", at(DAY)).people == {place.here.pk: 3}
    assert not showing.find(within, "introuvable", at(DAY)).schools
