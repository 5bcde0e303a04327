"""What Cyrus is asked and when, and that nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from casier.mailbox.sending import evidence, submission
from casier.mailbox.sending.folders import KEPT_SECONDS, KnownFolders
from casier.mailbox.sending.jmap import Answers, Call, Jmap, NoAnswer, NotReached, _answers
from casier.mailbox.sending.originals import Original
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent, Unfiled, Unknown
from casier.mailbox.sending.submission import Message, Roads
from casier.mailbox.sending.transport import Content, Envelope, Transport

KEY = "claire@ac-rouen.fr"
FOLDERS = [{"id": "d", "role": "drafts"}, {"id": "s", "role": "sent"}, {"id": "i", "role": "inbox"}]
TO = ("a@b.fr", "c@d.fr")


class Cyrus:
    """Answers like Cyrus, and remembers what it was asked."""

    def __init__(
        self, filed: bool = False, gone: bool = False, failing: dict[str, Exception] | None = None
    ) -> None:
        self.filed, self.gone, self.failing = filed, gone, failing or {}
        self.asked: list[Call] = []
        self.folders = FOLDERS
        self.submissions: list[str] = []
        self.refers: dict[str, list[str]] = {}
        # The other messages of the draft's conversation: id, Message-ID, keywords.
        self.thread: list[tuple[str, str, dict[str, bool]]] = []
        self.marked: dict[str, dict[str, Any]] = {}

    @contextmanager
    def acting_for(self, person: str) -> Iterator[Cyrus]:
        assert person == KEY
        yield self

    def call(self, *calls: Call) -> Answers:
        self.asked.extend(calls)
        return Answers({tag: self._answer(name, arguments) for name, arguments, tag in calls})

    def blob(self, account: str, blob_id: str) -> Iterator[bytes]:
        if error := self.failing.get("blob"):
            raise error
        return iter([f"{account} {blob_id}".encode()])

    def _answer(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if error := self.failing.get(name):
            raise error
        return cast("dict[str, Any]", getattr(self, name.replace("/", "_").lower())(arguments))

    def mailbox_get(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"list": self.folders}

    def thread_get(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"list": [{"id": "T1", "emailIds": ["M1", *(one for one, _, _ in self.thread)]}]}

    def email_get(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if "#ids" in arguments:
            own = ("M1", "one@localhost", {"$draft": True})
            rows = [own, *self.thread]
            return {
                "list": [{"id": one, "messageId": [name], "keywords": marks} for one, name, marks in rows]
            }
        email = {
            "inReplyTo": None,
            "references": None,
            "threadId": "T1",
            "id": "M1",
            "blobId": "G1",
            "mailboxIds": {"s" if self.filed else "d": True},
            "keywords": {} if self.filed else {"$draft": True},
            "messageId": ["one@localhost"],
            **self.refers,
        }
        wanted = {"id", *arguments["properties"]}
        return {"list": [] if self.gone else [{name: email[name] for name in wanted}]}

    def emailsubmission_query(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ids": self.submissions}

    def email_set(self, arguments: dict[str, Any]) -> dict[str, Any]:
        known = {f"mailboxIds/{folder['id']}" for folder in self.folders} | {
            "keywords/$draft",
            "keywords/$seen",
        }
        if not set(arguments["update"]["M1"]) <= known:
            return {"updated": None, "notUpdated": {"M1": {"type": "invalidProperties"}}}
        self.marked = {one: patch for one, patch in arguments["update"].items() if one != "M1"}
        refused = {one: {"type": "notFound"} for one in self.marked if one.startswith("gone")}
        return {"updated": {"M1": None}, "notUpdated": refused}

    def names(self) -> list[str]:
        return [name for name, _, _ in self.asked]


class Postfix:
    """Takes what is handed in, or answers as it is told to."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.outcome = outcome or Sent()
        self.took: list[tuple[Envelope, bytes]] = []

    def hand_over(self, envelope: Envelope, content: Content) -> Outcome:
        self.took.append((envelope, b"".join(content())))
        return self.outcome


