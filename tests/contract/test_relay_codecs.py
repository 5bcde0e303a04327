"""What Cyrus says to the relay, as it was recorded from Cyrus 3.6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.edge.relay import attachments, frames, notifications, structure
from casier.edge.relay.attachments import NOTHING, SET_KEYWORD, has_attachments, read_part
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


RECORDED = (
    b'(FILENAME "/spool/1." ANNOTATIONS () FLAGS (\\Seen) BODY (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 0 NIL '
    b'NIL NIL NIL (OFFSET 90 HEADERSIZE 28))("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "7BIT" 1 NIL '
    b'("ATTACHMENT" ("FILENAME" "a.pdf")) NIL NIL (OFFSET 196 HEADERSIZE 94)) "MIXED" ("BOUNDARY" "b") NIL '
    b"NIL NIL) GUID f142f1e1f67254b48cf642ca0e9d0d1aae016195)"
)
TEXT = '("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" 12 1 NIL NIL NIL NIL)'
HTML = '("TEXT" "HTML" NIL NIL NIL "8BIT" 12 1 NIL NIL NIL NIL)'
ENVELOPE = '("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL)'
LETTER = f'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 {ENVELOPE} {TEXT} 3 NIL NIL NIL NIL)'


def leaf(kind: str, name: str = "", content_id: str = "", disposition: str = "NIL") -> str:
    """The structure of one part, as Cyrus writes it."""
    main, sub = kind.upper().split("/")
    parameters = f'("NAME" "{name}")' if name else "NIL"
    lines = " 1" if main == "TEXT" else ""
    cid = f'"{content_id}"' if content_id else "NIL"
    return f'("{main}" "{sub}" {parameters} {cid} NIL "7BIT" 9{lines} NIL {disposition} NIL NIL)'


def multipart(kind: str, *parts: str) -> str:
    return f'({"".join(parts)} "{kind}" ("BOUNDARY" "b") NIL NIL NIL)'


def test_the_recorded_question() -> None:
    assert attachments.answer(RECORDED) == SET_KEYWORD
    assert attachments.answer(RECORDED.replace(b"ATTACHMENT", b"INLINE").replace(b"PDF", b"X")) == SET_KEYWORD
    assert SET_KEYWORD.endswith(b"\r\n")  # Cyrus reads one character beyond the list


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TEXT, False),
        (multipart("ALTERNATIVE", TEXT, HTML), False),
        (multipart("MIXED", TEXT, leaf("image/png")), True),
        (multipart("RELATED", HTML, leaf("image/png", "", "<a@b>", '("INLINE" NIL)')), False),
        (multipart("RELATED", HTML, leaf("image/png")), False),
        (multipart("RELATED", HTML, leaf("image/png", "", "<a@b>", '("ATTACHMENT" NIL)')), True),
        (multipart("SIGNED", TEXT, leaf("application/pgp-signature", "s.asc")), False),
        (multipart("MIXED", TEXT, leaf("text/calendar", "i.ics")), False),
        (multipart("MIXED", TEXT, leaf("text/plain", "notes.txt")), True),
        (multipart("MIXED", TEXT, leaf("text/plain", "", "", '("ATTACHMENT" ("FILENAME*0" "n"))')), True),
        (multipart("MIXED", TEXT, LETTER), True),
        (multipart("REPORT", TEXT, leaf("message/delivery-status"), LETTER), False),
        (leaf("application/pdf"), True),
    ],
)
def test_what_counts_as_an_attachment(body: str, expected: bool) -> None:
    part = read_part(structure.parse(body.encode()))
    assert has_attachments(part) is expected


@given(st.binary(max_size=200))
def test_a_structure_that_can_not_be_read_stops_no_mail(data: bytes) -> None:
    assert attachments.answer(data) in (SET_KEYWORD, NOTHING)
    assert attachments.answer(b"(BODY " + data + b")") in (SET_KEYWORD, NOTHING)


def test_nested_without_end() -> None:
    assert attachments.answer(b"(BODY " + b"(" * 100_000) == NOTHING


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'"a \\"b\\" \\\\"', 'a "b" \\'),
        (b"{5}\r\na(b)c", "a(b)c"),
        (b"{2+}\r\n)(", ")("),
        (b"(NIL NILS ())", [None, "NILS", []]),
        ('"é"'.encode(), "é"),
    ],
)
def test_lists(text: bytes, value: object) -> None:
    assert structure.parse(text) == value


@pytest.mark.parametrize("text", [b"", b"(", b'"a', b"{9}\r\na", b"{x}\r\na", b")", b"{99999999999}\r\n"])
def test_broken_lists(text: bytes) -> None:
    with pytest.raises(structure.Malformed):
        structure.parse(text)


@given(st.text(max_size=50), st.lists(st.text(max_size=20), max_size=4))
def test_an_event_is_two_lines(account: str, types: list[str]) -> None:
    try:
        frame = frames.changed(account, types)
    except UnicodeEncodeError:
        return
    assert frame.count(b"\n") == 3
    assert b"\r" not in frame
