"""The engines follow the directory: a real Cyrus and Redis, an outbox, differences mended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.models import OutboxEvent
from casier.audit.wake import client
from casier.directory import actions
from casier.directory.models import Academy, Account, AccountState, FunctionalMailbox, Role
from casier.edge.tokens import Tokens
from casier.engines.cyrus.imap import ImapConnection
from casier.engines.cyrus.rights import Rights
from casier.engines.cyrus.store import FOLDERS, Store
from casier.engines.engine import Facts
from casier.engines.parts import part_named
from casier.kernel import published
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Instance
from casier.kernel.published import AddressState
from casier.mailbox.converging import converge
from casier.mailbox.differences import differences, repair
from casier.mailbox.stores import store_named
from casier.policies.api import Policy, adopt, shipped
from engines.daemons import supervised
from engines.private_instance import private_instance
from engines.store_alone import deleted
from waiting import within

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PARTS = [part_named(name) for name in ("syslog", "redis", "edge", "cyrus", "agent")]
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "test"}


@pytest.fixture(scope="module")
def engines() -> Iterator[Instance]:
    with private_instance() as instance, supervised(instance, PARTS, Facts()):
        yield instance


@pytest.fixture(autouse=True)
def _here(engines: Instance, settings: Any) -> Iterator[None]:
    """Point Django at the private instance, whose Redis and store each test finds empty of its own."""
    settings.CASIER_INSTANCE = engines
    settings.REDIS_SOCKET = engines.socket("redis", "casier", "redis.sock")
    client(settings.REDIS_SOCKET).flushdb()
    store_named.cache_clear()
    for key in store().list_mailboxes():
        deleted(store(), key)
        store().restore(key)
    yield
    store().close()


def store() -> Store:
    return store_named("store1")


@pytest.fixture
def academy() -> Academy:
    new = actions.NewAcademy(
        "tt", "T", "#1a5fb4", ("ac-t.example", "ac-u.example"), ("t.localhost",), shipped("amiens")
    )
    return actions.create_academy(new, now=now(), **WHY)


def now() -> datetime:
    return timezone.now()


def person(academy: Academy, given: str = "Jean", family: str = "Martin", **more: Any) -> Account:
    return actions.create_account(academy, actions.NewAccount(given, family, **more), now=now(), **WHY)


def delivery(settings: Any, address: str) -> str | None:
    text = client(settings.REDIS_SOCKET).get(published.address_key(address))
    return AddressState.loads(text).delivery if isinstance(text, bytes) else None


def found() -> list[tuple[str, str]]:
    return sorted((item.kind, item.target) for item in differences())


def test_a_new_account_gets_its_mailbox_and_then_its_address(academy: Academy, settings: Any) -> None:
    account = person(academy, mailbox_key="key.of.its.own@ac-t.example")
    assert delivery(settings, "jean.martin@ac-t.example") is None
    assert converge() > 0
    account.refresh_from_db()
    assert account.provisioned_at is not None
    assert store().folders(account.mailbox_key) == {"INBOX", *FOLDERS}
    assert store().quotas([account.mailbox_key]) == {account.mailbox_key: 5_000_000_000 // 1024 * 1024}
    with store().person(account.mailbox_key) as own:
        lines = own.run('LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE)').lines
    assert all(b"\\Subscribed" in line for line in lines)
    assert all(any(use.encode() in line for line in lines) for use in FOLDERS.values())
    for address in ("jean.martin@ac-t.example", "jean.martin@ac-u.example"):
        assert delivery(settings, address) == "ready"
    assert found() == []
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def test_without_a_store_mail_waits_and_the_work_is_kept(
    academy: Academy, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = person(academy)
    store().close()
    with monkeypatch.context() as patch:
        patch.setattr(store(), "_port", 1)
        converge()
        assert delivery(settings, "jean.martin@ac-t.example") == "pending"
        event = OutboxEvent.objects.get(topic="account.changed", done_at=None)
        assert "Unavailable" in event.last_error
        with pytest.raises(Unavailable):
            list(differences())
    OutboxEvent.objects.filter(pk=event.pk).update(next_try_at=now())
    converge()
    assert delivery(settings, "jean.martin@ac-t.example") == "ready"
    account.refresh_from_db()
    assert account.provisioned_at is not None


def until_cut(connection: ImapConnection) -> float:
    """When the store ended CONNECTION."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            connection.run("NOOP")
        except Unavailable:
            return time.monotonic()
    raise AssertionError("the connection was never ended")


def test_who_is_suspended_is_out_within_a_second_and_still_gets_mail(academy: Academy, settings: Any) -> None:
    account = person(academy)
    converge()
    redis = client(settings.REDIS_SOCKET)

    def suspend() -> float:
        if account.state == AccountState.SUSPENDED:  # a try before this one
            actions.resume(account, now=now(), **WHY)
            converge()
        with redis.pubsub(ignore_subscribe_messages=True) as ended:
            ended.subscribe(published.CHANNEL_ENDED)
            ended.get_message(timeout=1)
            with store().person(account.mailbox_key) as own:
                own.run("SELECT INBOX").expect()
                with ThreadPoolExecutor(1) as pool:
                    cut_at = pool.submit(until_cut, own)
                    begun = time.monotonic()
                    actions.suspend(account, now=now(), **WHY)
                    message = ended.get_message(timeout=1)
                    converge()
        assert message is not None
        assert message["data"] == account.public_id.encode()
        account.refresh_from_db()
        return cut_at.result() - begun

    within(1, suspend)
    with pytest.raises(Unavailable), store().person(account.mailbox_key):
        pass
    assert delivery(settings, "jean.martin@ac-t.example") == "ready"
    assert found() == []
    actions.resume(account, now=now(), **WHY)
    converge()
    with store().person(account.mailbox_key) as own:
        assert own.run("NOOP").ok


