"""Attacks on the conversation itself: what two servers read differently, and what comes before it is due."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from casier.kernel.instance import Port
from engines.roads_mail import subject
from engines.roads_rig import ALICE, BOB, OUTSIDER, Rig, Store
from waiting import wait_until

pytestmark = pytest.mark.engines


class Wire:
    """A bare connection, for what no library would send."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.replies()

    def replies(self, wanted: int = 1) -> list[str]:
        """The next WANTED complete replies; fewer when the server hangs up."""
        found: list[str] = []
        line = b""
        while len(found) < wanted:
            byte = self.socket.recv(1)
            if not byte:
                return found
            line += byte
            if line.endswith(b"\n"):
                if line[3:4] == b" ":
                    found.append(line.decode().strip())
                line = b""
        return found

    def say(self, data: bytes, wanted: int = 1) -> list[str]:
        self.socket.sendall(data)
        return self.replies(wanted)

    def start_tls(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)

    def silent(self, seconds: float = 0.5) -> bool:
        """Whether nothing comes within SECONDS."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(20)


@contextlib.contextmanager
def wire(rig: Rig, port: Port) -> Iterator[Wire]:
    connection = Wire(rig.port(port))
    try:
        yield connection
    finally:
        connection.socket.close()


def to_data(connection: Wire, sender: str = OUTSIDER, recipient: str = BOB) -> None:
    assert connection.say(b"EHLO dehors.example\r\n")[0].startswith("250")
    assert connection.say(f"MAIL FROM:<{sender}>\r\n".encode())[0].startswith("250")
    assert connection.say(f"RCPT TO:<{recipient}>\r\n".encode())[0].startswith("250")
    assert connection.say(b"DATA\r\n")[0].startswith("354")


def message(title: str) -> bytes:
    return f"From: <{OUTSIDER}>\r\nTo: {BOB}\r\nSubject: {title}\r\n\r\nBonjour".encode()


FALSE_ENDS = {
    "LF . LF": b"\n.\n",
    "LF . CRLF": b"\n.\r\n",
    "CRLF . LF": b"\r\n.\n",
    "CR . CR": b"\r.\r",
    "CR . CRLF": b"\r.\r\n",
    "CRLF . CR": b"\r\n.\r",
    "LF . CR": b"\n.\r",
    "CR LF NUL . CRLF": b"\r\n\0.\r\n",
    "CRLF . NUL CRLF": b"\r\n.\0\r\n",
}


@pytest.mark.parametrize("name", FALSE_ENDS)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_only_crlf_dot_crlf_ends_a_message(rig: Rig, store: Store, name: str, line_end: bytes) -> None:
    """A second message behind a false end would come with our name on it: it stays text of the first."""
    outer, inner = subject(), subject()
    smuggled = line_end.join(
        [
            b"MAIL FROM:<alice@ac-un.test>",
            b"RCPT TO:<bob@ac-un.test>",
            b"DATA",
            f"From: alice@ac-un.test{line_end.decode()}Subject: {inner}".encode(),
            b"",
            b"Un faux.",
        ]
    )
    with wire(rig, Port.SMTP) as connection:
        to_data(connection)
        replies = connection.say(message(outer) + FALSE_ENDS[name] + smuggled + b"\r\n.\r\n")
        assert connection.silent(), "the server answered more than once"
    if replies[0].startswith("250"):
        delivered = store.arrived(outer)
        assert inner.encode() in delivered.data
        assert b"\n.\n" not in delivered.data.replace(b"\r\n", b"\n").removesuffix(b"\n.\n")
    assert not store.with_subject(inner)
    assert len(store.with_subject(outer)) <= 1


def test_a_true_end_is_one(rig: Rig, store: Store) -> None:
    first, second = subject(), subject()
    with wire(rig, Port.SMTP) as connection:
        to_data(connection)
        assert connection.say(message(first) + b"\r\n.\r\n")[0].startswith("250")
        to_data(connection)
        assert connection.say(message(second) + b"\r\n.\r\n")[0].startswith("250")
    store.arrived(first)
    store.arrived(second)


def test_commands_sent_ahead_of_tls_are_dropped(rig: Rig, store: Store) -> None:
    """What an attacker puts into the clear part must not be carried into the encrypted one."""
    title = subject()
    ahead = f"MAIL FROM:<{OUTSIDER}>\r\nRCPT TO:<{BOB}>\r\n".encode()
    with wire(rig, Port.SMTP) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        assert connection.say(b"STARTTLS\r\n" + ahead)[0].startswith("220")
        connection.start_tls()
        assert connection.silent(), "a command from before TLS was answered"
        assert connection.say(b"DATA\r\n")[0].startswith("503")
        to_data(connection)
        assert connection.say(message(title) + b"\r\n.\r\n")[0].startswith("250")
    store.arrived(title)


def test_commands_sent_ahead_without_leave_are_refused(rig: Rig) -> None:
    """Before EHLO has announced PIPELINING there is no leave (RFC 2920 §3.1)."""
    with wire(rig, Port.SMTP) as connection:
        flood = f"HELO x\r\nMAIL FROM:<{OUTSIDER}>\r\nRCPT TO:<{BOB}>\r\nDATA\r\n".encode()
        replies = connection.say(flood + message("x") + b"\r\n.\r\n", 5)
    assert any(reply.startswith(("503", "554")) for reply in replies), replies
    assert not any("queued" in reply for reply in replies)


@pytest.mark.parametrize("port", [Port.SMTP, Port.POSTFIX_JMAP, Port.POSTFIX_REDIRECT, Port.POSTFIX_PLATFORM])
def test_only_nginx_may_say_who_someone_is(rig: Rig, port: Port) -> None:
    with wire(rig, port) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        assert connection.say(f"XCLIENT LOGIN={ALICE}\r\n".encode())[0].startswith(("5", "4"))
    with wire(rig, Port.POSTFIX_CLIENTS) as connection:
        connection.say(b"EHLO nginx\r\n")
        assert connection.say(f"XCLIENT LOGIN={ALICE}\r\n".encode())[0].startswith("220")


@pytest.mark.parametrize(
    "command", [b"XFORWARD NAME=x", b"AUTH PLAIN AGEAYg==", b"ETRN ac-un.test", b"VRFY bob"]
)
def test_the_public_port_offers_nothing_more(rig: Rig, command: bytes) -> None:
    with wire(rig, Port.SMTP) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        assert connection.say(command + b"\r\n")[0].startswith(("5", "459"))


def test_an_auth_parameter_from_outside_is_not_believed(rig: Rig) -> None:
    """It neither opens the way out nor makes a login of it."""
    with wire(rig, Port.SMTP) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        connection.say(f"MAIL FROM:<{ALICE}> AUTH={ALICE}\r\n".encode())
        assert connection.say(b"RCPT TO:<ami@ailleurs.example>\r\n")[0].startswith("554")
    with wire(rig, Port.POSTFIX_CLIENTS) as connection:
        connection.say(b"EHLO nginx\r\n")
        connection.say(f"MAIL FROM:<{ALICE}> AUTH={ALICE}\r\n".encode())
        assert connection.say(b"RCPT TO:<bob@ac-un.test>\r\n")[0].startswith("554")


@pytest.mark.parametrize("port", [Port.SMTP, Port.POSTFIX_CLIENTS])
@pytest.mark.parametrize(
    "recipient",
    [
        "ami@ailleurs.example",
        "ami%ailleurs.example@ac-un.test",
        "ailleurs.example!ami@ac-un.test",
        "@ac-un.test:ami@ailleurs.example",
        '"ami@ailleurs.example"@ac-un.test',
        "ami@ailleurs.example@ac-un.test",
        "ami@[127.0.0.1]",
        "ami",
    ],
)
def test_there_is_no_open_relay(rig: Rig, port: Port, recipient: str) -> None:
    with wire(rig, port) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        connection.say(f"MAIL FROM:<{OUTSIDER}>\r\n".encode())
        assert connection.say(f"RCPT TO:<{recipient}>\r\n".encode())[0].startswith("5")


@pytest.mark.parametrize("port", [Port.SMTP, Port.POSTFIX_JMAP])
@pytest.mark.parametrize(
    "line",
    [
        b"MAIL FROM:<parent@dehors.example\nRCPT TO:<bob@ac-un.test>>",
        b"MAIL FROM:<parent@dehors.example>\rRCPT TO:<bob@ac-un.test>",
        b"MAIL FROM:<parent@dehors.example\0>",
    ],
)
def test_a_command_is_one_line(rig: Rig, port: Port, line: bytes) -> None:
    with wire(rig, port) as connection:
        connection.say(b"EHLO dehors.example\r\n")
        connection.socket.sendall(line + b"\r\n")
        time.sleep(0.3)  # the server may answer once or twice; what counts is that there is no transaction
        connection.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            connection.socket.recv(10_000)
        connection.socket.settimeout(20)
        assert connection.say(b"DATA\r\n")[0].startswith("5")


@pytest.mark.parametrize("break_", [b"\r", b"\n", b"\r\n"])
def test_a_header_brought_in_by_a_stray_line_end_is_checked_like_any(
    rig: Rig, store: Store, break_: bytes
) -> None:
    """`Subject: x<CR>From: colleague` is one header or two; in no reading may a colleague be forged."""
    title = subject()
    head = f"From: {ALICE}\r\nTo: {BOB}\r\nSubject: {title}".encode()
    data = head + break_ + b"From: carol@ac-deux.test\r\n\r\nBonjour"
    with wire(rig, Port.POSTFIX_CLIENTS) as connection:
        connection.say(b"EHLO nginx\r\n")
        assert connection.say(f"XCLIENT LOGIN={ALICE}\r\n".encode())[0].startswith("220")
        to_data(connection, ALICE)
        reply = connection.say(data + b"\r\n.\r\n")[0]
    if reply.startswith("250"):
        found = wait_until(title, lambda: [one for one in store.delivered if title.encode() in one.data])
        assert [one.message.get_all("From") for one in found] == [[ALICE]]
    else:
        assert reply.startswith("554")
