"""Redis that has lost everything: nothing is refused for good, and all of it is written again."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.wake import client
from casier.directory import actions
from casier.directory.models import Account
from casier.edge.maps import AddressMaps
from casier.edge.records import Records, app_password_mac, connect
from casier.edge.srs import Srs
from casier.identity.api import create_app_password
from casier.kernel import published
from casier.kernel.errors import Unavailable
from casier.mailbox.provisioning import publish_all, publish_what_was_lost
from engines.daemons import own_redis

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
ME = Actor.operator("test")
JEAN = "jean.martin@ac-rouen.example"


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """A Redis of its own."""
    with tempfile.TemporaryDirectory(prefix="casier-") as folder:
        path = Path(folder) / "redis.sock"
        with own_redis(path):
            yield path
            client(path).close()


@pytest.fixture
def jean(socket: Path, settings: Any) -> Account:
    settings.REDIS_SOCKET = socket
    client(socket).flushdb()
    now = timezone.now()
    new = actions.NewAcademy("rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("r.localhost",))
    academy = actions.create_academy(new, by=ME, reason="", now=now)
    account = actions.create_account(academy, actions.NewAccount("Jean", "Martin"), by=ME, reason="", now=now)
    Account.objects.update(provisioned_at=now)
    return account


def look_up(socket: Path, *requests: str) -> list[str]:
    """What Postfix is told for each of REQUESTS."""

    async def scene() -> list[str]:
        redis = connect(socket)
        maps = AddressMaps(Records(redis), {"store1": "lmtp:unix:/x"}, Srs(b"s" * 32))
        answers = [await maps.look_up(request, time.time()) for request in requests]
        await redis.aclose()
        return answers

    return asyncio.run(scene())


def test_what_redis_has_lost_waits_until_it_is_published_again(jean: Account, socket: Path) -> None:
    asked = (
        f"alias {JEAN}",
        "domain ac-rouen.example",
        "alias nobody@ac-rouen.example",
        "domain out.example",
    )
    publish_all()
    here = look_up(socket, *asked)
    assert here == [f"OK {JEAN}", "OK ac-rouen.example", "NOTFOUND ", "NOTFOUND "]
    client(socket).flushdb()
    # the probe writes its own records, whatever else is there
    client(socket).sadd(published.DOMAINS, "casier.invalid")
    assert {answer.split()[0] for answer in look_up(socket, *asked)} == {"TEMP"}
    assert publish_what_was_lost() == 1
    assert look_up(socket, *asked) == here
    assert publish_what_was_lost() == 0


def test_what_an_older_version_published_is_written_again(jean: Account, socket: Path) -> None:
    publish_all()
    redis, key = client(socket), published.account_key(jean.public_id)
    redis.set(published.COMPLETE, "1")
    redis.set(key, published.AccountState(jean.public_id, JEAN, "store1", "rouen").dumps())
    assert look_up(socket, "alias nobody@ac-rouen.example") == ["NOTFOUND "]  # nothing waits meanwhile
    assert publish_what_was_lost() == 1
    assert JEAN in published.AccountState.loads(redis.get(key) or b"").addresses
    assert publish_what_was_lost() == 0


def test_an_application_password_is_unknown_not_wrong(jean: Account, socket: Path, settings: Any) -> None:
    publish_all()
    made = create_app_password(jean, "tel", ME)
    mac = app_password_mac(made.password, settings.CASIER_INSTANCE.key("app-password"))

    def ask(digest: str) -> Any:
        async def scene() -> Any:
            redis = connect(socket)
            try:
                return await Records(redis).app_password(digest)
            finally:
                await redis.aclose()

        return asyncio.run(scene())

    assert ask(mac).account.mailbox_key == JEAN
    assert ask("0" * 64) is None
    client(socket).flushdb()
    with pytest.raises(Unavailable):
        ask(mac)
    publish_what_was_lost()
    assert ask(mac).account.mailbox_key == JEAN
