"""What lies in the mailboxes of a running demo instance, seen by IMAP and JMAP as its owners see it.

Run inside a root: `python -m roots.mailboxes furnish FILE` adds mail of every kind and writes down who has a
mailbox; `python -m roots.mailboxes photograph FILE` prints everything there is as JSON.
"""

from __future__ import annotations

import hashlib
import imaplib
import json
import re
import smtplib
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from casier.edge.tokens import Tokens
from casier.engines.cyrus.deleted import DeletedMail
from casier.engines.cyrus.store import Store
from casier.kernel.instance import DEFAULT_ROOT, Port
from journeys.jmap import Jmap
from journeys.running import RunningInstance
from waiting import wait_until

FOLDER = "&AMk-l&AOg-ves &- parents"  # « Élèves & parents », as IMAP spells it
RARE = "ornithorynque"
WORDS = (RARE, "ptérodactyle", "réunion", "circulaire", "demain")
OLD = '"03-Sep-2001 07:08:09 +0200"'
_UID = re.compile(rb"UID (\d+)")
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
_DATE = re.compile(rb'INTERNALDATE "([^"]*)"')
_LISTED = re.compile(rb'\(([^)]*)\) "?.*?"? (?:"(.+)"|(\S+))$')


class Owner(NamedTuple):
    """Somebody with a mailbox, and an application password that was made for them."""

    address: str
    key: str
    password: str


def imap(running: RunningInstance, owner: Owner) -> imaplib.IMAP4_SSL:
    """Signed in as OWNER, with the certificate checked."""
    connection = imaplib.IMAP4_SSL("localhost", running.port(Port.IMAPS), ssl_context=running.tls)
    connection.login(owner.address, owner.password)
    return connection


