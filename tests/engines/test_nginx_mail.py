"""Mail programs at the door: real nginx and edge; stand-ins for Cyrus and Postfix tell what reached them."""

from __future__ import annotations

import base64
import imaplib
import re
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from casier.edge.sasl import Login, decode_request, encode_request
from casier.kernel.instance import Port
from casier.kernel.published import Access
from casier.kernel.secret import Secret
from engines.edge_rig import APP_PASSWORD, CAMILLE, KEY, LineBackEnd, Rig, ask_mux, running_doors, start_redis

pytestmark = pytest.mark.engines
PLAIN = base64.b64encode(f"\0{CAMILLE}\0{APP_PASSWORD}".encode()).decode()


class _Imap:
    """Enough of IMAP for nginx to sign in: LOGIN with two literals, then anything."""

    tag = ""

    def __call__(self, line: str) -> bytes:
        if line.endswith("}"):
            self.tag = line.partition(" ")[0] if " LOGIN " in line else self.tag
            return b"+ go on\r\n"
        tag = self.tag if line.startswith("v1.") else line.partition(" ")[0]
        return f"{tag} OK done\r\n".encode()


def _smtp(line: str) -> bytes:
    if line.upper().startswith(("EHLO", "HELO")):
        return b"250-postfix\r\n250 XCLIENT NAME ADDR LOGIN\r\n"
    return b"220 again\r\n" if line.upper().startswith("XCLIENT") else b"250 ok\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Rig, LineBackEnd, LineBackEnd]]:
    with running_doors() as rig:
        cyrus = LineBackEnd(rig.instance.port(Port.STORE_IMAP), b"* OK stand-in\r\n", _Imap())
        postfix = LineBackEnd(rig.instance.port(Port.POSTFIX_CLIENTS), b"220 stand-in\r\n", _smtp)
        yield rig, cyrus, postfix
        for server in (cyrus, postfix):
            server.shutdown()
            server.server_close()


@pytest.fixture
def rig(running: tuple[Rig, LineBackEnd, LineBackEnd]) -> Rig:
    running[0].account()
    for server in running[1:]:
        server.lines.clear()
    for key in running[0].store.scan_iter("casier:failed:*"):
        running[0].store.delete(key)
    return running[0]


@pytest.fixture
def cyrus(running: tuple[Rig, LineBackEnd, LineBackEnd]) -> LineBackEnd:
    return running[1]


@pytest.fixture
def postfix(running: tuple[Rig, LineBackEnd, LineBackEnd]) -> LineBackEnd:
    return running[2]


@contextmanager
def imap(rig: Rig) -> Iterator[imaplib.IMAP4_SSL]:
    port = rig.instance.port(Port.IMAPS)
    client = imaplib.IMAP4_SSL("localhost", port, ssl_context=rig.trust, timeout=20)
    try:
        yield client
    finally:
        client.shutdown()


@contextmanager
def smtps(rig: Rig) -> Iterator[smtplib.SMTP]:
    port = rig.instance.port(Port.SMTPS)
    with closing(smtplib.SMTP_SSL("localhost", port, context=rig.trust, timeout=20)) as client:
        yield client


@contextmanager
def submission(rig: Rig) -> Iterator[smtplib.SMTP]:
    with closing(smtplib.SMTP("localhost", rig.instance.port(Port.SUBMISSION), timeout=20)) as client:
        yield client


def test_imap_reaches_cyrus_with_a_token_in_place_of_the_password(rig: Rig, cyrus: LineBackEnd) -> None:
    with imap(rig) as client:
        assert client.login(CAMILLE, APP_PASSWORD)[0] == "OK"
        client.noop()
    sent = "\n".join(cyrus.lines)
    assert KEY in sent
    assert APP_PASSWORD not in sent
    token = re.search(r"v1\.[\w.-]+", sent)
    assert token
    user, _, realm = KEY.partition("@")
    assert ask_mux(rig, Login(user, Secret(token[0]), "imap", realm)) == b"\0\x02OK"
    assert ask_mux(rig, Login("directrice", Secret(token[0]), "imap", realm)) == b"\0\x02NO"
    assert ask_mux(rig, Login(user, Secret(APP_PASSWORD), "imap", realm)) == b"\0\x02NO"
    assert decode_request(encode_request(Login(user, Secret(token[0]), "imap", realm))).name == KEY


