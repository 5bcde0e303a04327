"""What mail programs put into mailboxes (APPEND): a virus is gone within seconds, the rest stays."""

from __future__ import annotations

import imaplib
import io
import os
import re
import signal
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import partial
from uuid import uuid4

import pytest

from casier.kernel.instance import Port
from journeys.commands import CASIER
from journeys.jmap import Jmap
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
# Written in two halves so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# From the APPEND to the removal, on a machine that does other things too.
SECONDS = 40


@dataclass
class Box:
    """A mail program signed in, and the same person by JMAP."""

    instance: RunningInstance
    account: dict[str, str]
    password: str
    imap: imaplib.IMAP4_SSL

    def command(self, *parts: bytes) -> bytes:
        """Send one command whose literals need no waiting; its tagged answer."""
        tag = self.imap._new_tag()
        self.imap.send(tag + b" " + b"".join(parts) + b"\r\n")
        while True:
            line = self.imap.readline()
            assert line, "the connection ended"
            if line.startswith(tag):
                return bytes(line)

    def put(self, folder: str, *messages: bytes) -> None:
        """APPEND with LITERAL+; several at once are MULTIAPPEND."""
        literals = [b" {%d+}\r\n" % len(message) + message for message in messages]
        answer = self.command(b'APPEND "' + folder.encode() + b'"', *literals)
        assert b" OK " in answer, answer

    def subjects(self, folder: str) -> list[str]:
        self.imap.select(f'"{folder}"', readonly=True)
        _, found = self.imap.search(None, "ALL")
        if not found[0]:
            return []
        _, data = self.imap.fetch(found[0].decode().replace(" ", ","), "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        heads = [item[1] for item in data if isinstance(item, tuple)]
        return [str(BytesParser(policy=default).parsebytes(head)["Subject"]) for head in heads]

    def note(self, folder: str) -> EmailMessage:
        """The note that was left in FOLDER, once it is there."""
        wait_until("the note", lambda: any("[R-" in subject for subject in self.subjects(folder)), SECONDS)
        _, found = self.imap.search(None, "HEADER", "X-Casier-Quarantine", "R-")
        _, data = self.imap.fetch(found[0].split()[-1].decode(), "(BODY.PEEK[])")
        (content,) = (item[1] for item in data if isinstance(item, tuple))
        message = BytesParser(policy=default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        return message


def box(instance: RunningInstance, account: dict[str, str]) -> Box:
    password = instance.app_password(account["address"])
    imap = imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls)
    instance.clients.callback(imap.shutdown)
    imap.login(account["address"], password)
    return Box(instance, account, password, imap)


@pytest.fixture(scope="module")
def mine(instance: RunningInstance) -> Box:
    """Someone whose mailbox key is not their address."""
    instance.demo()
    return box(instance, next(a for a in instance.accounts if a["mailboxKey"] != a["address"]))


@pytest.fixture
def folder(mine: Box) -> Iterator[str]:
    """A new folder whose name needs quotes."""
    name = f"Reprise {uuid4().hex[:8]}"
    assert mine.imap.create(f'"{name}"')[0] == "OK"
    yield name
    mine.imap.delete(f'"{name}"')


def message(subject: str, content: bytes = b"", name: str = "piece.bin") -> bytes:
    """An ordinary message, with CONTENT attached if there is any."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "a@exemple.test", "b@exemple.test"
    mail["Message-ID"] = f"<{uuid4().hex}@exemple.test>"
    mail.set_content("Bonjour.\n")
    if content:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def zipped(data: bytes, times: int = 1) -> bytes:
    for number in range(times):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"dedans{number}", data)
        data = stream.getvalue()
    return data


def locked() -> bytes:
    """A zip whose entry says that it is encrypted."""
    data = bytearray(zipped(b"secret"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def odd_first_header(subject: str) -> bytes:
    """Its first line is none that a scanner takes for the beginning of mail."""
    return b"Zz-Rien: 1\r\n" + message(subject, zipped(EICAR))


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": partial(message, content=EICAR),
    "zip": partial(message, content=zipped(EICAR)),
    "nested zip": partial(message, content=zipped(EICAR, 3)),
    "large": partial(message, content=os.urandom(600_000) + zipped(EICAR)),
    "odd first header": odd_first_header,
    "encrypted": partial(message, content=locked(), name="a.zip"),
}


def remains(box: Box, folder: str, *subjects: str) -> None:
    """Wait until FOLDER holds SUBJECTS and notes, and nothing else."""
    wanted = sorted(subjects)
    wait_until(
        f"{wanted} alone in {folder}",
        lambda: sorted(s for s in box.subjects(folder) if "[R-" not in s) == wanted,
        SECONDS,
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_virus_is_taken_out_and_a_note_says_so(mine: Box, folder: str, form: str) -> None:
    mine.put(folder, message("ordinaire"), FORMS[form]("malade"), message("aussi ordinaire", b"un fichier"))
    remains(mine, folder, "ordinaire", "aussi ordinaire")
    note = mine.note(folder)
    text = note.get_content()
    assert "L’antivirus a retiré" in text
    assert "The antivirus has taken out" in text
    assert "Objet : malade" in text
    assert folder in text
    assert note["X-Casier-Quarantine"] in text


def test_one_literal_at_a_time_and_in_pieces(mine: Box, folder: str) -> None:
    assert mine.imap.append(f'"{folder}"', "", "", message("malade", EICAR))[0] == "OK"
    whole = message("malade par morceaux", EICAR)
    head, tail = whole[:90], whole[90:]
    pieces = [b" TEXT {%d+}\r\n" % len(piece) + piece for piece in (head, tail)]
    answer = mine.command(b'APPEND "' + folder.encode() + b'" CATENATE (', b"".join(pieces)[1:], b")")
    assert b" OK " in answer, answer
    mine.put(folder, message("ordinaire"))
    remains(mine, folder, "ordinaire")


def test_a_copy_made_at_once_goes_too(mine: Box, folder: str) -> None:
    other = f"{folder} bis"
    mine.imap.create(f'"{other}"')
    mine.put(folder, message("malade", EICAR), message("ordinaire"))
    mine.imap.select(f'"{folder}"')
    mine.imap.copy("1:2", f'"{other}"')
    mine.imap.uid("MOVE", "1", f'"{other}"')
    remains(mine, folder, "ordinaire")
    remains(mine, other, "ordinaire")
    mine.imap.delete(f'"{other}"')


def test_what_was_taken_out_lies_where_its_owner_cannot_read(mine: Box, folder: str) -> None:
    mine.put(folder, message("malade", EICAR))
    reference = mine.note(folder)["X-Casier-Quarantine"]
    file = mine.instance.layout.data / "platform" / "quarantine" / f"{reference}.eml"
    assert EICAR[:20] in file.read_bytes() or b"Subject: malade" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(mine.instance.layout.data / "platform" / "casier.sqlite3") as database:
        found = database.execute(
            "SELECT e.target, e.reason FROM audit_journalentry e "
            "JOIN audit_journalpayload p ON p.entry_id = e.id "
            "WHERE e.action = 'message.quarantined' AND p.facts LIKE ?",
            (f"%{reference}%",),
        ).fetchall()
    (target, reason) = found[0]
    assert target.startswith("account:")
    assert reason == "virus"


def test_an_operator_can_give_back_what_was_taken_out_wrongly(mine: Box, folder: str) -> None:
    mine.put(folder, FORMS["encrypted"]("confidentiel"))
    reference = mine.note(folder)["X-Casier-Quarantine"]
    remains(mine, folder)
    kept = mine.instance.json("quarantine", "list", "--mailbox", mine.account["address"])
    assert next(one for one in kept if one["reference"] == reference)["finding"] == "not_scannable"
    mine.instance.json("quarantine", "release", reference, "--reason", "attendu")
    # a second message shows that the folder has been looked at since
    mine.put(folder, message("malade", EICAR))
    remains(mine, folder, "confidentiel")
    assert "wrong_state" in refused(mine.instance, "quarantine", "release", reference, "--reason", "encore")
    assert "not_found" in refused(mine.instance, "quarantine", "release", "R-0000-0000", "--reason", "x")


def refused(instance: RunningInstance, *words: str) -> str:
    done = subprocess.run(
        [str(CASIER), *words, "--instance", str(instance.root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done
    return done.stderr


def test_given_back_by_jmap_it_goes_again(mine: Box, folder: str) -> None:
    mine.put(folder, message("malade", EICAR))
    remains(mine, folder)
    jmap = Jmap(mine.instance, mine.account["address"], mine.account["mailboxKey"], mine.password)
    using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "https://cyrusimap.org/ns/jmap/backup"]
    restore = {
        "accountId": jmap.key,
        "restoreNonDrafts": True,
        "restoreDrafts": False,
        "undoPeriod": "PT5M",
        "performDryRun": False,
    }
    answer = jmap.http.post(
        "/jmap/", json={"using": using, "methodCalls": [["Backup/restoreMail", restore, "0"]]}
    )
    assert answer.json()["methodResponses"][0][1]["numNonDraftsRestored"] > 0
    remains(mine, folder)


def test_a_shared_mailbox_is_no_way_round(instance: RunningInstance, mine: Box) -> None:
    shared = instance.json("demo", "accounts")
    member, name = next(
        (one, found)
        for one in (box(instance, account) for account in shared)
        if (found := others_folder(one))
    )
    subject = f"malade {uuid4().hex[:6]}"
    member.put(name, message(subject, EICAR), message(f"ordinaire {subject}"))
    wait_until("the virus to go", lambda: subject not in member.subjects(name), SECONDS)
    assert f"ordinaire {subject}" in member.subjects(name)


def others_folder(box: Box) -> str:
    """The inbox of a functional mailbox that this person may write to, or nothing."""
    _, listed = box.imap.list('"Other Users/"', "*")
    names = [
        found[1] for line in listed if isinstance(line, bytes) and (found := _NAME.search(line.decode()))
    ]
    return min(names, key=len, default="")


_NAME = re.compile(r'"/" "?([^"]+)"?$')


def test_who_gives_up_the_right_to_read_hides_nothing(mine: Box, folder: str) -> None:
    mine.imap.setacl(f'"{folder}"', mine.account["mailboxKey"], "lip")
    mine.put(folder, message("malade", EICAR), message("ordinaire"))
    mine.imap.setacl(f'"{folder}"', mine.account["mailboxKey"], "lrswipkxtecdan")
    remains(mine, folder, "ordinaire")


@pytest.mark.parametrize("name", ["&AMk-l&AOg-ves &- familles", "a@b.test", "fin: 2+2=4"])
def test_whatever_the_folder_is_called(mine: Box, name: str) -> None:
    assert mine.imap.create(f'"{name}"')[0] == "OK"
    mine.put(name, message("malade", EICAR), message("ordinaire"))
    remains(mine, name, "ordinaire")
    mine.imap.delete(f'"{name}"')


def test_nothing_stays_unscanned_when_the_relay_was_away(
    instance: RunningInstance, mine: Box, folder: str
) -> None:
    """The relay is killed and can't come back while the mail comes in: no event tells of it."""
    relay = instance.parts()["relay"]
    os.kill(relay["pid"], signal.SIGSTOP)
    socket = instance.layout.socket("relay", "cyrus", "notify")
    hidden = socket.with_name("away")
    socket.rename(hidden)
    try:
        mine.put(folder, message("malade", EICAR), message("ordinaire"))
    finally:
        os.kill(relay["pid"], signal.SIGKILL)
    remains(mine, folder, "ordinaire")
    hidden.unlink(missing_ok=True)


def test_the_worker_killed_in_between_does_it_all_the_same_once(
    instance: RunningInstance, mine: Box, folder: str
) -> None:
    mine.put(folder, *(message(f"malade {number}", EICAR) for number in range(8)), message("ordinaire"))
    worker = instance.parts()["worker"]
    os.kill(worker["pid"], signal.SIGKILL)
    wait_until(
        "what is left", lambda: sum(s.startswith("malade") for s in mine.subjects(folder)) == 0, SECONDS + 20
    )
    left = mine.subjects(folder)
    assert "ordinaire" in left
    assert len([subject for subject in left if "[R-" in subject]) == 8