def submit(
    cyrus: Cyrus,
    postfix: Postfix | None = None,
    *,
    tried: bool = False,
    left: bool = False,
    accepted: Callable[[str], bool] = lambda _: False,
    known: KnownFolders | None = None,
    original: Original | None = None,
) -> Outcome:
    roads = Roads(
        cast("Jmap", cyrus), cast("Transport", postfix or Postfix()), accepted, known or KnownFolders()
    )
    return submission.submit(roads, Message(KEY, KEY, "M1", KEY, TO, tried, left, original=original))


def test_a_draft_is_handed_in_and_then_filed() -> None:
    cyrus, postfix = Cyrus(), Postfix()
    assert submit(cyrus, postfix) == Sent()
    assert postfix.took == [(Envelope(KEY, KEY, TO), f"{KEY} G1".encode())]
    name, arguments, _ = cyrus.asked[-1]
    assert name == "Email/set"
    assert arguments["update"]["M1"] == {
        "keywords/$draft": None,
        "keywords/$seen": True,
        "mailboxIds/s": True,
        "mailboxIds/d": None,
    }


ANSWERED, FORWARDED = {"keywords/$answered": True}, {"keywords/$forwarded": True}


@pytest.mark.parametrize(("keyword", "patch"), [("$answered", ANSWERED), ("$forwarded", FORWARDED)])
def test_what_it_answers_is_marked_as_it_is_filed_and_not_before(keyword: str, patch: object) -> None:
    cyrus = Cyrus()
    assert submit(cyrus, Postfix(Later("451")), original=Original("Q1", keyword)) == Later("451")
    assert submit(cyrus, Postfix(Refused("message")), original=Original("Q1", keyword)) == Refused("message")
    assert "Email/set" not in cyrus.names()
    assert submit(cyrus, original=Original("Q1", keyword)) == Sent()
    assert cyrus.marked == {"Q1": patch}


def test_an_original_that_is_gone_holds_nothing_up() -> None:
    cyrus = Cyrus()
    assert submit(cyrus, original=Original("gone1", "$answered")) == Sent()


def test_where_nobody_said_what_it_answers_the_conversation_tells() -> None:
    cyrus = Cyrus()
    cyrus.thread = [("Q0", "zero@x", {}), ("Q1", "question@x", {}), ("Q2", "question@x", {"$draft": True})]
    cyrus.refers = {"inReplyTo": ["question@x"], "references": ["zero@x", "question@x"]}
    assert submit(cyrus) == Sent()
    assert cyrus.marked == {"Q1": ANSWERED}
    # What is passed on is referred to and not answered.
    cyrus.refers = {"references": ["question@x", "zero@x"]}
    assert submit(cyrus) == Sent()
    assert cyrus.marked == {"Q0": FORWARDED}
    # It lies in another mailbox.
    cyrus.refers = {"inReplyTo": ["elsewhere@x"]}
    assert submit(cyrus) == Sent()
    assert cyrus.marked == {}


def test_a_new_message_asks_about_no_conversation() -> None:
    cyrus = Cyrus()
    submit(cyrus)
    assert "Thread/get" not in cyrus.names()
    assert cyrus.marked == {}


def test_the_folders_are_asked_for_once_in_a_while() -> None:
    now = [0.0]
    known = KnownFolders(lambda: now[0])
    asked = []
    for _ in range(2):
        cyrus = Cyrus()
        assert submit(cyrus, known=known) == Sent()
        asked.append(cyrus.names())
    now[0] = KEPT_SECONDS
    cyrus = Cyrus()
    assert submit(cyrus, known=known) == Sent()
    assert asked == [["Mailbox/get", "Email/get", "Email/set"], ["Email/get", "Email/set"]]
    assert cyrus.names() == asked[0]


def test_a_folder_that_is_no_more_is_asked_for_again() -> None:
    known = KnownFolders()
    known.learn(KEY, KEY, [{"id": "d", "role": "drafts"}, {"id": "old", "role": "sent"}])
    cyrus, postfix = Cyrus(), Postfix()
    assert submit(cyrus, postfix, known=known) == Sent()
    assert cyrus.names() == ["Email/get", "Email/set", "Mailbox/get", "Email/get", "Email/set"]
    assert "mailboxIds/s" in cyrus.asked[-1][1]["update"]["M1"]
    assert len(postfix.took) == 1


def test_what_cannot_be_filed_has_left_all_the_same() -> None:
    for error in (NoAnswer(), NotReached()):
        assert isinstance(submit(Cyrus(failing={"Email/set": error})), Unfiled)


