"""A contributor whom another academy employs: found for certain or not at all, and left to their academy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from contributor_scene import (
    BORN,
    DAY,
    LATER,
    Place,
    a_place,
    acts,
    asked,
    at,
    office,
    why,
)
from life_people import OTHER_UAI, a_person, posted

from casier.audit.models import JournalEntry
from casier.contributors import api
from casier.contributors.models import Stay
from casier.contributors.nightly import run_due
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.mandates import Ability, may
from casier.directory.models import Academy, Account, AccountState, Office, Posting, PostingSource, School
from casier.identity.activation.api import live_invitation
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.models import Dispatch
from casier.kernel.errors import NotAllowed
from casier.life import api as life
from casier.life.models import Departure

pytestmark = pytest.mark.django_db
SOON = DAY + timedelta(days=20)


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def place() -> Place:
    return a_place()


@pytest.fixture
def lille(place: Place) -> Academy:
    new = actions.NewAcademy(
        "lille", "Académie de Lille", "#1a5fb4", ("ac-lille.example",), ("lille.localhost",)
    )
    return actions.create_academy(new, **why())


@pytest.fixture
def ines(lille: Academy) -> Account:
    """A teacher of Lille, born on the day that the request says."""
    school = actions.create_school(lille, actions.NewSchool(OTHER_UAI, "Lycée Faidherbe"), **why())
    account = a_person(lille, "Ines", "DELMAS")
    account.person.birth_date = BORN
    account.person.save()
    posted(account, school)
    return account


def tied(place: Place, ines: Account) -> Stay:
    request = asked(place)
    return api.approve(request, api.Agreed(person=ines.person), by=acts(place.dsi), now=at(DAY))


def fresh(stay: Stay) -> Stay:
    return api.stay_with(stay.pk.hex)


def texts_to(account: Account) -> str:
    return " ".join(
        str(opened(row)[1]) for row in Dispatch.objects.filter(account=account, why="contributors")
    )


def test_the_dsi_is_told_of_them_and_of_nothing_else(place: Place, ines: Account) -> None:
    (found,) = api.namesakes(asked(place), at(DAY))
    assert (found.person, found.same_birth, found.academy) == (ines.person, True, "Académie de Lille")
    assert (found.account, found.address, found.places) == (None, "", ())


def test_one_person_gets_a_posting_here_and_no_second_account(place: Place, ines: Account) -> None:
    before = Account.objects.count()
    stay = tied(place, ines)
    assert (stay.account, Account.objects.count()) == (ines, before)
    posting = stay.posting
    assert (posting.person, posting.school, posting.source) == (
        ines.person,
        place.school,
        PostingSource.SPONSOR,
    )
    assert (posting.starts_on, posting.ends_on) == (DAY, LATER)
    ines.refresh_from_db()
    assert (ines.state, ines.quota_bytes, primary_address(ines)) == (
        AccountState.ACTIVE, None, "ines.delmas@ac-lille.example",
    )  # fmt: skip
    # Neither a way in nor how to reach them: they have theirs.
    assert live_invitation(ines) is None
    assert not Dispatch.objects.filter(why="invitation").exists()
    assert (stay.mail_sealed, stay.telephone_sealed, stay.hint) == (None, None, "")
    assert "Imprimez" not in texts_to(place.head)
    assert "autre académie" in texts_to(place.head)
    # They are told, and their own academy's journal says it.
    assert place.school.name in texts_to(ines)
    assert JournalEntry.objects.get(action="contributor.elsewhere").academy == "lille"


def another_day(ines: Account) -> None:
    ines.person.birth_date = BORN + timedelta(days=1)
    ines.person.save()


def no_day(ines: Account) -> None:
    ines.person.birth_date = None
    ines.person.save()


def another_name(ines: Account) -> None:
    ines.person.family_name = "Delmasse"
    ines.person.save()


def shut(ines: Account) -> None:
    life.close(ines, **why())


def on_the_way_out(ines: Account) -> None:
    life.begin_leaving(ines, last_day=None, **why())


def suspended(ines: Account) -> None:
    actions.suspend(ines, **why())


def no_longer_employed(ines: Account) -> None:
    theirs = Posting.objects.filter(person=ines.person, source=PostingSource.FEED)
    theirs.update(ends_on=DAY - timedelta(days=1))


def a_contributor_there(ines: Account) -> None:
    Posting.objects.filter(person=ines.person).update(source=PostingSource.SPONSOR)


@pytest.mark.parametrize(
    "change",
    [
        another_day, no_day, another_name, shut, on_the_way_out, suspended, no_longer_employed,
        a_contributor_there,
    ],
)  # fmt: skip
def test_whom_nothing_is_told_of_and_nobody_ties(
    place: Place, ines: Account, change: Callable[[Account], None]
) -> None:
    change(ines)
    state = Account.objects.get(pk=ines.pk).state
    request = asked(place)
    assert api.namesakes(request, at(DAY)) == []
    with pytest.raises(api.BadRequest) as refused:
        api.approve(request, api.Agreed(person=ines.person), by=acts(place.dsi), now=at(DAY))
    assert refused.value.facts["why"] == "other_academy"
    assert not Stay.objects.exists()
    assert Account.objects.get(pk=ines.pk).state == state


def test_without_a_birth_date_a_name_is_nobody(place: Place, ines: Account) -> None:
    request = asked(place)
    request.birth_date = None
    request.save()
    assert api.namesakes(request, at(DAY)) == []


def test_nothing_of_the_other_academy_comes_with_it(place: Place, ines: Account) -> None:
    """The posting reaches nobody: neither the head nor the DSI of this academy may do anything to them."""
    stay = tied(place, ines)
    for who in (place.head, place.dsi):
        assert not any(may(who, ability, ines, at(DAY)) for ability in Ability)
    for give in (api.printed, api.send_again):
        with pytest.raises(NotAllowed):
            give(stay, by=acts(place.head), now=at(DAY))
    # Nor once the account is as one just made, by their own academy's decision.
    life.close(ines, **why())
    actions.purged(ines, **why())
    actions.reopen(ines, **why())
    assert not api.may_be_given(fresh(stay), at(DAY))
    for give in (api.printed, api.send_again):
        with pytest.raises(NotAllowed):
            give(fresh(stay), by=acts(place.head), now=at(DAY))
    assert live_invitation(ines) is None


def test_its_end_leaves_the_account_alone(place: Place, ines: Account) -> None:
    stay = tied(place, ines)
    api.end(stay, by=acts(place.head), reason="projet abandonné", now=at(SOON))
    ines.refresh_from_db()
    assert ines.state == AccountState.ACTIVE
    assert not Departure.objects.exists()
    again = api.renew(fresh(stay), LATER, by=acts(place.head), reason="reprise", now=at(SOON))
    assert again is None
    run_due(at(LATER + timedelta(days=1)))
    ines.refresh_from_db()
    assert ines.state == AccountState.ACTIVE


def test_where_nothing_is_left_anywhere_the_calendar_says_so_and_no_head(place: Place, ines: Account) -> None:
    stay = tied(place, ines)
    Posting.objects.filter(person=ines.person, source=PostingSource.FEED).update(ends_on=DAY)
    api.end(stay, by=acts(place.head), reason="fini", now=at(SOON))
    departure = Departure.objects.get(account=ines)
    assert departure.by == "system:contributors"


@pytest.mark.parametrize("change", [shut, on_the_way_out, suspended, no_longer_employed])
def test_what_the_other_academy_ended_is_not_lengthened_from_here(
    place: Place, ines: Account, change: Callable[[Account], None]
) -> None:
    stay = tied(place, ines)
    renewal = _asked_for_more(place, stay)
    change(ines)
    state = Account.objects.get(pk=ines.pk).state
    with pytest.raises(api.BadRequest):
        api.renew(fresh(stay), LATER + timedelta(days=9), by=acts(place.head), reason="x", now=at(SOON))
    with pytest.raises(api.BadRequest):
        api.approve(renewal, api.Agreed(), by=acts(place.dsi), now=at(SOON))
    assert Account.objects.get(pk=ines.pk).state == state
    assert Posting.objects.get(pk=stay.posting_id).ends_on == LATER + timedelta(days=1)


def _asked_for_more(place: Place, stay: Stay) -> Any:
    """A renewal that waits for the DSI: the head's own has been had."""
    api.renew(fresh(stay), LATER + timedelta(days=1), by=acts(place.head), reason="suite", now=at(DAY))
    return api.renew(
        fresh(stay), LATER + timedelta(days=5), by=acts(place.head), reason="encore", now=at(DAY)
    )


def test_the_heads_of_their_own_school_and_they_themselves_decide_nothing_here(
    place: Place, ines: Account
) -> None:
    stay = tied(place, ines)
    there = a_person(ines.academy, "Paul", "Autre")
    office(there, Office.HEAD, School.objects.get(uai=OTHER_UAI))
    for who in (there, ines):
        with pytest.raises(NotAllowed):
            api.end(stay, by=acts(who), reason="x", now=at(DAY))
        with pytest.raises(NotAllowed):
            api.renew(stay, LATER + timedelta(days=5), by=acts(who), reason="x", now=at(DAY))


def test_a_second_request_for_them_is_one_too_many(place: Place, ines: Account) -> None:
    tied(place, ines)
    request = asked(place)
    with pytest.raises(api.AlreadyAsked):
        api.approve(request, api.Agreed(person=ines.person), by=acts(place.dsi), now=at(DAY))
