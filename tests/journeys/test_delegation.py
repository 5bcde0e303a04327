"""A mailbox opened to a colleague: by every road, as far as it was given and not a moment longer."""

from __future__ import annotations

import imaplib
import smtplib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casier.kernel.instance import Port
from journeys.jmap import Jmap, JmapFailure
from journeys.mailbox_filling import append, letter
from journeys.running import RunningInstance

OWNER = "marie-helene.le-goff@ac-normandie.fr"
DELEGATE = "sebastien.hamel@ac-normandie.fr"
STRANGER = "olivier.dharcourt@ac-normandie.fr"


def until(what: str, holds: Callable[[], Any], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


class Person:
    """Somebody with an application password, by SMTP, IMAP and JMAP."""

    def __init__(self, instance: RunningInstance, address: str) -> None:
        self.instance, self.address = instance, address
        self.password = instance.app_password(address, "délégation")
        self.key = instance.demo(address=address)["mailboxKey"]

    def smtp(self, author: str, *, sender: str = "", reply_to: str = "", envelope: str = "") -> int:
        """The answer to a message that shows AUTHOR, and SENDER beside."""
        lines = [f"From: <{author}>", f"To: <{STRANGER}>", "Subject: Essai"]
        lines += [f"Sender: <{sender}>"] if sender else []
        lines += [f"In-Reply-To: <{reply_to}>"] if reply_to else []
        lines += [f"Message-ID: <{time.time_ns()}@programme.example>", "", "Bonjour"]
        port = self.instance.port(Port.SMTPS)
        with smtplib.SMTP_SSL("localhost", port, context=self.instance.tls) as smtp:
            smtp.login(self.address, self.password)
            try:
                smtp.sendmail(envelope or self.address, [STRANGER], "\r\n".join(lines).encode())
            except smtplib.SMTPDataError as error:
                return int(error.smtp_code)
            except smtplib.SMTPSenderRefused as error:
                return int(error.smtp_code)
        return 250

    def jmap(self, account: str = "") -> Jmap:
        return Jmap(self.instance, self.address, account or self.key, self.password)

    def imap(self) -> imaplib.IMAP4_SSL:
        port = self.instance.port(Port.IMAPS)
        connection = imaplib.IMAP4_SSL("localhost", port, ssl_context=self.instance.tls)
        try:
            connection.login(self.address, self.password)
        except imaplib.IMAP4.error:
            connection.shutdown()
            raise
        return connection


@pytest.fixture(scope="module")
def owner(instance: RunningInstance) -> Person:
    return Person(instance, OWNER)


@pytest.fixture(scope="module")
def delegate(instance: RunningInstance) -> Person:
    return Person(instance, DELEGATE)


@pytest.fixture(autouse=True)
def closed_again(instance: RunningInstance) -> Iterator[None]:
    yield
    for row in instance.json("delegation", "list", "--person", OWNER):
        instance.casier("delegation", "end", row["id"], "--reason", "fin d’essai")


def grant(instance: RunningInstance, right: str, **more: str) -> str:
    options = {"until": (datetime.now(UTC) + timedelta(days=7)).isoformat(), "reason": "essai", **more}
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    row = instance.json("delegation", "grant", OWNER, DELEGATE, "--right", right, *flags)
    return str(row["id"])


def connected(who: Person) -> imaplib.IMAP4_SSL:
    """Connected by IMAP: what was cut is open again a moment later."""
    found: list[imaplib.IMAP4_SSL] = []

    def back() -> bool:
        try:
            found.append(who.imap())
        except (imaplib.IMAP4.error, OSError):
            return False
        return True

    until(f"{who.address} connects", back)
    return found[0]


def sees(who: Person, whose: Person) -> bool:
    answer = who.jmap().http.get("/jmap/").json()
    return whose.key in answer["accounts"]


def test_writing_by_a_mail_program(instance: RunningInstance, owner: Person, delegate: Person) -> None:
    behalf = {"sender": DELEGATE}
    assert delegate.smtp(OWNER) == delegate.smtp(OWNER, **behalf) == 554
    grant(instance, "organise")
    until("opened", lambda: sees(delegate, owner))
    assert delegate.smtp(OWNER, **behalf) == 554
    row = grant(instance, "behalf")
    until("given", lambda: delegate.smtp(OWNER, **behalf) == 250)
    assert delegate.smtp(OWNER) == 554
    assert delegate.smtp(OWNER, sender=OWNER) == 554
    assert delegate.smtp(OWNER, envelope=OWNER) == 554
    assert Person(instance, STRANGER).smtp(OWNER, sender=STRANGER) == 554
    instance.casier("delegation", "end", row, "--reason", "essai")
    assert delegate.smtp(OWNER, **behalf) == 554
    grant(instance, "as")
    until("given", lambda: delegate.smtp(OWNER) == 250)

    def sent() -> set[str]:
        written = instance.json("journal", "list", "-n", "200")
        return {line["facts"]["sender"] for line in written if line["action"] == "delegation.sent"}

    until("it is in the journal", lambda: sent() >= {DELEGATE, ""})


def test_writing_by_jmap(instance: RunningInstance, owner: Person, delegate: Person) -> None:
    jmap = delegate.jmap()
    draft = jmap.draft(STRANGER, "Au nom de", **{"from": [{"email": OWNER}]})
    named = draft | {"sender": [{"email": DELEGATE}]}
    with pytest.raises(JmapFailure):
        jmap.submit(named, STRANGER, OWNER)
    grant(instance, "behalf")
    until("opened", lambda: sees(delegate, owner))
    with pytest.raises(JmapFailure):
        jmap.submit(draft, STRANGER, OWNER)
    jmap.submit(named, STRANGER, OWNER)


def test_its_end_comes_by_itself_and_cuts_what_is_open(
    instance: RunningInstance, owner: Person, delegate: Person
) -> None:
    subject = f"Conseil d’administration {time.time_ns()}"
    append(instance, {"mailboxKey": owner.key, "address": OWNER}, letter(subject, text="Bonjour\n"))
    end = datetime.now(UTC) + timedelta(seconds=25)
    grant(instance, "behalf", until=end.isoformat())
    until("opened", lambda: sees(delegate, owner))
    open_connection = connected(delegate)
    shared = f'"Other Users/{owner.key.partition("@")[0]}"'
    assert open_connection.select(shared)[0] == "OK"
    assert delegate.smtp(OWNER, sender=DELEGATE) == 250
    until("its end", lambda: datetime.now(UTC) >= end)
    assert delegate.smtp(OWNER, sender=DELEGATE) == 554
    until("closed", lambda: not sees(delegate, owner), 5)

    def cut() -> bool:
        try:
            status, found = open_connection.fetch("1", "(BODY[TEXT])")
        except (imaplib.IMAP4.abort, imaplib.IMAP4.error, OSError):
            return True
        return status != "OK" or found == [None]

    until("the open connection ends", cut, 5)
    open_connection.shutdown()
    connection = connected(delegate)
    assert connection.select("INBOX")[0] == "OK"
    assert connection.select(shared)[0] == "NO"
    connection.logout()


def test_only_the_folders_that_were_given(instance: RunningInstance, owner: Person, delegate: Person) -> None:
    sent = owner.jmap().mailbox("sent")
    grant(instance, "read", folder=sent)
    until("opened", lambda: sees(delegate, owner))
    theirs = delegate.jmap(owner.key)
    (folders,) = theirs.call(("Mailbox/get", {"ids": None, "properties": ["role", "myRights"]}))
    assert [one["role"] for one in folders["list"] if one["myRights"]["mayReadItems"]] == ["sent"]
    inbox = owner.jmap().mailbox("inbox")
    (found,) = owner.jmap().call(("Email/query", {"filter": {"inMailbox": inbox}, "limit": 1}))
    (email,) = theirs.call(("Email/get", {"ids": found["ids"], "properties": ["subject"]}))
    assert email["list"] == []


def test_the_command_line_says_no_in_words(instance: RunningInstance) -> None:
    wrong = ("delegation", "grant", OWNER, OWNER, "--right", "read", "--until", "2026-12-31", "--reason", "x")
    with pytest.raises(AssertionError, match="bad_delegation"):
        instance.casier(*wrong)
    row = grant(instance, "read")
    listed = instance.json("delegation", "list")
    assert row in [one["id"] for one in listed]
