"""A message that is put off: the store brings it back by itself, where and as it was told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from casier.edge.bearer import make_jwt
from casier.kernel.instance import Instance
from engines.store_alone import store_alone, store_of
from waiting import wait_until

pytestmark = pytest.mark.engines
WHO = "jean.martin@essai.test"
USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "https://cyrusimap.org/ns/jmap/mail"]
MINUTE_AND_A_BIT = 80  # the store looks once a minute
LETTER = b"From: ecole@essai.test\r\nSubject: Plus tard\r\n\r\nBonjour\r\n"


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with store_alone() as instance:
        with store_of(instance, WHO) as store:
            store.append(WHO, LETTER, flags=("\\Seen",))
        yield instance


def jmap(instance: Instance, method: str, **arguments: Any) -> dict[str, Any]:
    """What the store answers to one method, as to nginx after the edge."""
    road = httpx.HTTPTransport(uds=str(instance.socket("cyrus", "nginx", "http.sock")))
    token = make_jwt(WHO, instance.key("jwt"), time.time())
    with httpx.Client(transport=road, base_url="http://localhost", timeout=20) as client:
        calls = [[method, {"accountId": WHO, **arguments}, "0"]]
        answer = client.post(
            "/jmap/",
            json={"using": USING, "methodCalls": calls},
            headers={"Authorization": f"Bearer {token}"},
        )
    ((name, said, _),) = answer.raise_for_status().json()["methodResponses"]
    assert name == method, said
    return dict(said)


def test_it_comes_back_by_itself_unread_and_can_be_had_back_before(instance: Instance) -> None:
    boxes = jmap(instance, "Mailbox/get", ids=None, properties=["role"])["list"]
    inbox = next(box["id"] for box in boxes if box["role"] == "inbox")
    new = {"waiting": {"name": "En attente", "parentId": None, "role": "snoozed", "isSubscribed": True}}
    waiting = jmap(instance, "Mailbox/set", create=new)["created"]["waiting"]["id"]
    (email,) = jmap(instance, "Email/query")["ids"]

    def put_off(until: datetime) -> None:
        snoozed = {
            "until": f"{until:%Y-%m-%dT%H:%M:%SZ}", "moveToMailboxId": inbox,
            "setKeywords": {"$seen": False, "$new": True},
        }  # fmt: skip
        patch = {f"mailboxIds/{waiting}": True, f"mailboxIds/{inbox}": None, "snoozed": snoozed}
        done = jmap(instance, "Email/set", update={email: patch})
        assert email in done["updated"], done

    def state() -> tuple[list[str], set[str], bool]:
        (one,) = jmap(instance, "Email/get", ids=[email], properties=["mailboxIds", "keywords", "snoozed"])[
            "list"
        ]
        return list(one["mailboxIds"]), set(one["keywords"]), one["snoozed"] is not None

    put_off(datetime.now(UTC) + timedelta(days=1))
    assert state() == ([waiting], {"$seen"}, True)
    back = {f"mailboxIds/{inbox}": True, f"mailboxIds/{waiting}": None, "snoozed": None}
    assert email in jmap(instance, "Email/set", update={email: back})["updated"]
    assert state() == ([inbox], {"$seen"}, False)
    put_off(datetime.now(UTC) + timedelta(seconds=2))
    wait_until("the message to be back", lambda: state()[0] == [inbox], MINUTE_AND_A_BIT)
    assert state()[1] == {"$new"}