def test_an_account_suspended_before_its_mailbox_existed_gets_mail_all_the_same(
    academy: Academy, settings: Any
) -> None:
    account = person(academy)
    actions.suspend(account, now=now(), **WHY)
    converge()
    assert delivery(settings, "jean.martin@ac-t.example") == "ready"
    assert store().folders(account.mailbox_key) == {"INBOX", *FOLDERS}


def test_a_closed_account_leaves_no_address_and_keeps_its_mailbox(academy: Academy, settings: Any) -> None:
    account = person(academy)
    converge()
    actions.close(account, now=now(), **WHY)
    converge()
    assert delivery(settings, "jean.martin@ac-t.example") is None
    assert account.mailbox_key in store().list_mailboxes()
    assert found() == []


def test_members_of_a_functional_mailbox_have_their_rights_and_lose_them(academy: Academy) -> None:
    reader, writer = person(academy, "Ada", "Un"), person(academy, "Bob", "Deux")
    new = actions.NewMailbox("DSI", address="dsi@ac-t.example")
    mailbox = actions.create_functional_mailbox(academy, new, now=now(), **WHY)
    actions.set_member(mailbox, reader, Role.READ, now=now(), **WHY)
    actions.set_member(mailbox, writer, Role.ANSWER, now=now(), **WHY)
    converge()
    with store().person(writer.mailbox_key) as own:
        assert own.run('SELECT "Other Users/dsi@ac-t.example"').ok or own.run('SELECT "Other Users/dsi"').ok
    rights = store().rights([mailbox.mailbox_key])[mailbox.mailbox_key]
    assert set(rights[reader.mailbox_key]) == set("lr")
    assert "a" not in rights[writer.mailbox_key]
    actions.remove_member(mailbox, writer, now=now(), **WHY)
    converge()
    assert set(store().rights([mailbox.mailbox_key])[mailbox.mailbox_key]) == {reader.mailbox_key}
    assert found() == []


def test_a_new_policy_changes_quotas_and_what_is_published(academy: Academy, settings: Any) -> None:
    account = person(academy)
    converge()
    policy = Policy(mail=type(Policy().mail)(quota_bytes=7_000_000_000, attachment_bytes=100_000_000))
    adopt(academy, policy, now=now(), **WHY)
    assert {kind for kind, _ in found()} == {"quota", "published"}
    converge()
    assert store().quotas([account.mailbox_key])[account.mailbox_key] == 7_000_000_000 // 1024 * 1024
    assert found() == []


def test_every_difference_is_told_and_mended_and_a_second_time_changes_nothing(
    academy: Academy, settings: Any
) -> None:
    one, two, three = (person(academy, "P", family) for family in ("Un", "Deux", "Trois"))
    mailbox = actions.create_functional_mailbox(
        academy, actions.NewMailbox("S", address="s@ac-t.example"), now=now(), **WHY
    )
    converge()
    assert found() == []
    store().delete_mailbox(one.mailbox_key)
    store().set_quota(two.mailbox_key, 1_000_000)
    store().set_rights(mailbox.mailbox_key, Rights({three.mailbox_key: "lrs"}))
    store().ensure_mailbox("stranger@ac-t.example", 1_000_000)
    redis = client(settings.REDIS_SOCKET)
    redis.delete(published.account_key(three.public_id))
    redis.set(published.address_key("gone@ac-t.example"), AddressState("x", "store1").dumps())
    redis.srem(published.DOMAINS, "ac-u.example")
    assert found() == [
        ("domains", published.DOMAINS),
        ("mailbox.extra", "stranger@ac-t.example"),
        ("mailbox.missing", one.mailbox_key),
        ("published", published.account_key(three.public_id)),
        ("published", published.address_key("gone@ac-t.example")),
        ("quota", two.mailbox_key),
        ("rights", mailbox.mailbox_key),
    ]
    repair(list(differences()))
    converge()
    # what may hold someone's mail is told, not deleted
    assert found() == [("mailbox.extra", "stranger@ac-t.example")]
    assert repair(list(differences())) == 0


def test_a_message_is_put_where_it_belongs(academy: Academy) -> None:
    account = person(academy)
    converge()
    message = b"From: a@ac-t.example\r\nSubject: x\r\n\r\n" + b"x" * 100_000
    at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    store().append(account.mailbox_key, message, folder="Archive", at=at, flags=["\\Seen"])
    with store().person(account.mailbox_key) as own:
        own.run("SELECT Archive").expect()
        (line,) = own.run("FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE)").lines
    assert b"\\Seen" in line
    assert b'" 1-Sep-2026 08:00:00 +0000"' in line or b'"01-Sep-2026 08:00:00 +0000"' in line
    assert str(len(message)).encode() in line


def test_a_token_opens_one_mailbox_only(academy: Academy, engines: Instance) -> None:
    account, other = person(academy), person(academy, "Other", "One")
    converge()
    token = Tokens(engines.key("token")).make(other.mailbox_key, time.time())
    road = Store.of(engines, lambda _name: token)
    with pytest.raises(Unavailable), road.person(account.mailbox_key):
        pass
    with road.person(other.mailbox_key) as own:
        assert own.run("NOOP").ok


def test_functional_mailboxes_are_provisioned(academy: Academy, settings: Any) -> None:
    actions.create_functional_mailbox(
        academy, actions.NewMailbox("S", address="s@ac-t.example"), now=now(), **WHY
    )
    converge()
    assert FunctionalMailbox.objects.get().provisioned_at is not None
    assert delivery(settings, "s@ac-t.example") == "ready"
