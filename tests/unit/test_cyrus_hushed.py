"""The kernel's filter on what Cyrus says drops the web's logins and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from casier.engines.cyrus.hushed import hush
from casier.engines.cyrus.syslog import told_by_nginx

AT = b"Mar  2 09:00:00 "
LOGIN = b"login: [unix socket] a@b.fr Bearer User logged in SESSIONID=<x>"


@pytest.fixture
def said() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        hush(ours)
        yield ours, theirs


def come(said: tuple[socket.socket, socket.socket], *datagrams: bytes) -> list[bytes]:
    """What reaches the reader of DATAGRAMS; the last one is a mark of our own."""
    ours, theirs = said
    for datagram in (*datagrams, b"end"):
        assert theirs.send(datagram) == len(datagram)
    return list(iter(lambda: ours.recv(65536), b"end"))


@pytest.mark.parametrize("pid", [b"1", b"12", b"12345", b"4194304"])
def test_a_login_by_the_web_wakes_nobody(said: tuple[socket.socket, socket.socket], pid: bytes) -> None:
    login = b"<21>" + AT + b"casier/http[" + pid + b"]: " + LOGIN
    assert told_by_nginx(login)
    assert come(said, login) == []


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"hello",
        b"<21>" + AT + b"casier/http[12]: ",
        b"<21>" + AT + b"casier/http[12345678901234567890",
        b"<21>" + AT + b"casier/http[" + b"1" * 60,
        b"<19>" + AT + b"casier/http[12]: " + LOGIN,
        b"<21>" + AT + b"casier/imap[12]: " + LOGIN,
        b"<21>" + AT + b"casier/lmtp[12]: " + LOGIN,
        b"<21>" + AT + b"casier/http[12]: bad" + LOGIN,
        b"<21>" + AT + b"casier/http[12]: login: localhost [127.0.0.1] a@b.fr plaintext User logged in",
        b"<21>" + AT + b"casier/http[12]: auditlog: append sessionid=<x> mailbox=<a.fr!user.b> uid=<3>",
        b"<21>" + AT + b"casier/http[12]: IOERROR: " + LOGIN,
    ],
)
def test_whatever_else_is_said_comes_whole(
    said: tuple[socket.socket, socket.socket], datagram: bytes
) -> None:
    assert come(said, datagram) == [datagram]
