"""Dates, flags, folder names, and the form that the store takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.mailbox.importing import attachments, dates, flags, headers, names, normal
from casier.mailbox.importing.normal import NotMail, Repair, normalise

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENT = b"Date: Tue, 03 Mar 2026 09:12:00 +0100\n"
RECEIVED = (
    b"Received: from a by b;\n\tTue, 3 Mar 2026 09:15:00 +0100\n"
    b"Received: from c by a; Mon, 2 Mar 2026 08:00:00 +0000\n"
)


# Dates -------------------------------------------------------------------------------------------
def test_delivery_comes_before_container_and_container_before_writing() -> None:
    container = datetime(2026, 3, 4, tzinfo=UTC)
    assert dates.received(RECEIVED + SENT, container, NOW) == datetime(2026, 3, 3, 8, 15, tzinfo=UTC)
    assert dates.received(SENT, container, NOW) == container
    assert dates.received(SENT, None, NOW) == datetime(2026, 3, 3, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", [b"le trois mars", b"", b"Tue, 03 Mar 2199 09:12:00 +0100", b"1 Jan 1904 00:00 +0000"]
)
def test_a_date_that_cannot_be_is_passed_over(date: bytes) -> None:
    container = datetime(2026, 3, 4, tzinfo=UTC)
    assert dates.received(b"Date: " + date + b"\n", container, NOW) == container
    assert dates.received(b"Date: " + date + b"\n", None, NOW) == NOW


def test_a_files_time_counts_only_without_a_date_of_writing() -> None:
    file_time = datetime(2026, 5, 1, tzinfo=UTC)
    assert dates.of_file(SENT + b"\ntexte", file_time) is None
    assert dates.of_file(b"Subject: x\n\ntexte", file_time) == file_time


def test_imap_dates_are_english_whatever_the_locale() -> None:
    assert dates.imap(datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)) == " 3-Feb-2026 04:05:06 +0000"


# Flags -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1.a.host:2,FRS", {"\\Flagged", "\\Answered", "\\Seen"}),
        ("1.a.host;2,S", {"\\Seen"}),
        ("1.a.host!2,DPT", {"\\Draft", "$Forwarded", "\\Deleted"}),
        ("1.a.host:2,Sa", {"\\Seen", "travail"}),
        ("1.a.host:2,", set()),
        ("1.a.host", set()),
        ("1.a.host:1,S", set()),
    ],
)
def test_maildir_names(name: str, expected: set[str]) -> None:
    assert flags.of_maildir_name(name, {"a": "travail"}) == expected


def test_what_is_no_keyword_is_left_out() -> None:
    assert flags.keywords(["bon", "deux mots", "\\Recent", "a(b", "é", "x" * 80]) == {"bon"}


# Folder names ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["INBOX", "A"], ("A",)),
        (["Boîte de réception"], ()),
        (["..", "etc", "passwd"], ("etc", "passwd")),
        (["a/b", "c*d%"], ("a_b", "c_d_")),
        (["x" * 300], ("x" * 100,)),
        ([str(n) for n in range(20)], tuple(str(n) for n in range(10))),
    ],
)
def test_clean_names(parts: list[str], expected: tuple[str, ...]) -> None:
    assert names.clean(parts) == expected


def test_special_folders_meet_those_of_the_store() -> None:
    special = {"\\Sent": "Sent", "\\Trash": "Trash"}
    assert names.on_store(("Éléments envoyés",), special) == "Sent"
    assert names.on_store(("Sent", "2019"), special) == "Sent/2019"
    assert names.on_store(("Projets", "Sent"), special) == "Projets/Sent"
    assert names.on_store(("Brouillons",), special) == "Brouillons"
    assert names.on_store((), special) == "INBOX"


@given(st.text(max_size=30))
def test_modified_utf7_goes_both_ways(name: str) -> None:
    name = name.encode("utf-16", "ignore").decode("utf-16")
    coded = names.encode(name)
    assert coded.isascii()
    assert names.decode(coded) == name


# The form that the store takes -------------------------------------------------------------------
def test_line_ends_are_no_repair() -> None:
    assert normalise(b"Subject: x\n\nune\r\ndeux\n") == normal.Normal(b"Subject: x\r\n\r\nune\r\ndeux\r\n")


@pytest.mark.parametrize(
    ("content", "expected", "repair"),
    [
        (b"Subject: x\n\na\0b\n", b"Subject: x\n\nab\n", Repair.NUL),
        (
            b"Subject: x\nperdue\nTo: y\n\na\n",
            b"Subject: x\nX-Unparsed-Header: perdue\nTo: y\n\na\n",
            Repair.HEADER_LINE,
        ),
        (
            b"Subject: x\nle texte\nsuite\n\nfin\n",
            b"Subject: x\n\nle texte\nsuite\n\nfin\n",
            Repair.BLANK_LINE,
        ),
        (
            b"Content-Transfer-Encoding: 7-bit\n\na\n",
            b"Content-Transfer-Encoding: 8bit\n\na\n",
            Repair.ENCODING,
        ),
    ],
)
def test_repairs(content: bytes, expected: bytes, repair: Repair) -> None:
    assert normalise(content) == normal.Normal(expected.replace(b"\n", b"\r\n"), frozenset({repair}))


def test_an_encoding_named_in_the_text_is_text() -> None:
    content = b"Subject: x\r\n\r\nJ'ai lu\r\nContent-Transfer-Encoding: 7-bit\r\ndans la source.\r\n"
    assert normalise(content).content == content


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%\xe2\n", b"Ceci est une note.\n\nSans en-tete.\n", b"\n\n"])
def test_what_has_no_field_is_no_mail(content: bytes) -> None:
    with pytest.raises(NotMail):
        normalise(content)


@given(st.binary(max_size=400))
def test_whatever_comes_out_may_be_stored(content: bytes) -> None:
    try:
        stored = normalise(b"Subject: x\n" + content).content
    except NotMail:
        return
    assert b"\0" not in stored
    assert b"\n" not in stored.replace(b"\r\n", b"")
    head = headers.block(stored)
    assert all(headers.is_field(line) or line[:1] in (b" ", b"\t") for line in head.split(b"\r\n") if line)


@given(st.binary(max_size=400))
def test_doing_it_twice_changes_nothing(content: bytes) -> None:
    """What was imported once has the same fingerprint when it is exported and imported again."""
    try:
        once = normalise(b"Subject: x\n" + content).content
    except NotMail:
        return
    assert normalise(once).content == once


# Attachments -------------------------------------------------------------------------------------
def parts(*kinds: str) -> bytes:
    body = "".join(f"--f\n{kind}\n\nx\n" for kind in kinds)
    return f'Content-Type: multipart/mixed; boundary="f"\n\n{body}--f--\n'.encode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Subject: x\n\ntexte", False),
        (b"Content-Type: application/pdf\n\nx", True),
        (parts("Content-Type: text/plain"), False),
        (parts("Content-Type: text/plain", "Content-Type: application/pdf"), True),
        (parts("Content-Type: text/plain", "Content-Type: image/png\nContent-ID: <a>"), False),
        (parts("Content-Type: text/plain", 'Content-Type: text/plain; name="a.txt"'), True),
        (parts("Content-Type: text/plain", "Content-Type: application/pgp-signature"), False),
        (parts("Content-Type: text/plain", "Content-Type: message/rfc822\n\nSubject: y"), True),
    ],
)
def test_has_attachment(content: bytes, expected: bool) -> None:
    assert attachments.has_attachment(content) is expected
