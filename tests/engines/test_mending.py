"""A real Cyrus, killed between a folder's index and its owner's conversations: mended, nothing twice."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from casier.audit.api import recent
from casier.engines.cyrus.engine import Cyrus
from casier.engines.cyrus.store import Store, Torn
from casier.engines.cyrus.torn import Mark, Marks
from casier.engines.supervise.control import Control
from casier.kernel.instance import Instance
from casier.mailbox.mending.looking import Period, remove_doubled
from casier.mailbox.mending.worker import LOOKS, Mending
from casier.mailbox.sending.jmap import Jmap
from engines.daemons import probed
from engines.store_alone import store_alone, store_of
from waiting import wait_until

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
COMMIT = b"\0\0\0\xff"  # what ends a transaction in a skiplist


@pytest.fixture(scope="module")
def engines() -> Iterator[Instance]:
    with store_alone() as instance:
        yield instance


@pytest.fixture(scope="module")
def store(engines: Instance) -> Iterator[Store]:
    with store_of(engines) as road:
        yield road


@pytest.fixture
def person(store: Store, request: pytest.FixtureRequest) -> str:
    """Somebody with an empty mailbox, each test another."""
    key = f"{request.node.name.replace('_', '-')[:60]}@essai.test"
    store.ensure_mailbox(key, 10**9)
    return key


def message(subject: str) -> bytes:
    named = f"Subject: {subject}\r\nMessage-ID: <{subject}@ailleurs.test>\r\n"
    return f"From: a@ailleurs.test\r\n{named}\r\nBonjour,\r\n".encode()


def deliver(engines: Instance, to: str, *subjects: str) -> None:
    with smtplib.LMTP(str(engines.socket("cyrus", "postfix", "lmtp.sock"))) as lmtp:
        for subject in subjects:
            lmtp.sendmail("a@ailleurs.test", [to], message(subject))


def stop(engines: Instance) -> None:
    Control(engines).stop("cyrus")


def start(engines: Instance) -> None:
    Control(engines).start("cyrus")
    wait_until("cyrus", lambda: probed(Cyrus(), engines))


def conversations(engines: Instance, store: Store, key: str) -> Path:
    """The person's conversations database."""
    with store.person(key) as own:
        (line,) = own.run('GETMETADATA INBOX "/shared/vendor/cmu/cyrus-imapd/uniqueid"').expect().lines
    unique = line.split(b'"')[-2].decode()
    users = engines.data / "cyrus" / "config" / "user" / "uuid"
    return users / unique[0] / unique[1] / unique / "conversations.db"


def tear(database: Path) -> None:
    """Take the last commit away: so it is left by a process that is killed just before."""
    content = database.read_bytes()
    assert b"skiplist file" in content[:32]
    assert content.endswith(COMMIT)
    with database.open("r+b") as file:
        file.truncate(len(content) - len(COMMIT))


def by_jmap(engines: Instance, key: str) -> tuple[list[str], list[str]]:
    """Subjects of what JMAP knows, and the ids that it names and doesn't know."""
    jmap = Jmap(engines.socket("cyrus", "nginx", "http.sock"), engines.key("jwt"))
    there = {"#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"}}
    asked = {"accountId": key, "properties": ["subject"], **there}
    with jmap.acting_for(key) as session:
        found = session.call(("Email/query", {"accountId": key}, "q"), ("Email/get", asked, "g"))["g"]
    return sorted(str(email["subject"]) for email in found["list"]), list(found["notFound"])


def by_imap(store: Store, key: str) -> int:
    with store.person(key) as own:
        (line, *_) = own.run("STATUS INBOX (MESSAGES)").expect().lines
    return int(line.rpartition(b" ")[2].strip(b")\r\n"))


def torn(engines: Instance, store: Store, key: str, subject: str) -> Torn:
    """Deliver SUBJECT, lose what Cyrus noted of it in the end, and start again; the mark that was made."""
    deliver(engines, key, subject)
    database = conversations(engines, store, key)
    stop(engines)
    tear(database)
    (engines.data / "cyrus" / "config" / "deliver.db").unlink()
    start(engines)
    by_jmap(engines, key)  # whoever opens it first
    (mark,) = wait_until("the mark", lambda: [found for found in store.torn() if found.mailbox == key])
    return mark


