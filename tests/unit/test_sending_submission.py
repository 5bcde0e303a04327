"""What Cyrus is asked, what its answers mean, and that nothing is sent twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casier.mailbox.sending import evidence, submission
from casier.mailbox.sending.jmap import Answers, Call, Jmap, NoAnswer, NotReached, _answers
from casier.mailbox.sending.submission import Later, Message, Outcome, Refused, Sent, Unknown

KEY = "claire@ac-rouen.fr"
FOLDERS = [{"id": "d", "role": "drafts"}, {"id": "s", "role": "sent"}, {"id": "i", "role": "inbox"}]


class Cyrus(Jmap):
    """Answers like Cyrus, and remembers what it was asked."""

    def __init__(self, submitted: object = None, filed: bool = False, gone: bool = False) -> None:
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "submitted", submitted or {"created": {"s": {"id": "S1"}}})
        object.__setattr__(self, "filed", filed)
        object.__setattr__(self, "gone", gone)

    asked: list[Call]

    def call(self, person: str, *calls: Call) -> Answers:
        assert person == KEY
        self.asked.extend(calls)
        return Answers({tag: self._answer(name) for name, _, tag in calls})

    def _answer(self, name: str) -> dict[str, Any]:
        if name == "EmailSubmission/set":
            if isinstance(self.submitted, Exception):
                raise self.submitted
            return self.submitted
        email = {
            "id": "M1",
            "mailboxIds": {"s" if self.filed else "d": True},
            "keywords": {} if self.filed else {"$draft": True},
            "messageId": ["one@localhost"],
        }
        answers: dict[str, dict[str, Any]] = {
            "Mailbox/get": {"list": FOLDERS},
            "Email/get": {"list": [] if self.gone else [email]},
            "Identity/get": {"list": [{"id": KEY}]},
            "EmailSubmission/query": {"ids": []},
            "Email/set": {"updated": {"M1": None}},
        }
        return answers[name]

    def names(self) -> list[str]:
        return [name for name, _, _ in self.asked]


def submit(cyrus: Cyrus, *, tried: bool = False, accepted: bool = False) -> Outcome:
    message = Message(KEY, KEY, "M1", KEY, ("a@b.fr", "c@d.fr"), tried)
    return submission.submit(cyrus, message, lambda _: accepted)


def test_a_draft_is_submitted_and_filed_in_one_request() -> None:
    cyrus = Cyrus()
    assert submit(cyrus) == Sent()
    _, arguments, _ = cyrus.asked[-1]
    assert arguments["create"]["s"]["envelope"] == {
        "mailFrom": {"email": KEY},
        "rcptTo": [{"email": "a@b.fr"}, {"email": "c@d.fr"}],
    }
    assert arguments["onSuccessUpdateEmail"]["#s"] == {
        "keywords/$draft": None,
        "keywords/$seen": True,
        "mailboxIds/s": True,
        "mailboxIds/d": None,
    }


def test_what_has_left_is_filed_and_not_sent_again() -> None:
    cyrus = Cyrus()
    assert submit(cyrus, tried=True, accepted=True) == Sent()
    assert "EmailSubmission/set" not in cyrus.names()
    assert cyrus.names()[-1] == "Email/set"


def test_what_is_filed_already_needs_nothing() -> None:
    cyrus = Cyrus(filed=True)
    assert submit(cyrus, tried=True) == Sent()
    assert cyrus.names()[-1] == "EmailSubmission/query"


def test_what_has_not_left_is_sent() -> None:
    cyrus = Cyrus()
    assert submit(cyrus, tried=True) == Sent()
    assert cyrus.names().count("EmailSubmission/set") == 1


def test_a_deleted_draft_is_not_sent() -> None:
    assert submit(Cyrus(gone=True)) == Refused("draftGone")


@pytest.mark.parametrize(
    ("kind", "text", "outcome"),
    [
        ("forbiddenToSend", "5.7.1 virus [R-BDUT-HQ4G]", Refused),
        ("invalidRecipients", "", Refused),
        ("smtpProtocolError", "5.1.3 Bad recipient address syntax", Refused),
        ("forbiddenToSend", "451 4.7.1 scanner unavailable", Later),
        ("serverFail", "", Later),
        ("tooManyRecipients", "4.3.0 try again later", Later),
    ],
)
def test_each_answer_has_its_meaning(kind: str, text: str, outcome: type[Outcome]) -> None:
    error = {"created": None, "notCreated": {"s": {"type": kind, "description": text}}}
    assert isinstance(submit(Cyrus(error)), outcome)


def test_silence_is_not_an_answer() -> None:
    assert isinstance(submit(Cyrus(NoAnswer())), Unknown)
    assert isinstance(submit(Cyrus(NotReached())), Later)


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
