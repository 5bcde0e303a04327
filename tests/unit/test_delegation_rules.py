"""A mailbox opened to a colleague: who may give what, from when to when, and what is left when it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory import actions
from casier.directory.errors import BadDelegation, DelegationForbidden
from casier.directory.models import Account, DelegateRight, Delegation
from casier.directory.publishing import account_record, accounts_to_publish
from casier.kernel.published import AccountState as AccountRecord
from casier.mailbox.delegations.access import Kind, opened_to
from casier.mailbox.wanted import of_account
from casier.policies.api import Policy, adopt, policy_for, shipped
from casier.policies.policy import Delegation as Allowed
from unit.identity_people import academy, person

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
WEEK = timedelta(days=7)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "test", "now": NOW}


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def owner() -> Account:
    return person(academy(), "Claire", "Lefèvre")


@pytest.fixture
def delegate(owner: Account) -> Account:
    return person(owner.academy, "Ali", "Benali")


def give(owner: Account, delegate: Account, right: str = "read", **more: Any) -> Delegation:
    values = {"starts_at": NOW - timedelta(seconds=1), "ends_at": NOW + WEEK, **more}
    opening = actions.Opening(DelegateRight(right), **values)
    return actions.delegate_mailbox(owner, delegate, opening, **WHY)


def published(account: Account) -> AccountRecord:
    row = accounts_to_publish().get(pk=account.pk)
    return account_record(row, policy_for(row.academy))


def rights(owner: Account) -> dict[str, str]:
    wanted = of_account(owner, policy_for(owner.academy))
    assert wanted is not None
    return dict(wanted.rights.everywhere) if wanted.rights else {}


def allow(owner: Account, most: Any) -> None:
    policy = shipped("rouen")
    values = {name: getattr(policy, name) for name in Policy.__struct_fields__}
    adopt(owner.academy, Policy(**{**values, "delegation": Allowed(most=most)}), **WHY)


def test_it_opens_the_mailbox_and_nothing_else(owner: Account, delegate: Account) -> None:
    other = person(owner.academy, "Nadia", "Morel")
    give(owner, delegate, "behalf")
    record = published(delegate)
    address = owner.addresses.get(is_primary=True).address
    assert record.shared == [owner.mailbox_key]
    assert address in record.behalf
    assert address not in record.addresses
    assert record.sends_as == {}
    assert published(owner).lends
    assert rights(owner) == {delegate.mailbox_key: "lrswipten"}
    (opened,) = opened_to(delegate, NOW)
    assert (opened.kind, opened.on_behalf, opened.sends_as) == (Kind.DELEGATED, True, False)
    assert opened_to(other, NOW) == []
    assert published(other).shared == []


def test_it_ends_by_its_date_and_before(owner: Account, delegate: Account) -> None:
    row = give(owner, delegate)
    assert opened_to(delegate, NOW + WEEK) == []
    due = OutboxEvent.objects.filter(topic="delegation.changed", key=row.id.hex)
    assert due.filter(next_try_at=row.ends_at).exists()
    actions.end_delegation(row, **WHY)
    assert opened_to(delegate, NOW) == []
    assert rights(owner) == {}
    assert published(delegate).shared == []
    names = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"delegation.given", "delegation.ended"} <= names


def test_what_begins_later_opens_nothing_yet(owner: Account, delegate: Account) -> None:
    row = give(owner, delegate, starts_at=NOW + timedelta(days=1))
    assert opened_to(delegate, NOW) == []
    assert rights(owner) == {}
    assert len(opened_to(delegate, NOW + timedelta(days=2))) == 1
    assert OutboxEvent.objects.filter(key=row.id.hex, next_try_at=row.starts_at).exists()


def test_single_folders_only(owner: Account, delegate: Account) -> None:
    give(owner, delegate, folders=("a1-b2", "c3"))
    wanted = of_account(owner, policy_for(owner.academy))
    assert wanted is not None
    assert wanted.rights is not None
    assert wanted.rights.everywhere == {}
    assert wanted.rights.only == {"a1-b2": {delegate.mailbox_key: "lr"}, "c3": {delegate.mailbox_key: "lr"}}


def test_given_again_it_is_what_was_said_last(owner: Account, delegate: Account) -> None:
    give(owner, delegate, "behalf")
    give(owner, delegate, "read")
    assert rights(owner) == {delegate.mailbox_key: "lr"}
    assert Delegation.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(("most", "right"), [("off", "read"), ("read", "organise"), ("behalf", "as")])
def test_the_academy_says_how_far(owner: Account, delegate: Account, most: str, right: str) -> None:
    allow(owner, most)
    with pytest.raises(DelegationForbidden):
        give(owner, delegate, right)


def test_what_was_given_before_a_stricter_policy_holds_no_more(owner: Account, delegate: Account) -> None:
    give(owner, delegate, "behalf")
    allow(owner, "read")
    assert rights(owner) == {delegate.mailbox_key: "lr"}
    assert published(delegate).behalf == {}
    allow(owner, "off")
    assert rights(owner) == {}
    assert opened_to(delegate, NOW) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": NOW - WEEK},
        {"ends_at": NOW + timedelta(days=400)},
        {"starts_at": NOW - WEEK},
        {"folders": ("../Sent",)},
        {"folders": ("x",) * 101},
    ],
)
def test_what_makes_no_sense_is_refused(owner: Account, delegate: Account, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadDelegation):
        give(owner, delegate, **wrong)


def test_only_to_another_person_of_the_academy(owner: Account, delegate: Account) -> None:
    with pytest.raises(BadDelegation):
        give(owner, owner)
    with pytest.raises(BadDelegation):
        give(owner, person(academy("amiens", ("ac-amiens.fr",)), "Zoé", "Ailleurs"))
    actions.close(delegate, **WHY)
    delegate.refresh_from_db()
    with pytest.raises(BadDelegation):
        give(owner, delegate)


def test_who_is_out_opens_nothing_to_anyone(owner: Account, delegate: Account) -> None:
    row = give(owner, delegate, "behalf")
    actions.suspend(owner, **WHY)
    owner.refresh_from_db()
    assert published(delegate).behalf == {}
    assert opened_to(delegate, NOW) == []
    assert rights(owner) == {}
    actions.resume(owner, **WHY)
    owner.refresh_from_db()
    assert len(opened_to(delegate, NOW)) == 1
    actions.close(owner, **WHY)
    row.refresh_from_db()
    assert row.ended_at is not None
