"""The arrival sheet that a head makes anew: for whom, how often, and who gets none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.models import Account, Mandate, Office, Posting, PostingSource, School
from casier.identity.activation.api import live_invitation
from casier.identity.activation.models import Invitation
from casier.identity.activation.sheets import Sheet
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.schools import api
from casier.schools.errors import NoReason, NotAsked
from unit.life_people import DAY, a_person, at, posted, why, with_policy
from unit.schools_people import Town, acts, charge, town

pytestmark = pytest.mark.django_db
TOMORROW, YESTERDAY = DAY + timedelta(days=1), DAY - timedelta(days=1)


@pytest.fixture
def place() -> Town:
    made = town()
    with_policy(made.academy, schools={"sheets_a_day": 2})
    return made


@pytest.fixture(autouse=True)
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """What would stand on paper; printing has tests of its own."""
    sheets: list[Sheet] = []

    def note(_academy: Any, given: list[Sheet]) -> bytes:
        sheets.extend(given)
        return b"%PDF"

    monkeypatch.setattr("casier.schools.arriving.print_sheets", note)
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    return sheets


def newcomer(place: Town, school: School | None = None, given: str = "Lina") -> Account:
    account = a_person(place.academy, given, "Nouvelle", active=False)
    posted(account, school or place.here)
    return account


def test_a_head_makes_the_sheet_of_a_newcomer_anew(place: Town, printed: list[Sheet]) -> None:
    lina = newcomer(place)
    assert api.renewable(lina, place.head, at(DAY))
    assert api.renew_sheet(lina, **acts(place.head, reason="feuille perdue")).startswith(b"%PDF")
    first = live_invitation(lina)
    api.renew_sheet(lina, **acts(place.head))
    assert first is not None
    assert Invitation.objects.get(pk=first.pk).ended_at is not None  # what was given before opens nothing
    assert Invitation.objects.filter(account=lina, ended_at=None).count() == 1
    assert [one.school for one in printed] == [place.here.name] * 2
    assert printed[0].secret != printed[1].secret
    row = JournalEntry.objects.filter(action="account.sheet_renewed").order_by("pk")[0]
    said = (row.actor, row.reason, row.payload.facts["school"])
    assert said == (f"account:{place.head.public_id}", "feuille perdue", place.here.uai)
    letters = [opened(one)[1] for one in Dispatch.objects.filter(account=lina, why="schools")]
    assert len(letters) == 2
    assert "Thierry Morel" in str(letters[0])
    assert printed[0].secret not in str(letters)


def ended(place: Town) -> Account:
    lina = newcomer(place)
    Posting.objects.filter(person=lina.person).update(ends_on=YESTERDAY)
    return lina


def coming(place: Town) -> Account:
    lina = newcomer(place)
    Posting.objects.filter(person=lina.person).update(starts_on=TOMORROW)
    return lina


def elsewhere(place: Town) -> Account:
    return newcomer(place, place.there)


def nowhere(place: Town) -> Account:
    return a_person(place.academy, "Lina", "Nouvelle", active=False)


def of_the_platform(place: Town) -> Account:
    lina = newcomer(place)
    Mandate.objects.create(
        account=lina, office=Office.PLATFORM, academy=place.academy, starts_at=at(YESTERDAY)
    )
    return lina


@pytest.mark.parametrize("who", [ended, coming, elsewhere, nowhere, of_the_platform])
def test_whom_a_head_does_not_reach(
    place: Town, who: Callable[[Town], Account], printed: list[Sheet]
) -> None:
    lina = who(place)
    assert not api.renewable(lina, place.head, at(DAY))
    with pytest.raises(NotAllowed):
        api.renew_sheet(lina, **acts(place.head))
    assert not printed
    assert live_invitation(lina) is None


def test_who_has_no_office_there(place: Town, printed: list[Sheet]) -> None:
    lina = newcomer(place)
    Mandate.objects.filter(account=place.head).update(ended_at=at(YESTERDAY))
    for who in (place.head, place.other, place.jean, lina):
        with pytest.raises(NotAllowed):
            api.renew_sheet(lina, **acts(who))
    assert not printed


def opened_account(lina: Account) -> None:
    actions.activate(lina, **why())


def suspended(lina: Account) -> None:
    actions.suspend(lina, **why())


def closed(lina: Account) -> None:
    actions.close(lina, **why())


@pytest.mark.parametrize("step", [opened_account, suspended, closed])
def test_only_while_nobody_has_opened_the_account(
    place: Town, step: Callable[[Account], None], printed: list[Sheet]
) -> None:
    lina = newcomer(place)
    held = Account.objects.get(pk=lina.pk)  # as a page that was open had it
    step(lina)
    for account in (held, Account.objects.get(pk=lina.pk)):
        with pytest.raises(WrongState):
            api.renew_sheet(account, **acts(place.head))
    assert not printed
    assert not JournalEntry.objects.filter(action="account.sheet_renewed").exists()


def test_a_day_has_so_many_for_each_head(place: Town, printed: list[Sheet]) -> None:
    people = [newcomer(place, given=given) for given in ("Lina", "Mona", "Nora")]
    for one in people[:2]:
        api.renew_sheet(one, **acts(place.head))
    with pytest.raises(NotAsked) as refused:
        api.renew_sheet(people[2], **acts(place.head))
    assert refused.value.facts["field"] == "sheets_a_day"
    assert live_invitation(people[2]) is None
    charge(place.jean, Office.HEAD, place.here)
    api.renew_sheet(people[2], **acts(place.jean))
    api.renew_sheet(people[2], **acts(place.head, day=DAY + timedelta(days=2)))
    assert len(printed) == 4


def test_the_policy_leaves_it_to_the_help_desk_unless_it_says_otherwise(
    place: Town, printed: list[Sheet]
) -> None:
    with_policy(place.academy, schools={"sheets_a_day": 0})
    lina = newcomer(place)
    with pytest.raises(NotAsked):
        api.renew_sheet(lina, **acts(place.head))
    assert not printed
    charge(place.anne, Office.HELP_DESK)
    for who in (place.dsi, place.anne):
        for _ in range(3):
            api.renew_sheet(lina, **acts(who))
    assert len(printed) == 6


def test_who_holds_an_office_gets_theirs_from_the_help_desk(place: Town, printed: list[Sheet]) -> None:
    lina = newcomer(place)
    Mandate.objects.create(
        account=lina, office=Office.HEAD, academy=place.academy, school=place.there, starts_at=at(YESTERDAY)
    )
    with pytest.raises(NotAsked) as refused:
        api.renew_sheet(lina, **acts(place.head))
    assert refused.value.facts["field"] == "sheet_of_office"
    assert not printed


def test_a_colleague_who_contributes_here_keeps_their_way_in_to_themselves(
    place: Town, printed: list[Sheet]
) -> None:
    lina = newcomer(place, place.there)
    posted(lina, place.here, PostingSource.SPONSOR)
    with pytest.raises(NotAsked) as refused:
        api.renew_sheet(lina, **acts(place.head))
    assert refused.value.facts["field"] == "sheet_of_contributor"
    assert not printed


def test_the_sheet_tells_of_no_other_school(place: Town, printed: list[Sheet]) -> None:
    lina = newcomer(place, place.there)
    posted(lina, place.here)
    api.renew_sheet(lina, **acts(place.head))
    assert [one.school for one in printed] == [place.here.name]


def test_a_reason_is_wanted(place: Town, printed: list[Sheet]) -> None:
    lina = newcomer(place)
    with pytest.raises(NoReason):
        api.renew_sheet(lina, **acts(place.head, reason=" "))
    assert not printed


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time")
def test_two_at_once_never_pass_the_limit(printed: list[Sheet]) -> None:
    place = town()
    with_policy(place.academy, schools={"sheets_a_day": 2})
    people = [newcomer(place, given=given) for given in ("Lina", "Mona", "Nora", "Olga")]

    def renew(one: Account) -> str:
        try:
            api.renew_sheet(one, **acts(place.head))
        except NotAsked:
            return "late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(renew, people)) == ["done", "done", "late", "late"]
    assert len(printed) == 2


def test_the_help_desks_sheet_names_where_they_are_expected(place: Town, printed: list[Sheet]) -> None:
    lina = ended(place)
    posted(lina, place.there)
    api.renew_sheet(lina, by=Actor.operator("root"), reason="feuille perdue", now=at(DAY))
    assert [one.school for one in printed] == [place.there.name]