def lane(store: Store, at: datetime) -> Mending:
    return Mending(store, now=lambda: at)


def test_what_jmap_lost_is_known_again(engines: Instance, store: Store, person: str) -> None:
    deliver(engines, person, "before")
    mark = torn(engines, store, person, "lost")
    known, unknown = by_jmap(engines, person)
    assert (known, len(unknown)) == (["before"], 1)
    assert by_imap(store, person) == 2
    lane(store, mark.when).step()
    assert by_jmap(engines, person) == (["before", "lost"], [])
    assert mark in store.torn(), "until it was looked for what comes again"


def test_what_comes_again_is_there_once(engines: Instance, store: Store, person: str) -> None:
    mark = torn(engines, store, person, "again")
    deliver(engines, person, "again", "after")
    assert by_imap(store, person) == 3
    mending = lane(store, mark.when + LOOKS[-1])
    mending.step()
    assert by_jmap(engines, person) == (["after", "again"], [])
    assert by_imap(store, person) == 2
    assert mark not in store.torn()
    told = [entry for entry in recent(10) if entry.action == "message.doubled"]
    assert [entry.target for entry in told] == [f"mailbox:{person}"]


def test_what_was_stored_whole_and_not_noted_is_there_once(
    engines: Instance, store: Store, person: str
) -> None:
    deliver(engines, person, "whole")
    stop(engines)
    (engines.data / "cyrus" / "config" / "deliver.db").unlink()
    Control(engines).stop("syslog")
    Control(engines).start("syslog")
    start(engines)
    (mark,) = [found for found in store.torn() if found.mailbox == person]
    assert not mark.torn
    deliver(engines, person, "whole")
    assert by_imap(store, person) == 2
    lane(store, mark.when + LOOKS[-1]).step()
    assert by_jmap(engines, person) == (["whole"], [])


def test_the_one_that_was_read_stays(engines: Instance, store: Store, person: str) -> None:
    mark = torn(engines, store, person, "read")
    deliver(engines, person, "read")
    with store.person(person) as own:
        own.run("SELECT INBOX").expect()
        own.run("UID STORE 1 +FLAGS (\\Seen)").expect()
    assert remove_doubled(person, Period.around(mark.when, timezone.now()), store) == 1
    with store.person(person) as own:
        own.run("SELECT INBOX").expect()
        (line,) = own.run("UID FETCH 1:* (FLAGS)").expect().lines
    assert b"UID 1" in line
    assert b"\\Seen" in line
    store.forget_torn(mark.mark)


def test_a_person_s_own_copies_stay(engines: Instance, store: Store, person: str) -> None:
    deliver(engines, person, "mine")
    for _ in range(2):
        store.append(person, message("written"))
    with store.person(person) as own:
        own.run("SELECT INBOX").expect()
        own.run("UID COPY 1 INBOX").expect()
        own.run("UID COPY 1 Archive").expect()
    assert by_imap(store, person) == 4
    now = timezone.now()
    assert remove_doubled(person, Period.around(now, now), store) == 0
    assert by_imap(store, person) == 4


def test_of_a_suspended_person_too(engines: Instance, store: Store, person: str) -> None:
    mark = torn(engines, store, person, "out")
    deliver(engines, person, "out")
    store.cut(person)
    try:
        lane(store, mark.when + LOOKS[-1]).step()
    finally:
        store.restore(person)
    assert by_imap(store, person) == 1
    assert by_jmap(engines, person) == (["out"], [])


def test_of_a_mailbox_that_is_gone_nothing_is_kept(engines: Instance, store: Store) -> None:
    marks, mark = Marks.of(engines), Mark("nobodysid", timezone.now() - timedelta(hours=1))
    marks.make(mark)
    assert store.torn() == []
    assert marks.all() == []
