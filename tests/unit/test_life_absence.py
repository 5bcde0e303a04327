"""The answers of who leaves follow their departure, in whatever order it is begun, moved and called off."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from life_people import DAY, a_person, an_academy, at, why

from casier.directory.models import Account
from casier.life import absence, api
from casier.life.models import Departure
from casier.mailbox.filters.rules import Absence, Rules

pytestmark = pytest.mark.django_db


class Held:
    """What the person's rules say, as a store would keep it."""

    def __init__(self) -> None:
        self.rules = Rules(state="", items=(), absence=Absence())

    def rules_of(self, _account: Account, _store: Any) -> Any:
        return SimpleNamespace(rules=self.rules)

    def save_rules(self, _account: Account, rules: Rules, **_more: Any) -> None:
        self.rules = rules

    def says(self, text: str) -> bool:
        return self.rules.absence.on and text in self.rules.absence.inside


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    held = Held()
    monkeypatch.setattr(absence, "rules_of", held.rules_of)
    monkeypatch.setattr(absence, "save_rules", held.save_rules)
    return held


@pytest.fixture
def jean(held: Held) -> Account:
    account = a_person(an_academy())
    Account.objects.update(provisioned_at=at(DAY))
    account.refresh_from_db()
    return account


def plus(days: int) -> date:
    return DAY + timedelta(days=days)


def follow(*departures: Departure) -> None:
    """What the worker does; in this order, or in that of the rows."""
    for row in departures or absence.due(at(DAY)):
        absence.follow(Departure.objects.select_related("account__person").get(pk=row.pk), at(DAY))


def test_another_last_day_is_said_to_who_writes(jean: Account, held: Held) -> None:
    api.begin_leaving(jean, last_day=plus(2), **why())
    follow()
    assert held.says("3 septembre 2026")
    api.begin_leaving(jean, last_day=plus(20), **why())
    follow()
    assert held.says("21 septembre 2026")
    assert held.rules.absence.start == plus(21)


def test_what_the_person_has_changed_stays_theirs(jean: Account, held: Held) -> None:
    api.begin_leaving(jean, last_day=plus(2), **why())
    follow()
    own = held.rules.absence.inside.replace("Bonjour,", "Bonjour à tous,")
    held.rules = Rules(state="", items=(), absence=Absence(on=True, inside=own))
    api.begin_leaving(jean, last_day=plus(20), **why())
    follow()
    assert held.rules.absence.inside == own
    api.cancel_leaving(jean, **why())
    follow()
    assert held.rules.absence.inside == own


@pytest.mark.parametrize("new_first", [True, False])
def test_who_comes_back_and_leaves_again_has_the_answers_of_the_new_departure(
    jean: Account, held: Held, new_first: bool
) -> None:
    api.begin_leaving(jean, last_day=plus(2), **why())
    follow()
    api.cancel_leaving(jean, **why())
    api.begin_leaving(jean, last_day=plus(20), **why())
    old, new = Departure.objects.order_by("last_day")
    follow(*((new, old) if new_first else (old, new)))
    assert held.says("21 septembre 2026")
    assert not absence.due(at(DAY)).exists()
    api.cancel_leaving(jean, **why())
    follow()
    assert not held.rules.absence.on
