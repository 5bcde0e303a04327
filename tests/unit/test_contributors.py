"""Outside contributors: asked for, agreed to, renewed, ended, within what the policy allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from contributor_scene import (
    BORN,
    DAY,
    LATER,
    ME,
    Place,
    a_place,
    acts,
    asked,
    at,
    begun,
    office,
    wanted,
    why,
)
from life_people import OTHER_UAI, a_person, a_school, posted, with_policy

from casier.audit.models import JournalEntry
from casier.contributors import api
from casier.contributors.models import Request, State, Stay
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.models import AccountState, Address, Office, Posting, PostingSource
from casier.identity.activation.api import live_invitation
from casier.identity.activation.models import InvitationKind
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.life import api as life

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def place() -> Place:
    return a_place()


def fresh(stay: Stay) -> Stay:
    return api.stay_with(stay.pk.hex)


def letters_to(account: Any, why: str = "contributors") -> list[str]:
    rows = Dispatch.objects.filter(account=account, why=why).order_by("created_at")
    return [str(opened(row)[1]["subject"]) for row in rows]


# From the request to the mailbox ----------------------------------------------------------------------
def test_a_head_asks_the_dsi_agrees_and_the_account_is_there(place: Place) -> None:
    request = asked(place)
    assert request.state == State.WAITING
    assert not Posting.objects.filter(source=PostingSource.SPONSOR).exists()
    stay = api.approve(request, api.Agreed(answer="d’accord"), by=acts(place.dsi), now=at(DAY))
    posting = stay.posting
    assert (posting.school, posting.function, posting.label) == (place.school, "EXT", "Intervenante théâtre")
    assert (posting.starts_on, posting.ends_on, posting.source) == (DAY, LATER, PostingSource.SPONSOR)
    assert primary_address(stay.account) == "ines.delmas@ac-normandie.example"
    assert stay.account.state == AccountState.INVITED
    assert stay.sponsor == place.head
    assert stay.account.quota_bytes == 1_000_000_000
    request.refresh_from_db()
    assert (request.state, request.stay) == (State.APPROVED, stay)
    assert letters_to(place.head) == ["Demande d’intervenant acceptée"]
    done = JournalEntry.objects.filter(action__startswith="contributor.").values_list("action", flat=True)
    assert set(done) == {"contributor.asked", "contributor.approved", "contributor.way_in_given"}


def test_the_way_in_goes_to_their_own_address_and_holds_what_opens(place: Place) -> None:
    """Rouen asks for a NUMEN, which nobody from outside has: a temporary password then."""
    stay = begun(place)
    invitation = live_invitation(stay.account)
    assert invitation is not None
    assert invitation.kind == InvitationKind.TEMPORARY_PASSWORD
    row = Dispatch.objects.get(why="invitation")
    to, content = opened(row)
    assert to == "ines.delmas@laposte.net"
    said = " ".join(content["paragraphs"])  # type: ignore[arg-type]
    assert "Mot de passe temporaire\u00a0: " in said
    assert str(content["link"][1]).endswith("/connexion/")  # type: ignore[index]


def test_an_academy_of_arrival_codes_gives_a_code(place: Place) -> None:
    with_policy(
        place.academy,
        activation={"method": "arrival_code"},
        sign_in={"names": ("arrival_code",), "numen_first_only": False},
    )
    stay = begun(place)
    invitation = live_invitation(stay.account)
    assert invitation is not None
    assert invitation.kind == InvitationKind.ARRIVAL_CODE
    content = opened(Dispatch.objects.get(why="invitation"))[1]
    assert "Code d’arrivée\u00a0: " in " ".join(content["paragraphs"])  # type: ignore[arg-type]
    assert str(content["link"][1]).endswith("/activation/")  # type: ignore[index]


def test_where_the_policy_wants_paper_nothing_is_kept_or_sent(place: Place) -> None:
    with_policy(place.academy, contributors={"way_in": "sheet"})
    request = asked(place)
    assert (request.mail_sealed, request.hint) == (None, "")
    stay = api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    assert not Dispatch.objects.filter(why="invitation").exists()
    sheet = api.printed(stay, by=acts(place.head), now=at(DAY))
    assert sheet.startswith(b"%PDF")
    assert live_invitation(stay.account) is not None


def test_who_begins_later_gets_in_on_their_first_day(place: Place) -> None:
    from casier.contributors.nightly import run_due

    first = DAY + timedelta(days=10)
    stay = begun(place, starts_on=first)
    assert live_invitation(stay.account) is None
    with pytest.raises(api.WrongStep):
        api.printed(stay, by=acts(place.head), now=at(DAY))
    assert run_due(at(first - timedelta(days=1))) == 0
    assert run_due(at(first)) == 1
    assert live_invitation(stay.account) is not None
    assert run_due(at(first)) == 0
    assert Dispatch.objects.filter(why="invitation").count() == 1


def test_how_they_are_reached_is_sealed_and_forgotten_once_they_are_in(place: Place) -> None:
    from casier.contributors.nightly import run_due

    request = asked(place)
    assert b"laposte" not in bytes(request.mail_sealed or b"")
    stay = api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    request.refresh_from_db()
    assert (request.mail_sealed, request.hint) == (None, "")
    assert fresh(stay).mail_sealed
    actions.activate(stay.account, **why())
    run_due(at(DAY))
    assert (fresh(stay).mail_sealed, fresh(stay).hint) == (None, "")


def test_refusing_tells_why_and_leaves_nobody(place: Place) -> None:
    request = asked(place)
    with pytest.raises(api.BadRequest):
        api.refuse(request, "  ", by=acts(place.dsi), now=at(DAY))
    api.refuse(request, "déjà trois ateliers", by=acts(place.dsi), now=at(DAY))
    assert letters_to(place.head) == ["Demande d’intervenant refusée"]
    assert not Stay.objects.exists()
    with pytest.raises(api.WrongStep):
        api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))


def test_the_dsi_may_shorten_and_never_lengthen(place: Place) -> None:
    request = asked(place)
    with pytest.raises(api.BadRequest):
        api.approve(request, api.Agreed(LATER + timedelta(days=1)), by=acts(place.dsi), now=at(DAY))
    sooner = DAY + timedelta(days=30)
    stay = api.approve(request, api.Agreed(sooner), by=acts(place.dsi), now=at(DAY))
    assert stay.posting.ends_on == sooner


def test_a_request_is_taken_back(place: Place) -> None:
    request = asked(place)
    api.withdraw(request, by=acts(place.head), now=at(DAY))
    with pytest.raises(api.WrongStep):
        api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))


# Limits -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"given": ""}, "given_name"),
        ({"role": " "}, "role"),
        ({"reason": ""}, "reason"),
        ({"given": "李", "family": "明"}, "family_name"),
        ({"birth_date": None}, "birth_date"),
        ({"birth_date": BORN.replace(year=1800)}, "birth_date"),
        ({"starts_on": DAY - timedelta(days=1)}, "starts_on"),
        ({"starts_on": DAY + timedelta(days=181), "ends_on": DAY + timedelta(days=182)}, "starts_on"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": DAY + timedelta(days=365)}, "ends_on"),
        ({"role": "x" * 151}, "role"),
        ({"mail": "quelqu’un"}, "mail"),
        ({"mail": "moi@ac-rouen.example"}, "mail"),
        ({"telephone": "0899 70 00 00"}, "telephone"),
    ],
)
def test_what_cannot_be_asked_for(place: Place, more: dict[str, Any], field: str) -> None:
    with pytest.raises(api.BadRequest) as found:
        asked(place, **more)
    assert found.value.facts["field"] == field
    assert not Request.objects.exists()


def test_the_longest_stay_is_the_policys(place: Place) -> None:
    asked(place, ends_on=DAY + timedelta(days=364))
    with_policy(place.academy, contributors={"longest_days": 60})
    with pytest.raises(api.BadRequest) as found:
        asked(place, given="Luc", ends_on=DAY + timedelta(days=60))
    assert found.value.facts["last"] == (DAY + timedelta(days=59)).isoformat()


def test_the_birth_date_is_asked_for_by_policy(place: Place) -> None:
    with_policy(place.academy, contributors={"birth_date": False})
    assert asked(place, birth_date=None).birth_date is None


def test_no_request_is_taken_where_there_are_no_contributors(place: Place) -> None:
    request = asked(place)
    with_policy(place.academy, contributors={"allowed": False})
    with pytest.raises(api.NotTaken):
        asked(place, given="Luc")
    with pytest.raises(api.NotTaken):
        api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))


def test_a_closed_school_asks_for_nobody(place: Place) -> None:
    place.school.is_open = False
    place.school.save()
    with pytest.raises(api.BadRequest):
        asked(place)


def test_a_school_has_so_many_at_a_time(place: Place) -> None:
    with_policy(place.academy, contributors={"most_per_school": 2})
    stay = begun(place)
    waits = asked(place, given="Luc")
    with pytest.raises(api.TooMany):
        asked(place, given="Léa")
    with_policy(place.academy, contributors={"most_per_school": 1})
    with pytest.raises(api.TooMany):
        api.approve(waits, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    api.end(stay, by=acts(place.head), reason="fini", now=at(DAY))
    api.approve(waits, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    with pytest.raises(api.TooMany):
        api.renew(stay, LATER, by=acts(place.head), reason="encore", now=at(DAY))


def test_a_flood_of_requests_stops(place: Place) -> None:
    with_policy(place.academy, contributors={"requests_a_day": 3})
    for name in ("Ana", "Bea", "Cleo"):
        asked(place, given=name)
    with pytest.raises(api.TooMany) as found:
        asked(place, given="Dora")
    assert found.value.facts["why"] == "day"
    asked(place, at(DAY + timedelta(days=2)), given="Dora", starts_on=LATER, ends_on=LATER)


def test_a_page_sent_twice_is_one_request(place: Place) -> None:
    asked(place)
    with pytest.raises(api.AlreadyAsked):
        asked(place, given="INES", family="delmas")
    asked(place, birth_date=BORN.replace(year=1990))


# Who may ----------------------------------------------------------------------------------------------
def test_another_schools_head_may_nothing(place: Place) -> None:
    elsewhere = a_school(place.academy, OTHER_UAI)
    other = a_person(place.academy, "Olga", "Autre")
    office(other, Office.HEAD, elsewhere)
    with pytest.raises(NotAllowed):
        api.ask(place.school, wanted(), asker=other, by=acts(other), now=at(DAY))
    with pytest.raises(NotAllowed):
        api.ask(place.school, wanted(), asker=place.head, by=acts(other), now=at(DAY))
    stay = begun(place)
    waits = asked(place, given="Luc")
    for act in (
        lambda: api.renew(stay, LATER + timedelta(days=1), by=acts(other), reason="x", now=at(DAY)),
        lambda: api.end(stay, by=acts(other), reason="x", now=at(DAY)),
        lambda: api.printed(stay, by=acts(other), now=at(DAY)),
        lambda: api.send_again(stay, by=acts(other), now=at(DAY)),
        lambda: api.withdraw(waits, by=acts(other), now=at(DAY)),
        lambda: api.approve(waits, api.Agreed(), by=acts(other), now=at(DAY)),
        lambda: api.refuse(waits, "x", by=acts(place.head), now=at(DAY)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_office_that_is_over_opens_nothing(place: Place) -> None:
    stay = begun(place)
    for mandate in place.head.mandates.all():
        actions.end_mandate(mandate, **why())
    with pytest.raises(NotAllowed):
        asked(place, given="Luc")
    with pytest.raises(NotAllowed):
        api.renew(stay, LATER + timedelta(days=1), by=acts(place.head), reason="x", now=at(DAY))


def test_nobody_agrees_to_their_own_request(place: Place) -> None:
    office(place.head, Office.DSI)
    request = asked(place)
    with pytest.raises(api.SamePerson):
        api.approve(request, api.Agreed(), by=acts(place.head), now=at(DAY))
    with pytest.raises(api.SamePerson):
        api.refuse(request, "non", by=acts(place.head), now=at(DAY))
    with pytest.raises(api.SamePerson):
        api.approve(request, api.Agreed(person=place.dsi.person), by=acts(place.dsi), now=at(DAY))
    other = a_person(place.academy, "Autre", "Dsi")
    office(other, Office.DSI)
    with pytest.raises(api.BadRequest):
        api.approve(request, api.Agreed(person=place.head.person), by=acts(other), now=at(DAY))


def test_a_contributor_never_lengthens_their_own_stay(place: Place) -> None:
    stay = begun(place)
    actions.activate(stay.account, **why())
    office(stay.account, Office.HEAD, place.school)
    with pytest.raises(api.SamePerson):
        api.renew(stay, LATER + timedelta(days=9), by=acts(stay.account), reason="moi", now=at(DAY))


def test_somebody_must_answer_for_them(place: Place) -> None:
    request = asked(place)
    for mandate in place.head.mandates.all():
        actions.end_mandate(mandate, **why())
    with pytest.raises(api.NobodyInCharge):
        api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY))
    next_one = a_person(place.academy, "Nadia", "Suivante")
    office(next_one, Office.HEAD, place.school)
    assert api.approve(request, api.Agreed(), by=acts(place.dsi), now=at(DAY)).sponsor == next_one


def test_the_server_acts_without_an_office(place: Place) -> None:
    request = api.ask(place.school, wanted(), asker=place.head, by=ME, now=at(DAY))
    assert api.approve(request, api.Agreed(), by=ME, now=at(DAY)).sponsor == place.head
    stranger = a_person(place.academy, "Sans", "Charge")
    with pytest.raises(NotAllowed):
        api.ask(place.school, wanted("Luc"), asker=stranger, by=ME, now=at(DAY))


# One person stays one person --------------------------------------------------------------------------
def test_namesakes_are_shown_and_tied(place: Place) -> None:
    elsewhere = a_school(place.academy, OTHER_UAI)
    before = actions.create_account(
        place.academy,
        actions.NewAccount("Ines", "DELMAS", school=elsewhere, function="ENS", birth_date=BORN),
        **why(),
    )
    actions.activate(before, **why())
    request = asked(place)
    found = api.namesakes(request, at(DAY))
    assert [(one.person, one.same_birth) for one in found] == [(before.person, True)]
    stay = api.approve(request, api.Agreed(person=found[0].person), by=acts(place.dsi), now=at(DAY))
    assert stay.account == before
    assert not Dispatch.objects.filter(why="invitation").exists()
    assert Address.objects.filter(address__startswith="ines.delmas").count() == 2  # one on each domain


def test_who_left_comes_back_to_the_same_account(place: Place) -> None:
    before = a_person(place.academy, "Inès", "Delmas")
    before.person.birth_date = BORN
    before.person.save()
    life.close(before, **why())
    request = asked(place)
    assert [one.account for one in api.namesakes(request, at(DAY))] == [before]
    stay = api.approve(request, api.Agreed(person=before.person), by=acts(place.dsi), now=at(DAY))
    before.refresh_from_db()
    assert (stay.account, before.state) == (before, AccountState.ACTIVE)
    assert primary_address(before) == "ines.delmas@ac-normandie.example"


def test_a_homonym_gets_a_digit_also_in_the_reserved_time(place: Place) -> None:
    before = a_person(place.academy, "Inès", "Delmas")
    life.close(before, **why())
    assert primary_address(begun(place).account) == "ines.delmas1@ac-normandie.example"


def test_another_birth_date_is_another_person(place: Place) -> None:
    other = a_person(place.academy, "Inès", "Delmas")
    other.person.birth_date = BORN.replace(year=1961)
    other.person.save()
    assert api.namesakes(asked(place), at(DAY)) == []


def test_another_academys_people_are_never_told_or_tied(place: Place) -> None:
    there = actions.create_academy(
        actions.NewAcademy("lille", "Lille", "#1a5fb4", ("ac-lille.example",), ("lille.localhost",)), **why()
    )
    other = a_person(there, "Inès", "Delmas")
    request = asked(place)
    assert api.namesakes(request, at(DAY)) == []
    with pytest.raises(api.BadRequest):
        api.approve(request, api.Agreed(person=other.person), by=acts(place.dsi), now=at(DAY))


def test_a_head_never_gets_the_way_into_a_colleagues_account(place: Place) -> None:
    """Somebody posted elsewhere who hasn't come in yet: their way in isn't the head's to give."""
    teacher = a_person(place.academy, "Inès", "Delmas", active=False)
    posted(teacher, a_school(place.academy, OTHER_UAI))
    request = asked(place)
    stay = api.approve(request, api.Agreed(person=teacher.person), by=acts(place.dsi), now=at(DAY))
    assert not Dispatch.objects.filter(why="invitation").exists()
    with pytest.raises(NotAllowed):
        api.printed(stay, by=acts(place.head), now=at(DAY))
    with pytest.raises(NotAllowed):
        api.send_again(stay, by=acts(place.head), now=at(DAY))


def test_other_requests_for_the_same_name_are_shown(place: Place) -> None:
    there = a_school(place.academy, OTHER_UAI)
    head = a_person(place.academy, "Olga", "Autre")
    office(head, Office.HEAD, there)
    first = api.ask(there, wanted(), asker=head, by=acts(head), now=at(DAY))
    assert [one.pk for one in api.alike(asked(place))] == [first.pk]
