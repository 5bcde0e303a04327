"""No address and no mailbox key leads to someone else's mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.claims import Claims
from casier.directory.errors import AddressTaken
from casier.directory.models import Academy, Account, UsedMailboxKey
from casier.kernel.addresses import BadAddress
from casier.kernel.uai import key_letter
from casier.policies.api import policy_for

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "test", "now": NOW}
UAI = "0761234" + key_letter("0761234")
ANNE = "anne.petit@ac-rouen.example"

CLAIMS = Claims(frozenset({"held@d"}), frozenset({"key@d"}))


@pytest.mark.parametrize(
    ("address", "own_key", "allowed"),
    [
        ("free@d", "", True),
        ("free@d", "mine@d", True),
        ("held@d", "", False),
        ("held@d", "held@d", False),
        ("key@d", "", False),
        ("key@d", "mine@d", False),
        ("key@d", "key@d", True),
    ],
)
def test_an_address(address: str, own_key: str, allowed: bool) -> None:
    assert CLAIMS.allow_address(address, own_key) is allowed


@pytest.mark.parametrize(("key", "allowed"), [("free@d", True), ("held@d", False), ("key@d", False)])
def test_a_mailbox_key(key: str, allowed: bool) -> None:
    assert CLAIMS.allow_key(key) is allowed


@pytest.fixture
def academy(db: None, monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    new = actions.NewAcademy("rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("r.localhost",))
    return actions.create_academy(new, **WHY)


def person(academy: Academy, given: str = "Anne", family: str = "Petit", **more: Any) -> Account:
    return actions.create_account(academy, actions.NewAccount(given, family, **more), **WHY)


@pytest.fixture
def legrand(academy: Academy) -> Account:
    """Anne Petit, now Legrand, whose old address went away a long time ago; her mailbox key stays."""
    account = person(academy)
    actions.rename(account, "Anne", "Legrand", **WHY)
    actions.retire_address(account, ANNE, **WHY)
    return account


@pytest.fixture
def later(academy: Academy) -> dict[str, Any]:
    """When the time of addresses that were taken back is over."""
    return WHY | {"now": NOW + timedelta(days=policy_for(academy).leaving.address_reserved_days + 1)}


def test_a_homonym_gets_a_digit_where_the_name_is_a_mailbox_key(
    academy: Academy, legrand: Account, later: dict[str, Any]
) -> None:
    heir = actions.create_account(academy, actions.NewAccount("Anne", "Petit"), **later)
    assert (heir.mailbox_key, legrand.mailbox_key) == ("anne.petit1@ac-rouen.example", ANNE)
    assert primary_address(heir) == heir.mailbox_key


def test_a_mailbox_key_is_no_address_by_hand_alias_or_functional_mailbox(
    academy: Academy, legrand: Account, later: dict[str, Any]
) -> None:
    other = person(academy, "Zoé", "Blanc")
    with pytest.raises(AddressTaken):
        actions.add_address(other, ANNE, **later)
    with pytest.raises(AddressTaken):
        actions.create_account(academy, actions.NewAccount("A", "B", address=ANNE), **later)
    with pytest.raises(AddressTaken):
        actions.create_functional_mailbox(academy, actions.NewMailbox("Service", address=ANNE), **later)
    assert actions.rename(other, "Anne", "Petit", **later).local == "anne.petit1"


def test_its_owner_may_have_it_again(academy: Academy, legrand: Account, later: dict[str, Any]) -> None:
    assert actions.rename(legrand, "Anne", "Petit", **WHY).local == "anne.petit1"  # reserved, even for her
    actions.add_address(legrand, ANNE, **later)
    assert ANNE in legrand.addresses.filter(retired_at=None).values_list("address", flat=True)


def test_a_key_by_hand_is_out_of_reach_of_addresses(academy: Academy) -> None:
    owner = person(academy, "Léa", "Noir", mailbox_key="Jean.Martin@ac-rouen.example")
    assert owner.mailbox_key == "jean.martin@ac-rouen.example"
    assert primary_address(person(academy, "Jean", "Martin")) == "jean.martin1@ac-rouen.example"


def test_a_key_by_hand_is_never_someones_address(academy: Academy) -> None:
    actions.add_address(person(academy), "direction@ac-rouen.example", **WHY)
    other = person(academy, "Léa", "Noir", mailbox_key="direction@ac-rouen.example")
    assert other.mailbox_key == f"direction-{other.public_id[:8]}@ac-rouen.example"
    assert UsedMailboxKey.objects.filter(key=other.mailbox_key).exists()


@pytest.mark.parametrize(
    "key", ["user/x", "a b@ac-rouen.example", "a%@ac-rouen.example", "a+b@ac-rouen.example"]
)
def test_a_key_by_hand_has_the_form_of_an_address(academy: Academy, key: str) -> None:
    with pytest.raises(BadAddress):
        person(academy, mailbox_key=key)


def test_a_new_domain_never_gives_what_is_a_key(academy: Academy) -> None:
    person(academy, "Léa", "Noir", mailbox_key="anne.petit@ac-caen.example")
    person(academy)
    with pytest.raises(AddressTaken):
        actions.add_domain(academy, "ac-caen.example", **WHY)
    assert not academy.domains.filter(name="ac-caen.example").exists()
    actions.add_domain(academy, "ac-lille.example", **WHY)
