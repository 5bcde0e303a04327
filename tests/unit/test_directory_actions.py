"""Academies, accounts, addresses and functional mailboxes: what each action leaves, and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casier.audit.api import Actor
from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory import actions
from casier.directory.access import (
    academy_of_host,
    account_of_numen,
    account_with,
    primary_address,
    school_with,
)
from casier.directory.actions.academies import BadName
from casier.directory.colours import BadColour
from casier.directory.errors import AddressTaken, AlreadyThere, NotFound, NotOurDomain, WrongState
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Address,
    Membership,
    Person,
    Role,
    School,
    Store,
    UsedMailboxKey,
)
from casier.directory.numen import parse_numen
from casier.directory.publishing import account_record, account_records, accounts_to_publish, mailbox_records
from casier.kernel.addresses import BadAddress
from casier.kernel.published import AddressState
from casier.kernel.uai import key_letter
from casier.policies.api import policy_for, shipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
ME = Actor.operator("test")
WHY: dict[str, Any] = {"by": ME, "reason": "test", "now": NOW}
UAI = "0761234" + key_letter("0761234")


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit is tried with real engines elsewhere."""
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def academy() -> Academy:
    new = actions.NewAcademy(
        "rouen",
        "Académie de Rouen",
        "#1a5fb4",
        ("ac-normandie.example", "ac-rouen.example"),
        ("rouen.localhost",),
        shipped("rouen"),
    )
    return actions.create_academy(new, **WHY)


@pytest.fixture
def school(academy: Academy) -> School:
    return actions.create_school(academy, actions.NewSchool(UAI, "Collège Monod"), **WHY)


def person(academy: Academy, given: str = "Jean", family: str = "Martin", **more: Any) -> Account:
    return actions.create_account(academy, actions.NewAccount(given, family, **more), **WHY)


def live(account: Account) -> list[str]:
    return sorted(account.addresses.filter(retired_at=None).values_list("address", flat=True))


def test_an_academy_has_fixed_names_and_its_policy(academy: Academy) -> None:
    assert (academy.rp_id, academy.issuer) == ("rouen.localhost", "https://rouen.localhost")
    assert policy_for(academy) == shipped("rouen")
    assert academy_of_host("ROUEN.localhost:8443") == academy
    assert OutboxEvent.objects.filter(topic="academy.changed", key="rouen").exists()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"slug": "Rouen !"}, BadName),
        ({"slug": "x1", "accent": "#ffff00"}, BadColour),
        ({"slug": "x1", "domains": ("ac-rouen.example",)}, AlreadyThere),
        ({"slug": "x1", "hosts": ("rouen.localhost",), "domains": ("x1.example",)}, AlreadyThere),
        ({"slug": "rouen", "domains": ("x1.example",), "hosts": ("x1.localhost",)}, AlreadyThere),
    ],
)
def test_what_would_collide_is_refused_whole(academy: Academy, changed: dict[str, Any], error: type) -> None:
    values = {
        "slug": "x1",
        "name": "X",
        "accent": "#000000",
        "domains": ("x1.example",),
        "hosts": ("x1.localhost",),
    }
    with pytest.raises(error):
        actions.create_academy(actions.NewAcademy(**(values | changed)), **WHY)
    assert Academy.objects.count() == 1
    assert JournalEntry.objects.filter(action="academy.created").count() == 1


def test_a_school_is_found_by_its_uai(school: School) -> None:
    assert school_with(UAI.lower()) == school
    with pytest.raises(AlreadyThere):
        actions.create_school(school.academy, actions.NewSchool(UAI, "Twice"), **WHY)


def test_an_account_has_addresses_on_every_domain_a_key_and_a_store(academy: Academy, school: School) -> None:
    account = person(academy, "Zoé", "L’Hermite", school=school, function="ENS")
    assert primary_address(account) == "zoe.lhermite@ac-normandie.example"
    assert live(account) == ["zoe.lhermite@ac-normandie.example", "zoe.lhermite@ac-rouen.example"]
    assert account.mailbox_key == primary_address(account)
    assert account.store.name == "store1"
    assert account.state == AccountState.INVITED
    assert account.person.postings.get().school == school
    assert len(account.public_id) == 32


def test_people_of_a_school_live_on_its_store(academy: Academy) -> None:
    store = Store.objects.create(name="store2")
    placed = actions.create_school(academy, actions.NewSchool(UAI, "Monod", store=store), **WHY)
    assert person(academy, school=placed).store == store
    assert person(academy).store.name == "store1"


def test_homonyms_get_the_next_digit_on_all_domains(academy: Academy) -> None:
    actions.add_address(person(academy, "A", "B"), "jean.martin1@ac-rouen.example", **WHY)
    assert [primary_address(person(academy)) for _ in range(3)] == [
        "jean.martin@ac-normandie.example",
        # jean.martin1 is taken on the other domain
        "jean.martin2@ac-normandie.example",
        "jean.martin3@ac-normandie.example",
    ]


