"""The DSI agrees to a mailbox, with another address than the one that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casier.audit.models import JournalEntry
from casier.directory import actions
from casier.directory.actions import NewMailbox
from casier.directory.errors import AddressTaken, NotOurDomain
from casier.directory.models import Address, FunctionalMailbox, Role
from casier.identity.dispatch.actions import opened
from casier.identity.dispatch.models import Dispatch
from casier.kernel.addresses import BadAddress
from casier.schools import api
from casier.schools.errors import AlreadyAsked, SamePerson
from casier.schools.models import Request, State
from unit.life_people import DAY, at, why
from unit.schools_people import Town, acts, town

pytestmark = pytest.mark.django_db
OTHER = "cpe-monod@ac-rouen.example"


@pytest.fixture
def place() -> Town:
    return town()


@pytest.fixture
def row(place: Town) -> Request:
    return api.ask_new(place.here, "Vie scolaire", "Vie scolaire", **acts(place.head))


def agree(place: Town, row: Request, address: str) -> Request:
    return api.approve(row, by=acts(place.dsi)["by"], address=address, now=at(DAY))


def told(place: Town) -> list[str]:
    """What stands in the letter to who asked."""
    content: Any = opened(Dispatch.objects.get(account=place.head, why="schools"))[1]
    return [str(text) for text in content["paragraphs"]]


def test_another_address_is_given_and_told_to_who_asked(place: Town, row: Request) -> None:
    done = agree(place, row, f" {OTHER.upper()} ")
    box = FunctionalMailbox.objects.get(addresses__address=OTHER)
    assert (done.state, done.mailbox, box.mailbox_key) == (State.APPROVED, box, OTHER)
    assert not Address.objects.filter(address=row.address).exists()
    assert f"Elle est ouverte sous une autre adresse\u00a0: {OTHER}." in told(place)
    entry = JournalEntry.objects.get(action="functional.approved")
    assert (entry.payload.facts["address"], entry.payload.facts["given"]) == (row.address, OTHER)
    # The address that was asked for is free again.
    assert api.ask_new(place.here, "CPE", "Vie scolaire", **acts(place.head)).address == row.address


def test_the_one_that_was_asked_for_is_no_other(place: Town, row: Request) -> None:
    agree(place, row, row.address)
    assert FunctionalMailbox.objects.filter(addresses__address=row.address).exists()
    assert not any("autre adresse" in text for text in told(place))


def somebodys(place: Town) -> str:
    return str(place.jean.addresses.get(is_primary=True).address)


def reserved(place: Town) -> str:
    """Of somebody who has left: mail for them must not come to others."""
    address = somebodys(place)
    actions.close(place.jean, **why())
    return address


def ever_used(place: Town) -> str:
    """The key of a mailbox that was erased with its address: what it held might come back."""
    new = NewMailbox("Ancienne", place.here, "ancienne@ac-rouen.example")
    box = actions.create_functional_mailbox(place.academy, new, **why())
    Address.objects.filter(mailbox=box).delete()
    return "ancienne@ac-rouen.example"


@pytest.mark.parametrize("which", [somebodys, reserved, ever_used])
def test_what_is_taken_is_refused_and_the_request_waits(
    place: Town, row: Request, which: Callable[[Town], str]
) -> None:
    address, before = which(place), FunctionalMailbox.objects.count()
    with pytest.raises(AddressTaken):
        agree(place, row, address)
    row.refresh_from_db()
    assert (row.state, row.mailbox) == (State.WAITING, None)
    assert FunctionalMailbox.objects.count() == before


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("direction@gouv.example", NotOurDomain),
        ("direction@sous.ac-rouen.example", NotOurDomain),
        ("Vié scolaire@ac-rouen.example", BadAddress),
        ("a..b@ac-rouen.example", BadAddress),
        ("../etc@ac-rouen.example", BadAddress),
        ("vie+scolaire@ac-rouen.example", BadAddress),
        ("direction@ac-rouen.example@gouv.example", BadAddress),
        ("direction", BadAddress),
        (f"{'a' * 65}@ac-rouen.example", BadAddress),
    ],
)
def test_only_addresses_of_the_academy(place: Town, row: Request, address: str, error: Any) -> None:
    with pytest.raises(error):
        agree(place, row, address)
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_nobody_gets_the_address_for_which_somebody_else_waits(place: Town, row: Request) -> None:
    other = api.ask_new(place.there, "Autre", "gestion", **acts(place.other))
    with pytest.raises(AlreadyAsked):
        agree(place, row, other.address)
    api.refuse(other, **acts(place.dsi))
    agree(place, row, other.address)
    assert FunctionalMailbox.objects.filter(addresses__address=other.address).exists()


def test_who_asked_chooses_no_address(place: Town, row: Request) -> None:
    with pytest.raises(SamePerson):
        api.approve(row, by=acts(place.head)["by"], address=OTHER, now=at(DAY))
    assert not Address.objects.filter(address=OTHER).exists()


def test_an_address_changes_nothing_of_other_requests(place: Town) -> None:
    joining = api.ask_to_join(place.box, Role.READ, **acts(place.head))
    api.approve(joining, by=acts(place.anne)["by"], address=OTHER, now=at(DAY))
    assert not Address.objects.filter(address=OTHER).exists()
