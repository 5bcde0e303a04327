"""A real Cyrus: what the web client and the worker count on when messages are written, read and marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from casier.engines.cyrus.store import Store
from casier.mailbox.sending.jmap import Jmap, Session
from casier.mailbox.sending.originals import NO_REFERENCES, Original, References, find_original
from engines.store_alone import store_alone, store_of

pytestmark = pytest.mark.engines
WHO = "jean.martin@essai.test"
WHERE = {"accountId": WHO}
TEXT = {"textBody": [{"partId": "text", "type": "text/plain"}], "bodyValues": {"text": {"value": "Oui"}}}
FLOWS = "text/plain; charset=utf-8; format=flowed; delsp=yes"


@pytest.fixture(scope="module")
def store() -> Iterator[tuple[Store, Jmap]]:
    with store_alone() as instance, store_of(instance, WHO) as store:
        yield store, Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))


@pytest.fixture
def session(store: tuple[Store, Jmap]) -> Iterator[Session]:
    with store[1].acting_for(WHO) as session:
        yield session


def inbox(session: Session) -> str:
    rows = session.call(("Mailbox/get", {**WHERE, "properties": ["role"]}, "m"))["m"]["list"]
    return next(str(row["id"]) for row in rows if row["role"] == "inbox")


def make(session: Session, **more: Any) -> dict[str, Any]:
    """What Email/set answers about one new message."""
    email = {"mailboxIds": {inbox(session): True}, "subject": "Essai", **TEXT, **more}
    answer = session.call(("Email/set", {**WHERE, "create": {"e": email}}, "s"))["s"]
    found: dict[str, Any] = (answer.get("created") or answer["notCreated"])["e"]
    return found


def test_a_text_that_flows_says_so_of_its_part(store: tuple[Store, Jmap], session: Session) -> None:
    letter = f"Subject: Flot\r\nMIME-Version: 1.0\r\nContent-Type: {FLOWS}\r\n\r\nUn \r\n deux\r\n"
    with store[0].person(WHO) as own:
        own.run_all([f"APPEND INBOX {{{len(letter)}+}}\r\n".encode() + letter.encode()])[0].expect()
    get = {
        "properties": ["textBody", "bodyValues", "blobId"],
        "bodyProperties": ["partId", "header:Content-Type"],
        "fetchTextBodyValues": True,
    }
    query = {**WHERE, "filter": {"inMailbox": inbox(session)}}
    ids = {"resultOf": "q", "name": "Email/query", "path": "/ids"}
    answers = session.call(("Email/query", query, "q"), ("Email/get", {**WHERE, "#ids": ids, **get}, "g"))
    (email,) = answers["g"]["list"]
    parse = {**WHERE, "blobIds": [email["blobId"]], **get}
    parsed = session.call(("Email/parse", parse, "p"))["p"]["parsed"][email["blobId"]]
    for found in (email, parsed):
        (part,) = found["textBody"]
        assert part["header:Content-Type"].strip() == FLOWS
        assert found["bodyValues"][part["partId"]]["value"] == "Un \n deux\n"


def test_one_cannot_write_a_text_that_flows(session: Session) -> None:
    """Where this fails, Cyrus has learnt it: `format=flowed` can be written then."""
    said = {"partId": "text", "header:Content-Type": FLOWS}
    for part in (said, {**said, "type": "text/plain"}, {"partId": "text", "type": FLOWS}):
        assert make(session, textBody=[part])["type"] == "invalidProperties"


def test_lines_of_any_length_arrive_whole(session: Session) -> None:
    for line in ("mot " * 300 + "fin", "été " * 300 + "fin", "x" * 900):
        made = make(session, bodyValues={"text": {"value": line}})
        raw = b"".join(session.blob(WHO, made["blobId"]))
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        get = {**WHERE, "ids": [made["id"]], "properties": ["bodyValues"], "fetchTextBodyValues": True}
        (email,) = session.call(("Email/get", get, "g"))["g"]["list"]
        assert [value["value"] for value in email["bodyValues"].values()] == [line]


def test_a_message_in_blind_copy_alone_names_a_group_without_members(session: Session) -> None:
    group = [{"name": "undisclosed-recipients", "addresses": []}]
    blind = [{"name": None, "email": "a@b.fr"}]
    made = make(session, **{"header:To:asGroupedAddresses": group, "bcc": blind, "cc": None})
    raw = b"".join(session.blob(WHO, made["blobId"]))
    assert b"\r\nTo: undisclosed-recipients:" in raw
    (email,) = session.call(("Email/get", {**WHERE, "ids": [made["id"]], "properties": ["to"]}, "g"))["g"][
        "list"
    ]
    assert not email["to"]


def test_what_a_draft_answers_is_found_in_its_conversation(session: Session) -> None:
    question = make(session, messageId=["q@x.fr"], subject="Question")["id"]
    drawn = {"references": ["q@x.fr"], "keywords": {"$draft": True}}
    answer = make(session, **drawn, inReplyTo=["q@x.fr"], subject="Re: Question")["id"]
    passed_on = make(session, **drawn, subject="Fwd: Question")["id"]
    refers = References(("q@x.fr",), ("q@x.fr",))
    assert find_original(session, WHO, answer, refers) == Original(question, "$answered")
    assert find_original(session, WHO, passed_on, References((), ("q@x.fr",))) == Original(
        question, "$forwarded"
    )
    assert find_original(session, WHO, answer, References(("elsewhere@x.fr",))) is None
    assert find_original(session, WHO, answer, NO_REFERENCES) is None