def test_what_has_left_is_filed_and_not_sent_again() -> None:
    witnesses: list[dict[str, Any]] = [
        {"tried": True, "accepted": lambda _: True},
        {"tried": True, "left": True},
    ]
    for witness in witnesses:
        cyrus, postfix = Cyrus(), Postfix()
        assert submit(cyrus, postfix, **witness) == Sent()
        assert postfix.took == []
        assert cyrus.names()[-1] == "Email/set"
    cyrus, postfix = Cyrus(), Postfix()
    cyrus.submissions = ["S1"]
    assert submit(cyrus, postfix, tried=True) == Sent()
    assert postfix.took == []


def test_what_has_left_and_cannot_be_filed_is_not_sent_again_either() -> None:
    down = Cyrus(failing={"Email/get": NotReached()})
    assert isinstance(submit(down, tried=True, left=True), Unfiled)
    assert submit(Cyrus(gone=True), tried=True, left=True) == Sent()


def test_what_is_filed_already_needs_nothing() -> None:
    cyrus, postfix = Cyrus(filed=True), Postfix()
    assert submit(cyrus, postfix, tried=True) == Sent()
    assert "Email/set" not in cyrus.names()
    assert postfix.took == []


def test_what_has_not_left_is_sent() -> None:
    postfix = Postfix()
    assert submit(Cyrus(), postfix, tried=True) == Sent()
    assert len(postfix.took) == 1


def test_a_deleted_draft_is_not_sent() -> None:
    postfix = Postfix()
    assert submit(Cyrus(gone=True), postfix) == Refused("draftGone")
    assert postfix.took == []


@pytest.mark.parametrize(
    "outcome", [Refused("recipient", "554 5.1.1 <a@b.fr>: no"), Later("451"), Unknown("cut")]
)
def test_what_postfix_says_stands_and_the_draft_stays_where_it_is(outcome: Outcome) -> None:
    cyrus = Cyrus()
    assert submit(cyrus, Postfix(outcome)) == outcome
    assert "Email/set" not in cyrus.names()


def test_a_store_that_does_not_answer_has_sent_nothing_yet() -> None:
    for error in (NoAnswer(), NotReached()):
        assert isinstance(submit(Cyrus(failing={"Email/get": error})), Later)
        assert isinstance(submit(Cyrus(failing={"blob": error})), Later)
        assert isinstance(submit(Cyrus(failing={"Email/get": error}), tried=True), Unknown)


def test_a_status_tells_whether_anything_was_done() -> None:
    with pytest.raises(NotReached):
        _answers(401, b"")
    with pytest.raises(NoAnswer):
        _answers(500, b"")
    body = b'{"methodResponses": [["EmailSubmission/set", {"a": 1}, "s"], ["Email/set", {"b": 2}, "s"]]}'
    assert _answers(200, body)["s"] == {"a": 1}
    with pytest.raises(NoAnswer):
        _answers(200, b'{"methodResponses": [["error", {"type": "serverFail"}, "s"]]}')["s"]


LOG = """\
Nov 21 23:40:56 host postfix/cleanup[26797]: 58C04272051: message-id=<taken@localhost>
Nov 21 23:40:57 host postfix/qmgr[26713]: 58C04272051: from=<a@b.fr>, size=626, nrcpt=1 (queue active)
Nov 21 23:41:01 host postfix/cleanup[26797]: 031602727D3: message-id=<virus@localhost>
Nov 21 23:41:01 host postfix/cleanup[26797]: 031602727D3: milter-reject: END-OF-MESSAGE from localhost
"""


def test_the_transports_log_is_the_last_witness(tmp_path: Path) -> None:
    log = tmp_path / "postfix.log"
    log.write_text(LOG)
    assert evidence.was_accepted(log, "taken@localhost")
    assert evidence.was_accepted(log, "<taken@localhost>")
    assert not evidence.was_accepted(log, "virus@localhost")
    assert not evidence.was_accepted(log, "other@localhost")
    assert not evidence.was_accepted(tmp_path / "none.log", "taken@localhost")
    log.rename(tmp_path / "postfix.log.1")
    assert evidence.was_accepted(log, "taken@localhost")