def test_many_homonyms_at_once(academy: Academy) -> None:
    new = [actions.NewAccount("Marie", "Petit") for _ in range(25)]
    made = actions.create_accounts(academy, new, **WHY)
    assert len({primary_address(account) for account in made}) == 25
    assert primary_address(made[24]) == "marie.petit24@ac-normandie.example"


def test_one_refused_in_a_group_leaves_none(academy: Academy) -> None:
    numen = parse_numen("12A3456789XYZ")
    new = [actions.NewAccount("A", "B", numen=numen), actions.NewAccount("C", "D", numen=numen)]
    with pytest.raises(AlreadyThere) as caught:
        actions.create_accounts(academy, new, **WHY)
    assert "12A" not in str(caught.value)
    assert not Account.objects.exists()
    assert not Person.objects.exists()
    assert not OutboxEvent.objects.filter(topic="account.changed").exists()


def test_the_numen_finds_its_owner_and_lies_encrypted(academy: Academy) -> None:
    numen = parse_numen("12a3456789xyz")
    account = person(academy, numen=numen, birth_date=date(1980, 12, 31))
    assert account_of_numen(numen) == account
    with pytest.raises(NotFound):
        account_of_numen(parse_numen("12A3456789XYY"))
    row = Person.objects.get(pk=account.person_id)
    assert b"3456789" not in bytes(row.numen_sealed or b"")
    assert "3456789" not in (row.numen_index or "")
    facts = str(list(JournalEntry.objects.values())) + str([e.payload.facts for e in _with_payload()])
    assert "3456789" not in facts


def _with_payload() -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(payload__isnull=False).select_related("payload"))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x y@ac-rouen.example", BadAddress),
        ("a/b@ac-rouen.example", BadAddress),
        ("a@elsewhere.example", NotOurDomain),
        ("jean.martin@ac-rouen.example", AddressTaken),
    ],
)
def test_an_address_by_hand_is_checked(academy: Academy, text: str, error: type) -> None:
    person(academy)
    with pytest.raises(error):
        person(academy, "Other", "One", address=text)


def test_an_address_by_hand_and_a_key_that_is_not_the_address(academy: Academy) -> None:
    account = person(academy, address="dsi@ac-rouen.example", mailbox_key="u-0001@ac-rouen.example")
    assert live(account) == ["dsi@ac-rouen.example"]
    assert account.mailbox_key == "u-0001@ac-rouen.example"


def test_a_change_of_name_adds_an_address_and_keeps_the_key(academy: Academy) -> None:
    account = person(academy, "Anne", "Petit")
    actions.rename(account, "Anne", "Legrand", **WHY)
    account.refresh_from_db()
    assert primary_address(account) == "anne.legrand@ac-normandie.example"
    assert account.mailbox_key == "anne.petit@ac-normandie.example"
    assert "anne.petit@ac-rouen.example" in live(account)
    actions.rename(account, "Anne", "Petit", **WHY)
    assert primary_address(account) == "anne.petit@ac-normandie.example"
    assert len(live(account)) == 4


def test_a_retired_address_is_reserved_then_free_again(academy: Academy) -> None:
    actions.add_address(person(academy, "A", "B"), "dsi@ac-rouen.example", **WHY)
    holder = person(academy)
    with pytest.raises(AddressTaken):
        actions.add_address(holder, "dsi@ac-rouen.example", **WHY)
    actions.retire_address(account_with("a.b@ac-rouen.example"), "dsi@ac-rouen.example", **WHY)
    days = policy_for(academy).leaving.address_reserved_days
    until = NOW + timedelta(days=days)
    with pytest.raises(AddressTaken):
        actions.add_address(holder, "dsi@ac-rouen.example", **(WHY | {"now": until - timedelta(seconds=1)}))
    later: dict[str, Any] = WHY | {"now": until}
    actions.add_address(holder, "dsi@ac-rouen.example", **later)
    assert "dsi@ac-rouen.example" in live(holder)


def test_the_address_that_is_a_mailbox_key_is_given_to_nobody_else(academy: Academy) -> None:
    gone = person(academy)
    actions.close(gone, **WHY)
    days = policy_for(academy).leaving.address_reserved_days
    later: dict[str, Any] = WHY | {"now": NOW + timedelta(days=days, seconds=1)}
    heir = actions.create_account(academy, actions.NewAccount("Jean", "Martin"), **later)
    assert primary_address(heir) == heir.mailbox_key == "jean.martin1@ac-normandie.example"
    assert UsedMailboxKey.objects.filter(key__in=[heir.mailbox_key, gone.mailbox_key]).count() == 2


def test_a_primary_address_is_not_taken_back_an_alias_is(academy: Academy) -> None:
    account = person(academy)
    with pytest.raises(WrongState):
        actions.retire_address(account, "jean.martin@ac-normandie.example", **WHY)
    actions.retire_address(account, "jean.martin@ac-rouen.example", **WHY)
    assert live(account) == ["jean.martin@ac-normandie.example"]
    assert account_with("jean.martin@ac-rouen.example") == account


