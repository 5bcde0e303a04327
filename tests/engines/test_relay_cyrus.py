"""With a real Cyrus behind the doors: logins, capabilities, events, the attachment keyword."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from casier.edge.tokens import Tokens
from casier.engines.nginx.spec import IMAP_CAPABILITIES
from casier.kernel.instance import Port
from engines.edge_rig import (
    APP_PASSWORD,
    CAMILLE,
    KEY,
    Rig,
    running_doors,
    start_cyrus,
    start_python,
)
from engines.test_relay_push import listening
from waiting import wait_until

pytestmark = pytest.mark.engines
COLLEAGUE = "autre.personne@ac-rouen.test"
LETTER = (
    b"Subject: Compte rendu\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n%s--b--\r\n"
)
FILE = b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n"


def as_whom(rig: Rig, name: str) -> imaplib.IMAP4:
    """A connection to Cyrus itself, with a token of the edge's."""
    client = imaplib.IMAP4("127.0.0.1", rig.instance.port(Port.STORE_IMAP), 20)
    token = Tokens(rig.instance.key("token")).make(name, time.time())
    client.login(name, token.reveal())
    return client


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with running_doors() as running:
        running.account()
        start_cyrus(running)
        admin = as_whom(running, "casier-admin")
        for name in (KEY, COLLEAGUE):
            assert admin.create(f"user/{name}")[0] == "OK"
        admin.logout()
        yield running


@contextmanager
def camille(rig: Rig) -> Iterator[imaplib.IMAP4_SSL]:
    """Camille's mail program, through nginx."""
    port = rig.instance.port(Port.IMAPS)
    client = imaplib.IMAP4_SSL("localhost", port, ssl_context=rig.trust, timeout=20)
    try:
        client.login(CAMILLE, APP_PASSWORD)
        client.select("INBOX")
        yield client
    finally:
        client.logout()


def test_what_is_offered_before_signing_in_holds_after(rig: Rig) -> None:
    with camille(rig) as client:
        after = set(client.capability()[1][0].decode().split())
    assert set(IMAP_CAPABILITIES) <= after


def test_mail_is_told_and_marked(rig: Rig) -> None:
    with listening(rig, rig.sign_in()) as browser, camille(rig) as client:
        client.append("INBOX", "", "", LETTER % FILE)
        assert browser.event() == ("changed", {"account": KEY, "types": ["Email", "Mailbox", "Thread"]})
        client.append("INBOX", "", "", LETTER % b"")
        client.noop()
        assert client.search(None, "KEYWORD", "$HasAttachment")[1][0].split() == [b"1"]
        assert b"Bonjour" in client.fetch("1", "(PREVIEW)")[1][0]


def test_a_shared_folder_is_told_to_those_who_share_it(rig: Rig) -> None:
    owner = as_whom(rig, COLLEAGUE)
    with listening(rig, rig.sign_in()) as browser:
        owner.setacl("INBOX", KEY, "lrs")
        owner.append("INBOX", "", "", LETTER % b"")
        wait_until("the colleague's change", lambda: browser.event()[1].get("account") == COLLEAGUE)
    owner.logout()


def test_mail_is_stored_without_the_relay(rig: Rig) -> None:
    rig.stop("relay")
    try:
        with camille(rig) as client:
            assert client.append("INBOX", "", "", LETTER % FILE)[0] == "OK"
    finally:
        start_python(rig, "relay")


def test_a_person_without_their_token_enters_nowhere(rig: Rig) -> None:
    client = imaplib.IMAP4("127.0.0.1", rig.instance.port(Port.STORE_IMAP), 20)
    token = Tokens(rig.instance.key("token")).make(COLLEAGUE, time.time()).reveal()
    for name, password in ((KEY, APP_PASSWORD), (KEY, token), ("casier-admin", token)):
        with pytest.raises(imaplib.IMAP4.error):
            client.login(name, password)
    client.shutdown()