def test_smtp_reaches_postfix_with_the_login_and_the_clients_address(rig: Rig, postfix: LineBackEnd) -> None:
    for opened in (smtps(rig), submission(rig)):
        with opened as client:
            if not isinstance(client, smtplib.SMTP_SSL):
                client.starttls(context=rig.trust)
            client.login(CAMILLE, APP_PASSWORD)
            client.noop()
    told = [line for line in postfix.lines if line.startswith("XCLIENT")]
    assert len(told) == 2
    assert all(f"LOGIN={KEY}" in line and "ADDR=127.0.0.1" in line for line in told)
    assert not any("AUTH" in line or APP_PASSWORD in line for line in postfix.lines)


def test_wrong_passwords_wait_and_learn_nothing(rig: Rig, cyrus: LineBackEnd) -> None:
    said = []
    for user, password in ((CAMILLE, "wrong"), ("nobody@ac-rouen.test", APP_PASSWORD)):
        start = time.monotonic()
        with imap(rig) as client, pytest.raises(imaplib.IMAP4.error) as refused:
            client.login(user, password)
        assert time.monotonic() - start >= 1.9
        said.append(re.sub(r"R-[2-9A-Z-]+", "R", str(refused.value)))
    assert said[0] == said[1]
    assert cyrus.lines == []
    with smtps(rig) as mailer, pytest.raises(smtplib.SMTPAuthenticationError) as answer:
        mailer.login(CAMILLE, "wrong")
    assert answer.value.smtp_code == 535


def test_who_is_suspended_gets_no_further(rig: Rig, cyrus: LineBackEnd) -> None:
    rig.account(access=Access.SUSPENDED)
    with imap(rig) as client, pytest.raises(imaplib.IMAP4.error):
        client.login(CAMILLE, APP_PASSWORD)
    assert cyrus.lines == []
    rig.account()
    with imap(rig) as client:
        assert client.login(CAMILLE, APP_PASSWORD)[0] == "OK"


def test_without_redis_the_answer_is_later(rig: Rig) -> None:
    rig.stop("redis")
    try:
        with smtps(rig) as client:
            code, _ = client.docmd("AUTH", f"PLAIN {PLAIN}")
    finally:
        start_redis(rig)
    assert code == 454


def test_nothing_before_encryption(rig: Rig, postfix: LineBackEnd) -> None:
    with submission(rig) as client:
        client.ehlo("client.test")
        assert not client.has_extn("auth")
        assert client.has_extn("starttls")
        code, _ = client.docmd("AUTH", f"PLAIN {PLAIN}")
        assert code >= 500
        assert client.docmd("MAIL", f"FROM:<{CAMILLE}>")[0] == 530
    assert postfix.lines == []


def test_commands_that_came_before_encryption_are_forgotten(rig: Rig, postfix: LineBackEnd) -> None:
    """An attacker on the way may write more in clear after STARTTLS; it must not count once encrypted."""
    with socket.create_connection(("127.0.0.1", rig.instance.port(Port.SUBMISSION)), 10) as plain:
        assert plain.recv(400).startswith(b"220 ")
        plain.sendall(b"EHLO attacker.test\r\n")
        assert b"250 " in plain.recv(400)
        plain.sendall(f"STARTTLS\r\nEHLO attacker.test\r\nAUTH PLAIN {PLAIN}\r\n".encode())
        answer = plain.recv(400)
        if not answer.startswith(b"220 "):
            assert answer == b"" or answer[:1] in b"45"
            return
        with rig.trust.wrap_socket(plain, server_hostname="localhost") as wrapped:
            wrapped.sendall(b"NOOP\r\n")
            wrapped.settimeout(2)
            got = wrapped.recv(400)
            assert b"235" not in got
            assert got.count(b"\r\n") == 1
    assert postfix.lines == []


def test_a_name_with_line_ends_can_not_write_headers(rig: Rig, cyrus: LineBackEnd) -> None:
    evil = base64.b64encode(f"\0x\r\nAuth-User: {CAMILLE}\0{APP_PASSWORD}".encode()).decode()
    answer = rig.raw(f"a AUTHENTICATE PLAIN\r\n{evil}\r\n".encode(), Port.IMAPS)
    assert b"a OK" not in answer
    evil = base64.b64encode(f"\0{CAMILLE}\r\nClient-IP: 10.0.0.1\0{APP_PASSWORD}".encode()).decode()
    answer = rig.raw(f"EHLO x\r\nAUTH PLAIN {evil}\r\n".encode(), Port.SMTPS)
    assert b"235" not in answer
    assert cyrus.lines == []


def test_no_log_sees_a_password(rig: Rig) -> None:
    with imap(rig) as client:
        client.login(CAMILLE, APP_PASSWORD)
    logs = "".join(path.read_text("utf-8", "replace") for path in rig.instance.log.iterdir())
    assert APP_PASSWORD not in logs
    assert "v1." not in logs
    assert PLAIN not in logs