def test_another_domain_gives_everyone_its_alias(academy: Academy) -> None:
    account = person(academy)
    actions.add_domain(academy, "ac-caen.example", **WHY)
    assert "jean.martin@ac-caen.example" in live(account)


def test_the_life_of_an_account(academy: Academy) -> None:
    account = actions.activate(person(academy), **WHY)
    assert account.state == AccountState.ACTIVE
    account = actions.suspend(account, **WHY)
    assert account.state == AccountState.SUSPENDED
    account = actions.resume(account, **WHY)
    assert account.state == AccountState.ACTIVE
    account = actions.close(account, **WHY)
    assert account.state == AccountState.CLOSED
    for action in (actions.activate, actions.suspend, actions.resume):
        with pytest.raises(WrongState):
            action(account, **WHY)
    done = list(
        JournalEntry.objects.filter(target=f"account:{account.public_id}").values_list("action", flat=True)
    )
    assert done[1:] == ["account.activated", "account.suspended", "account.resumed", "account.closed"]


def test_an_invited_account_is_invited_again_after_a_suspension(academy: Academy) -> None:
    account = actions.resume(actions.suspend(person(academy), **WHY), **WHY)
    assert account.state == AccountState.INVITED


def test_doing_it_twice_changes_and_records_nothing(academy: Academy) -> None:
    account = actions.suspend(person(academy), **WHY)
    before = JournalEntry.objects.count(), OutboxEvent.objects.count()
    actions.suspend(account, **WHY)
    assert (JournalEntry.objects.count(), OutboxEvent.objects.count()) == before


def test_only_crossing_the_door_ends_connections(academy: Academy) -> None:
    account = actions.activate(person(academy), **WHY)
    assert not OutboxEvent.objects.filter(topic="account.access").exists()
    actions.suspend(account, **WHY)
    assert OutboxEvent.objects.filter(topic="account.access").count() == 1


def test_a_functional_mailbox_and_its_members(academy: Academy, school: School) -> None:
    mailbox = actions.create_functional_mailbox(academy, actions.NewMailbox("Monod", school), **WHY)
    assert mailbox.mailbox_key == f"ce.{UAI.lower()}@ac-normandie.example"
    reader, writer = person(academy, "Ada", "Un"), person(academy, "Bob", "Deux")
    actions.set_member(mailbox, reader, Role.READ, **WHY)
    actions.set_member(mailbox, writer, Role.ANSWER, **WHY)
    records = {
        account.public_id: account_record(account, policy_for(academy)) for account in accounts_to_publish()
    }
    address = f"ce.{UAI.lower()}@ac-rouen.example"
    assert address not in records[reader.public_id].addresses
    assert address in records[writer.public_id].addresses
    assert records[reader.public_id].shared == records[writer.public_id].shared == [mailbox.mailbox_key]
    actions.remove_member(mailbox, writer, **WHY)
    with pytest.raises(NotFound):
        actions.remove_member(mailbox, writer, **WHY)
    actions.close(reader, **WHY)
    assert not Membership.objects.exists()
    with pytest.raises(WrongState):
        actions.set_member(mailbox, Account.objects.get(pk=reader.pk), Role.READ, **WHY)


def test_a_school_has_one_ce_address(academy: Academy, school: School) -> None:
    actions.create_functional_mailbox(academy, actions.NewMailbox("Monod", school), **WHY)
    with pytest.raises(AddressTaken):
        actions.create_functional_mailbox(academy, actions.NewMailbox("Monod", school), **WHY)


def _published(account: Account) -> dict[str, str | None]:
    fresh = accounts_to_publish().get(pk=account.pk)
    return dict(account_records(fresh, policy_for(fresh.academy)))


def test_what_is_published_follows_the_state(academy: Academy) -> None:
    account = person(academy)
    address = "casier:address:jean.martin@ac-normandie.example"

    def delivery() -> str:
        text = _published(account)[address]
        return AddressState.loads(text).delivery if text else "nothing"

    assert delivery() == "pending"
    Account.objects.filter(pk=account.pk).update(provisioned_at=NOW)
    assert delivery() == "ready"
    actions.suspend(account, **WHY)
    # mail is still received
    assert delivery() == "ready"
    fresh = accounts_to_publish().get(pk=account.pk)
    record = account_record(fresh, policy_for(academy))
    assert (record.access, record.idle_seconds, record.attachment_bytes) == ("suspended", 1800, 100_000_000)
    actions.close(account, **WHY)
    assert delivery() == "nothing"
    assert _published(account)[f"casier:mailbox:{account.mailbox_key}"] == account.public_id


def test_a_functional_address_is_published(academy: Academy, school: School) -> None:
    mailbox = actions.create_functional_mailbox(academy, actions.NewMailbox("Monod", school), **WHY)
    keys = {key for key, value in mailbox_records(mailbox, policy_for(academy)) if value}
    assert keys == {f"casier:address:{address.address}" for address in Address.objects.all()}
