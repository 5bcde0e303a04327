"""Erasing somebody who asked for it: refused to who is in service or held; what stays names nobody."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction
from life_people import DAY, ME, a_person, a_school, an_academy, at, posted, why

from casier.audit.api import Actor, record, seal, verify
from casier.audit.models import JournalEntry
from casier.contributors.models import Request, Stay
from casier.directory.actions import accounts
from casier.directory.errors import WrongState
from casier.directory.models import Academy, Account, Address, Mandate, Office, School, UsedMailboxKey
from casier.directory.naming import claim_key, hidden_key
from casier.feed.models import Change, Run
from casier.kernel.errors import CasierError, NotAllowed
from casier.life import api as life
from casier.life.models import Departure
from casier.privacy import erasing
from casier.privacy.errors import CannotErase
from casier.privacy.models import Erasure
from casier.rights.models import Line, Review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("casier.audit.outbox.wake_worker", "casier.privacy.erasing.wake_worker"):
        monkeypatch.setattr(place, lambda _socket: None)
    monkeypatch.setattr("casier.privacy.keeping.anonymous._forget_published", lambda _key: None)
    monkeypatch.setattr(erasing, "purge", _purged)
    monkeypatch.setattr(erasing, "store_named", lambda _name: SimpleNamespace(restore=lambda _key: None))
    monkeypatch.setattr(erasing, "_compact", lambda: None)


def _purged(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """The state that a purge leaves; tests with engines do a real one."""
    accounts.purged(account, by=by, reason=reason, now=now)
    Departure.objects.filter(account=account, ended_on=None).update(ended_on=DAY, outcome="purged")


@pytest.fixture
def academy() -> Academy:
    return an_academy()


def closed(academy: Academy, given: str = "Jean") -> Account:
    account = a_person(academy, given)
    life.begin_leaving(account, last_day=None, **why())
    life.close(account, **why())
    account.refresh_from_db()
    return account


def erased(account: Account) -> Erasure:
    erasure = erasing.ask(account, **why())
    assert erasing.step(at(DAY)) == 1
    erasure.refresh_from_db()
    account.refresh_from_db()
    return erasure


def test_who_is_in_service_is_refused_and_so_is_who_leaves(academy: Academy) -> None:
    jean = a_person(academy)
    assert erasing.look(jean, at(DAY)).refused == "in_service"
    life.begin_leaving(jean, last_day=None, **why())
    jean.refresh_from_db()
    with pytest.raises(CannotErase) as refused:
        erasing.ask(jean, **why())
    assert refused.value.facts["why"] == "in_service"
    assert not Erasure.objects.exists()


def test_a_hold_refuses(academy: Academy) -> None:
    jean = closed(academy)
    life.hold(jean, life.HoldKind.LEGAL, until=None, **why())
    assert erasing.look(jean, at(DAY)).refused == "held"
    with pytest.raises(CannotErase):
        erasing.ask(jean, **why())


def test_a_hold_that_was_lifted_puts_nothing_off(academy: Academy) -> None:
    jean = closed(academy)
    held = life.hold(jean, life.HoldKind.LEGAL, until=None, **why())
    life.lift(held, **why())
    assert erased(jean).done_at is not None


def test_nobody_reopens_what_is_being_erased(academy: Academy) -> None:
    jean = closed(academy)
    erasing.ask(jean, **why())
    with pytest.raises(CasierError):
        life.reopen(jean, **why())
    jean.refresh_from_db()
    assert jean.state == "closed"


def test_the_dry_run_tells_what_stays_and_changes_nothing(academy: Academy) -> None:
    jean = closed(academy)
    Mandate.objects.create(account=jean, office=Office.HEAD, academy=academy, starts_at=at(DAY))
    before = JournalEntry.objects.count()
    plan = erasing.look(jean, at(DAY))
    assert {one.code for one in plan.stays} >= {
        "address",
        "journal",
        "sign_ins",
        "certificate",
        "mandates",
        "logs",
    }
    address = next(one for one in plan.stays if one.code == "address")
    assert address.until == DAY + timedelta(days=1825)
    assert JournalEntry.objects.count() == before
    jean.person.refresh_from_db()
    assert jean.person.full_name == "Jean Martin"


def test_what_stays_says_nothing_of_them(academy: Academy) -> None:
    jean = closed(academy, "Zébulon")
    posted(jean, a_school(academy))
    run = Run.objects.create(academy=academy, kind="aaf", by="t", started_at=at(DAY))
    Change.objects.create(
        run=run, number=1, subject="person", verb="create", code="new", status="done",
        label="Zébulon Martin", target=str(jean.person_id), after={"given": "Zébulon"},
    )  # fmt: skip
    review = Review.objects.create(academy=academy, started_at=at(DAY), started_by="t", due_at=at(DAY))
    Line.objects.create(review=review, kind="mandate", thing="1", holder=jean, facts={"name": "Zébulon"})
    own = jean.addresses.values_list("address", flat=True)
    with transaction.atomic():
        record(ME, "mail.traced", "academy:rouen", "", at=at(DAY), address=next(iter(own)))
    asked_for(jean, "Zébulon")
    seal(at(DAY))
    erasure = erased(jean)
    seal(at(DAY))
    assert erasure.erased["identity"] == 1
    assert list(verify()) == []
    # Only the addresses that are kept from others still name them, and the line that finds those.
    left = [text for text in everything() if "bulon" in text.casefold()]
    assert {json.loads(text)["model"] for text in left} <= {
        "directory.address",
        "directory.findline",
    }
    assert erasing.look(jean, at(DAY)).refused == "erased"
    assert JournalEntry.objects.filter(target=f"account:{jean.public_id}", action="account.closed").exists()


def asked_for(account: Account, given: str) -> None:
    """Once they were asked for as a contributor, under that name."""
    school = School.objects.first() or a_school(account.academy)
    dates = {"starts_on": DAY, "ends_on": DAY}
    head = a_person(account.academy, "Nadine")
    posted(account, school)
    posting = account.person.postings.latest("pk")
    stay = Stay.objects.create(
        account=account, school=school, sponsor=head, posting=posting, begun_at=at(DAY), agreed_at=at(DAY)
    )
    asked = Request.objects.create(
        school=school, stay=stay, asked_by=head, asked_at=at(DAY), given_name=given, family_name="Martin",
        state="approved", **dates,
    )  # fmt: skip
    with transaction.atomic():
        record(ME, "contributor.asked", f"contributor:{asked.id.hex}", "", at=at(DAY), name=f"{given} Martin")


def everything() -> list[str]:
    """Every row of every table, as text."""
    found = []
    for model in apps.get_models():
        found += [serializers.serialize("jsonl", [row]) for row in model._default_manager.all()]
    return found


def test_somebody_of_the_same_name_keeps_everything(academy: Academy) -> None:
    jean, other = closed(academy), a_person(academy)
    posted(other, a_school(academy))
    erased(jean)
    other.refresh_from_db()
    assert other.person.full_name == "Jean Martin"
    assert (other.addresses.count(), other.person.postings.count()) == (2, 1)
    assert JournalEntry.objects.get(
        target=f"account:{other.public_id}", action="account.created"
    ).payload.facts


def test_who_was_erased_never_comes_back_as_they_were(academy: Academy) -> None:
    jean = closed(academy)
    erased(jean)
    with pytest.raises(WrongState):
        life.reopen(jean, **why())
    again = a_person(academy)
    assert again.person_id != jean.person_id


def test_the_mailbox_key_is_never_given_again(academy: Academy) -> None:
    jean = closed(academy)
    key = jean.mailbox_key
    erased(jean)
    assert not UsedMailboxKey.objects.filter(key=key).exists()
    assert UsedMailboxKey.objects.filter(key=hidden_key(key)).exists()
    with transaction.atomic():
        assert claim_key(key, jean.pk, at(DAY)) != key


def test_the_address_goes_once_it_may_be_given_again(academy: Academy) -> None:
    jean = closed(academy)
    erased(jean)
    assert Address.objects.filter(account=jean).count() == 2
    from casier.privacy.keeping.anonymous import erase_people

    assert erase_people(at(DAY + timedelta(days=1800))) == 0
    assert erase_people(at(DAY + timedelta(days=1900))) == 1
    assert not Address.objects.filter(account=jean).exists()
    assert erase_people(at(DAY + timedelta(days=1901))) == 0


def test_what_fails_is_tried_again_later(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    from casier.kernel.errors import Unavailable

    jean = closed(academy)
    erasing.ask(jean, **why())

    def away(*_args: Any, **_more: Any) -> None:
        raise Unavailable("store")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "purge", away)
        assert erasing.step(at(DAY)) == 1
    assert Erasure.objects.get().fault
    assert erasing.step(at(DAY)) == 0
    assert erasing.step(at(DAY) + timedelta(minutes=16)) == 1
    assert Erasure.objects.get().done_at


@pytest.mark.parametrize("office", [None, *Office])
def test_the_act_itself_asks_for_the_office(academy: Academy, office: Office | None) -> None:
    jean, agent = closed(academy), a_person(academy, "Alix")
    if office is not None:
        Mandate.objects.create(account=agent, office=office, academy=academy, starts_at=at(DAY))
    by = {**why(), "by": Actor.account(agent.public_id)}
    if office is Office.DPO:
        assert erasing.ask(jean, **by).by == f"account:{agent.public_id}"
    else:
        with pytest.raises(NotAllowed):
            erasing.ask(jean, **by)


def test_two_never_erase_the_same(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    jean = closed(academy)
    erasing.ask(jean, **why(), here=True)
    # Whoever asked does it; the worker only where they were killed.
    assert erasing.step(at(DAY)) == 0
    tried: list[int] = []

    def also(*_args: Any, **_more: Any) -> None:
        tried.append(erasing.step(at(DAY) + timedelta(minutes=16)))

    monkeypatch.setattr(erasing, "purge", also)
    erasing.step(at(DAY) + timedelta(minutes=16))
    assert tried == [0]