def letter(to: str, word: str, number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "dehors@ailleurs.test", to
    message["Subject"], message["Message-ID"] = f"Lettre {number}", f"<{uuid4().hex}@ailleurs.test>"
    # the word stands alone: after an apostrophe the index has it as one with what is before it
    message.set_content(f"Bonjour,\n\nVoici un {word}, numéro {number}.\n")
    name = f"pièce {number}.pdf"
    message.add_attachment(b"\x00\xff" * 500, maintype="application", subtype="pdf", filename=name)
    return message


# Furnish -----------------------------------------------------------------------------------------
def furnish(running: RunningInstance) -> list[Owner]:
    """Add delivered mail, flags, a folder and gaps to the first person's mailbox; who has one."""
    running.demo()
    owners = [
        Owner(row["address"], row["mailboxKey"], running.app_password(row["address"], "passage"))
        for row in running.accounts
    ]
    first = owners[0]
    with smtplib.SMTP("localhost", running.port(Port.SMTP)) as smtp:
        for number in range(6):
            smtp.send_message(letter(first.address, WORDS[number % 2], number))
    with imap(running, first) as connection:
        sent = ("INBOX", "FROM", "ailleurs.test")
        wait_until("six letters", lambda: len(_numbers(connection, *sent)) >= 6, 60)
        mark_and_move(connection)
    appointment(running, first)
    wait_until("what was expunged to be listed", lambda: deleted(running, first), 30)
    return owners


def mark_and_move(connection: imaplib.IMAP4) -> None:
    """Flags of every kind, a copy, a message of long ago, one marked for deletion and one gone."""
    numbers = _numbers(connection, "INBOX", "FROM", "ailleurs.test")
    flags = ("\\Flagged", "\\Seen \\Answered", "$Forwarded casier-essai", "\\Deleted", "\\Deleted")
    for number, flag in zip(numbers, flags, strict=False):
        _ok(connection.uid("STORE", number, "+FLAGS", f"({flag})"))
    _ok(connection.uid("EXPUNGE", numbers[4]))
    _ok(connection.create(f'"{FOLDER}"'))
    _ok(connection.uid("COPY", ",".join(numbers[:3]), f'"{FOLDER}"'))
    old = letter("ancien@ailleurs.test", RARE, 2001).as_bytes(policy=SMTP)
    _ok(connection.append(f'"{FOLDER}"', "(\\Seen \\Draft)", OLD, old))


EVENT = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Essai//FR\r
BEGIN:VEVENT\r
UID:passage\r
DTSTAMP:20260901T080000Z\r
DTSTART:20261204T130000Z\r
DTEND:20261204T140000Z\r
SUMMARY:Conseil de passage\r
END:VEVENT\r
END:VCALENDAR\r
"""


def appointment(running: RunningInstance, owner: Owner, content: str = EVENT) -> str:
    """Write an appointment into OWNER's agenda where CONTENT is given; what is there under its name."""
    url = f"{running.web_url()}/dav/calendars/user/{owner.key}/Default/passage.ics"
    with httpx.Client(verify=running.tls, auth=(owner.address, owner.password)) as client:
        if content:
            answer = client.put(url, content=content, headers={"Content-Type": "text/calendar"})
            assert answer.status_code in {200, 201, 204}, answer.text
        return client.get(url).raise_for_status().text


def deleted(running: RunningInstance, owner: Owner) -> list[str]:
    """What was deleted for good from OWNER's inbox and can be had back, with what it says."""
    tokens = Tokens(running.layout.key("token"))
    store = Store.of(running.layout, lambda user: tokens.make(user, time.time()))
    box = DeletedMail(store, owner.key)
    found = [
        f"{one.uid} {one.subject} {_digest(box.message('INBOX', one.uid))}" for one in box.expunged("INBOX")
    ]
    store.close()
    return found


# Photograph --------------------------------------------------------------------------------------
def photograph(running: RunningInstance, owners: list[Owner]) -> dict[str, Any]:
    """Every folder that each of OWNERS sees, every message in it, and what searches find."""
    seen: dict[str, Any] = {}
    for owner in owners:
        with imap(running, owner) as connection:
            folders = {name: _folder(connection, name) for name in _folders(connection)}
        seen[owner.address] = {"folders": folders, "jmap": _found_by_jmap(running, owner)}
    seen[owners[0].address]["appointment"] = appointment(running, owners[0], "")
    seen[owners[0].address]["deleted"] = deleted(running, owners[0])
    return seen


def _folders(connection: imaplib.IMAP4) -> Iterator[str]:
    for row in connection.list()[1]:
        assert isinstance(row, bytes)
        found = _LISTED.fullmatch(row)
        assert found, row
        if b"\\noselect" not in found[1].lower():
            yield (found[2] or found[3]).decode()


def _folder(connection: imaplib.IMAP4, name: str) -> dict[str, Any]:
    _ok(connection.select(f'"{name}"', readonly=True))
    validity = connection.response("UIDVALIDITY")[1][0]
    answer = connection.fetch("1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]
    return {
        "uidvalidity": int(validity or 0),
        "messages": dict(_message(answer, at) for at, row in enumerate(answer) if isinstance(row, tuple)),
        "found": {word: _search(connection, word) for word in WORDS},
    }


def _message(answer: list[Any], at: int) -> tuple[str, list[str]]:
    """UID, and flags, internal date, size and digest of one message. Attributes may follow the content."""
    attributes, content = answer[at]
    after = answer[at + 1] if at + 1 < len(answer) and isinstance(answer[at + 1], bytes) else b""
    said = attributes + b" " + after
    uid, flags, date = _UID.search(said), _FLAGS.search(said), _DATE.search(said)
    assert uid, said
    assert flags, said
    assert date, said
    kept = sorted(set(flags[1].decode().split()) - {"\\Recent"})
    return uid[1].decode(), [" ".join(kept), date[1].decode(), str(len(content)), _digest(content)]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _search(connection: imaplib.IMAP4, word: str) -> list[str]:
    # imaplib sends what lies here after the command: its only way to say a word in UTF-8
    connection.literal = word.encode()
    status, rows = connection.uid("SEARCH", "CHARSET", "UTF-8", "BODY")
    assert status == "OK", rows
    return [number.decode() for number in (rows[0] or b"").split()]


def _found_by_jmap(running: RunningInstance, owner: Owner) -> dict[str, list[str]]:
    jmap = Jmap(running, owner.address, owner.key, owner.password)
    reference = {"resultOf": "0", "name": "Email/query", "path": "/ids"}
    found = {}
    for word in WORDS:
        query = {"filter": {"text": word}, "limit": 1000}
        get = {"#ids": reference, "properties": ["subject"]}
        _, emails = jmap.call(("Email/query", query), ("Email/get", get))
        found[word] = sorted(str(email["subject"]) for email in emails["list"])
    return found


def _numbers(connection: imaplib.IMAP4, folder: str, *wanted: str) -> list[str]:
    _ok(connection.select(folder))
    return [number.decode() for number in (connection.uid("SEARCH", *wanted)[1][0] or b"").split()]


def _ok(answer: tuple[str, Any]) -> None:
    assert answer[0] == "OK", answer


def main(what: str, file: Path) -> None:
    """See the module."""
    running = RunningInstance(DEFAULT_ROOT)
    with running.clients:
        if what == "furnish":
            file.touch(mode=0o600)
            file.write_text(json.dumps(furnish(running)), "utf-8")
            return
        owners = [Owner(*row) for row in json.loads(file.read_text("utf-8"))]
        json.dump(photograph(running, owners), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
