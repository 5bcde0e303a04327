"""What each delivery asks of the Python parts: a question about its structure, lines for the log."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.arriving.callout import Chunks, Malformed
from casier.engines.cyrus.syslog import arriving, worth_keeping

HEAD = b"<21>Mar  2 09:00:00 casier/"


@given(st.binary(min_size=1, max_size=300), st.integers(1, 300), st.integers(1, 50))
def test_arguments_are_whole_however_they_are_cut(arguments: bytes, chunk: int, piece: int) -> None:
    parts = [arguments[at : at + chunk] for at in range(0, len(arguments), chunk)]
    wire = b"".join(b"%d\n%s" % (len(part), part) for part in parts) + b"0\n"
    chunks = Chunks()
    answers = [chunks.feed(wire[at : at + piece]) for at in range(0, len(wire), piece)]
    assert answers[-1] == arguments
    assert answers[:-1] == [None] * (len(answers) - 1)


@pytest.mark.parametrize("wire", [b"nonsense\n", b"-5\n", b"9" * 20, b"99999999999\n"])
def test_what_cyrus_would_not_send_is_refused(wire: bytes) -> None:
    with pytest.raises(Malformed):
        Chunks().feed(wire)


def test_the_trace_of_a_message_is_kept() -> None:
    assert worth_keeping(HEAD + b"lmtp[12]: auditlog: append sessionid=<x> mailbox=<a.fr!user.b> uid=<3>")
    assert worth_keeping(HEAD + b"lmtp[12]: Delivered: <1@a.fr> to mailbox: a.fr!user.b")
    assert worth_keeping(HEAD + b"squatter[12]: IOERROR: caught exception")
    assert worth_keeping(HEAD + b"imap[12]: login: USAGE of the agendas")


def test_the_time_that_each_transaction_took_is_not() -> None:
    assert not worth_keeping(HEAD + b"lmtp[12]: USAGE a@b.fr user: 0.000633 sys: 0.002370")
    assert not worth_keeping(HEAD + b"squatter[12]: indexing mailbox user/a@b.fr...")
    assert not worth_keeping(HEAD + b"squatter[12]: Xapian committed 1 updates in 0.002788 sec")


def test_all_that_waits_is_taken_at_once() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        for text in (b"one", b"two", b"three"):
            theirs.send(text)
        assert list(arriving(ours)) == [b"one", b"two", b"three"]
