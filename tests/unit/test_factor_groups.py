"""A second factor that is required of some groups alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.directory.models import Account, Posting
from casier.groups.actions import GroupInUse, GroupWords, create_group, remove_group
from casier.identity.factors.api import second_factor_of
from casier.policies.api import BadPolicy, adopt, policy_for, with_changes
from unit.identity_people import academy, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "tests", "now": NOW}
OFFERED = "second_factor.requirement=offered"


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def zoe() -> Account:
    """She directs something; the policy asks a factor of whoever does."""
    rouen = academy("rouen")
    account = person(rouen, "Zoé", "Petit")
    Posting.objects.create(person=account.person, function="DIR")
    create_group(rouen, "chefs", GroupWords("Chefs", "fonction = DIR"), **WHY)
    adopt(rouen, with_changes(policy_for(rouen), [OFFERED, 'second_factor.groups=["chefs"]']), **WHY)
    return account


def test_it_is_required_of_members_and_of_nobody_else(zoe: Account) -> None:
    assert second_factor_of(zoe).requirement == "required"
    assert second_factor_of(person(zoe.academy, "Jean", "Roy")).requirement == "offered"
    zoe.person.postings.all().delete()
    assert second_factor_of(zoe).requirement == "offered"


def test_a_group_that_is_not_there_is_refused_by_its_name(zoe: Account) -> None:
    wanted = with_changes(policy_for(zoe.academy), ['second_factor.groups=["chefs", "chef"]'])
    with pytest.raises(BadPolicy) as error:
        adopt(zoe.academy, wanted, **WHY)
    assert [(one.field, one.reason) for one in error.value.contradictions] == [
        ("second_factor.groups", "no group is called chef")
    ]


def test_a_group_that_the_policy_names_is_not_removed(zoe: Account) -> None:
    with pytest.raises(GroupInUse):
        remove_group(zoe.academy.groups.get(), **WHY)


def test_where_nobody_has_a_factor_none_is_required(zoe: Account) -> None:
    with pytest.raises(BadPolicy):
        adopt(zoe.academy, with_changes(policy_for(zoe.academy), ["second_factor.requirement=off"]), **WHY)
