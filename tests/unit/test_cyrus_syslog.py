from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.syslog import line, told_by_nginx

NOW = datetime(2026, 3, 2, 8, 0, 0, 1, UTC)


def test_what_the_c_library_writes() -> None:
    said = line(b"<19>Mar  2 09:00:00 casier/imap[12]: IOERROR: it broke\0", NOW)
    assert said == "2026-03-02T08:00:00.000001Z error casier/imap[12]: IOERROR: it broke"


def test_without_a_priority_it_is_kept_all_the_same() -> None:
    assert line(b"hello", NOW).endswith("Z notice hello")


@given(st.binary(max_size=500))
def test_no_datagram_makes_two_lines(datagram: bytes) -> None:
    assert len(line(datagram, NOW).splitlines()) == 1


def test_requests_by_the_web_are_told_once() -> None:
    head = b"<22>Mar  2 09:00:00 casier/http[12]: "
    assert told_by_nginx(head + b'[unix socket] as "a@b.fr" with "Firefox"; "POST /jmap/ HTTP/1.1"')
    assert told_by_nginx(head + b"login: [unix socket] a@b.fr Bearer User logged in SESSIONID=<x>")


def test_refused_logins_and_errors_are_kept() -> None:
    head = b"<19>Mar  2 09:00:00 casier/http[12]: "
    assert not told_by_nginx(head + b"badlogin: [unix socket] Bearer SASL(-13)")
    assert not told_by_nginx(head + b"IOERROR: as [unix socket] as")
    assert not told_by_nginx(
        head.replace(b"http", b"imap") + b"login: localhost [127.0.0.1] a@b.fr plaintext"
    )
