"""What Cyrus says to the relay, as it was recorded from Cyrus 3.6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.edge.relay import frames, notifications
from casier.edge.relay.notifications import change_in, event_in, owner_of

HEAD = b"relay\0EVENT\0\0\0\x000\0"
APPENDED = HEAD + (
    b'{"event":"MessageAppend","timestamp":"2026-11-21T23:26:36.837Z","service":"imap",'
    b'"mailboxID":"zewan46owk0uc21uuhb78uif",'
    b'"uri":"imap://localhost/user/camille%40ac-rouen.test;UIDVALIDITY=1795303597/;UID=1","modseq":4,'
    b'"messages":1,"vnd.cmu.unseenMessages":1,"uidnext":2,"pid":8722,"user":"camille@ac-rouen.test",'
    b'"vnd.cmu.mbtype":"e","serverFQDN":"localhost","vnd.cmu.mailboxACL":'
    b'"camille@ac-rouen.test\\tlrswipkxtecdan\\tcasier-admin\\tlrswipkxtecdan\\tautre@ac-rouen.test\\tlrs\\t'
    b'sourd@ac-rouen.test\\tp\\tanyone\\tlr\\t-exclu@ac-rouen.test\\tlr\\t"}\0'
)


def test_who_sees_a_change() -> None:
    change = change_in(event_in(APPENDED))
    assert change is not None
    assert change.account == "camille@ac-rouen.test"
    assert change.types == ("Email", "Mailbox", "Thread")
    assert change.audience == {"camille@ac-rouen.test", "autre@ac-rouen.test"}


@pytest.mark.parametrize(
    ("letter", "types"),
    [("c", ("CalendarEvent",)), ("a", ("ContactCard",)), ("e", ("Email", "Mailbox", "Thread"))],
)
def test_what_changed(letter: str, types: tuple[str, ...]) -> None:
    change = change_in(
        event_in(APPENDED.replace(b'"vnd.cmu.mbtype":"e"', f'"vnd.cmu.mbtype":"{letter}"'.encode()))
    )
    assert change is not None
    assert change.types == types


@pytest.mark.parametrize(
    ("uri", "owner"),
    [
        ("imap://localhost/user/camille%40ac-rouen.test;UIDVALIDITY=1", "camille@ac-rouen.test"),
        ("imap://h/user/camille/Sent%40ac-rouen.test;UIDVALIDITY=1/;UID=3", "camille@ac-rouen.test"),
        ("imap://h/user/c.martin/A/B%20C%40ac-rouen.test", "c.martin@ac-rouen.test"),
        ("imap://h/user/c/un%40deux%40ac-rouen.test", "c@ac-rouen.test"),
        ("imap://h/user/simple", "simple"),
        ("imap://h/shared/x", ""),
        ("", ""),
    ],
)
def test_whose_mailbox(uri: str, owner: str) -> None:
    assert owner_of(uri) == owner


@given(st.binary(max_size=200))
def test_noise_is_no_notification(data: bytes) -> None:
    for datagram in (data, HEAD + data):
        try:
            change = change_in(event_in(datagram))
        except notifications.Malformed:
            continue
        assert change is None or change.account


@given(st.text(max_size=50), st.lists(st.text(max_size=20), max_size=4))
def test_an_event_is_two_lines(account: str, types: list[str]) -> None:
    try:
        frame = frames.changed(account, types)
    except UnicodeEncodeError:
        return
    assert frame.count(b"\n") == 3
    assert b"\r" not in frame
