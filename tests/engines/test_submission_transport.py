"""What people send, handed in by the worker: to a real Postfix with the edge's rules and the scanners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from casier.kernel.instance import Port
from casier.mailbox.sending import evidence
from casier.mailbox.sending.outcome import Later, Outcome, Refused, Sent
from casier.mailbox.sending.submission import reference_in
from casier.mailbox.sending.transport import Envelope, Transport
from casier.mailbox.sending.words import reason_for
from engines.roads_mail import subject
from engines.roads_rig import ALICE, BOB, BOB_KEY, CAROL, EICAR, PENDING, Rig, Store
from waiting import wait_until

pytestmark = pytest.mark.engines
HIDDEN = "carol@ac-deux.test"
# Lines that SMTP gives a meaning of its own, and letters that are not ASCII.
TEXT = "Bonjour,\r\n.\r\n..deux\r\n.fin d’un été\r\n\r\n".encode()


def written(title: str, body: bytes = TEXT, sender: str = ALICE) -> bytes:
    head = (
        f"From: {sender}\r\nTo: {BOB}\r\nBcc: {HIDDEN},\r\n\tcaché@ac-deux.test\r\nSubject: {title}\r\n"
        f"Message-ID: <{uuid4().hex}@essai.test>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + body


def hand_over(
    rig: Rig, message: bytes, to: tuple[str, ...] = (BOB, HIDDEN), login: str = ALICE, sender: str = ALICE
) -> Outcome:
    def pieces() -> Iterator[bytes]:
        return (message[start : start + 1000] for start in range(0, len(message), 1000))

    return Transport(rig.port(Port.POSTFIX_JMAP)).hand_over(Envelope(login, sender, to), pieces)


def message_id(message: bytes) -> str:
    found = re.search(rb"Message-ID: <(.*?)>", message)
    assert found
    return found[1].decode()


def test_a_message_arrives_as_it_was_written_and_nobody_sees_the_blind_copies(rig: Rig, store: Store) -> None:
    title = subject()
    message = written(title, TEXT * 4000)
    assert hand_over(rig, message) == Sent()
    delivered = store.arrived(title)
    assert set(delivered.recipients) == {BOB_KEY, CAROL}
    assert delivered.data.endswith(TEXT * 4000)
    head = delivered.data.partition(b"\r\n\r\n")[0]
    assert b"bcc" not in head.lower()
    assert b"X-Casier-Login" not in head
    log = rig.instance.log / "postfix.log"
    wait_until("the log to tell", lambda: evidence.was_accepted(log, message_id(message)))


def test_a_sender_of_somebody_else_is_refused_in_the_envelope_and_in_the_header(rig: Rig) -> None:
    title = subject()
    for message, sender in ((written(title), CAROL), (written(title, sender=CAROL), ALICE)):
        outcome = hand_over(rig, message, sender=sender)
        assert isinstance(outcome, Refused)
        assert reference_in(outcome.text)
        assert reason_for(outcome).startswith("Vous ne pouvez pas écrire depuis cette adresse.")
        assert not evidence.was_accepted(rig.instance.log / "postfix.log", message_id(message))


def test_a_login_that_nobody_has_sends_nothing(rig: Rig) -> None:
    assert isinstance(hand_over(rig, written(subject()), login="personne@ac-un.test"), Refused)
    assert isinstance(hand_over(rig, written(subject()), login=f"x {ALICE}"), Refused)


def test_an_address_that_does_not_exist_is_named_and_nobody_gets_the_message(rig: Rig, store: Store) -> None:
    title = subject()
    outcome = hand_over(rig, written(title), (BOB, "personne@ac-un.test"))
    assert isinstance(outcome, Refused)
    assert reason_for(outcome).startswith("L’adresse personne@ac-un.test n’existe pas.")
    assert isinstance(hand_over(rig, written(title), (BOB, PENDING)), Later)
    assert hand_over(rig, written(title), (BOB,)) == Sent()
    store.arrived(title)
    assert len(store.with_subject(title)) == 1


def test_a_virus_is_refused_in_words(rig: Rig) -> None:
    outcome = hand_over(rig, written(subject(), EICAR + b"\r\n"))
    assert isinstance(outcome, Refused)
    assert reason_for(outcome).startswith("Le message contient un virus.")


def test_files_of_a_sensitive_message_come_back_with_the_way_to_send_them(rig: Rig) -> None:
    marked = b"Sensitivity: Company-Confidential\r\nContent-Disposition: attachment; filename=a.txt\r\n"
    outcome = hand_over(rig, marked + written(subject()))
    assert isinstance(outcome, Refused)
    assert reason_for(outcome).startswith(
        "Le message est marqué « sensible » : ses fichiers partent par lien"
    )


def test_a_message_that_is_too_large_is_refused_in_words(rig: Rig) -> None:
    outcome = hand_over(rig, written(subject(), b"x" * 70 + b"\r\n") + (b"x" * 70 + b"\r\n") * 500_000)
    assert isinstance(outcome, Refused)
    assert reason_for(outcome).startswith("Le message est trop volumineux.")


def test_without_the_scanners_or_the_edge_a_message_waits(rig: Rig) -> None:
    with rig.stopped("rspamd"):
        assert isinstance(hand_over(rig, written(subject())), Later)
    with rig.stopped("edge"):
        assert isinstance(hand_over(rig, written(subject())), Later)


def test_without_postfix_a_message_waits(rig: Rig) -> None:
    with rig.stopped("postfix"):
        assert isinstance(hand_over(rig, written(subject())), Later)
    rig.recover()
