"""An mbox is cut where its messages end, and nowhere else."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from casier.mailbox.importing import mbox
from casier.mailbox.importing.found import MESSAGE_LIMIT, Message, Reason, Unreadable

SEPARATOR = b"From claire@ecole.example Tue Mar  3 09:12:00 2026\n"


def message(subject: str, body: str = "Bonjour.\n", *more: str) -> bytes:
    head = [f"Subject: {subject}", *more]
    return ("\n".join(head) + "\n\n" + body).encode()


def read(content: bytes) -> list[Message]:
    found = list(mbox.read(io.BytesIO(content), "courrier.mbox", ()))
    assert all(isinstance(one, Message) for one in found)
    return [one for one in found if isinstance(one, Message)]


def bodies(content: bytes) -> list[bytes]:
    return [one.content.partition(b"\n\n")[2] for one in read(content)]


def test_messages_come_in_order_with_their_place() -> None:
    found = read(SEPARATOR + message("un") + b"\n" + SEPARATOR + message("deux") + b"\n")
    assert [one.content for one in found] == [message("un"), message("deux")]
    assert found[1].origin.position == f"message 2, octet {len(SEPARATOR + message('un')) + 1}"


def test_the_separator_gives_the_date() -> None:
    assert read(SEPARATOR + message("un"))[0].container_date == datetime(2026, 3, 3, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "From me to you, with thanks.",
        "From the 3rd on, we meet at 10:00.",
    ],
)
def test_a_sentence_that_begins_with_from_is_text(line: str) -> None:
    text = f"Hello.\n\n{line}\nBye.\n"
    assert bodies(SEPARATOR + message("un", text)) == [text.encode()]


def test_a_separator_needs_no_blank_line_when_it_is_exact() -> None:
    assert len(read(SEPARATOR + message("un") + SEPARATOR + message("deux"))) == 2


def test_a_loose_separator_needs_a_blank_line() -> None:
    loose = b"From - Tue, 3 Mar 2026 09:12\n"
    assert len(read(loose + message("un") + b"\n" + loose + message("deux"))) == 2
    assert len(read(loose + message("un") + loose + message("deux"))) == 1


def test_quoted_from_lines_are_as_they_were_written() -> None:
    quoted = SEPARATOR + message("un", ">From here on.\n>>From there.\n> From is no sign.\n")
    assert bodies(quoted) == [b"From here on.\n>From there.\n> From is no sign.\n"]


def test_a_true_length_is_believed_and_nothing_in_it_is_quoted() -> None:
    text = "avant\n\n" + SEPARATOR.decode() + ">From ici\napres\n"
    counted = message("un", text, f"Content-Length: {len(text)}")
    found = bodies(SEPARATOR + counted + b"\n" + SEPARATOR + message("deux"))
    assert found == [text.encode(), b"Bonjour.\n"]


@pytest.mark.parametrize("length", ["3", "99999", "x", "-1"])
def test_a_wrong_length_swallows_nothing(length: str) -> None:
    counted = message("un", "Bonjour.\n", f"Content-Length: {length}")
    assert bodies(SEPARATOR + counted + b"\n" + SEPARATOR + message("deux")) == [b"Bonjour.\n"] * 2


def test_state_lines_become_flags_and_leave_the_message() -> None:
    lines = ("Status: RO", "X-Status: AF", "X-Keywords: travail urgent", "X-UID: 12")
    found = read(SEPARATOR + message("un", "Bonjour.\n", *lines))[0]
    assert found.flags == {"\\Seen", "\\Answered", "\\Flagged", "travail", "urgent"}
    assert found.content == message("un")


def test_reading_again_after_someone_read_the_mail_gives_the_same_message() -> None:
    new = read(SEPARATOR + message("un", "Bonjour.\n", "Status: O"))[0]
    old = read(SEPARATOR + message("un", "Bonjour.\n", "Status: RO"))[0]
    assert (new.content, new.flags) == (old.content, old.flags - {"\\Seen"})


def test_what_thunderbird_deleted_is_not_brought_back() -> None:
    kept = message("un", "Bonjour.\n", "X-Mozilla-Status: 0001")
    gone = message("deux", "Bonjour.\n", "X-Mozilla-Status: 0009")
    found = read(SEPARATOR + kept + b"\n" + SEPARATOR + gone)
    assert [(one.content, one.flags) for one in found] == [(message("un"), frozenset({"\\Seen"}))]


def test_the_false_first_message_of_some_servers_is_no_message() -> None:
    state = message("DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA", "…\n", "X-IMAP: 1 2")
    assert [one.content for one in read(SEPARATOR + state + b"\n" + SEPARATOR + message("un"))] == [
        message("un")
    ]


def test_crlf_files_are_read_too() -> None:
    content = (SEPARATOR + message("un") + b"\n" + SEPARATOR + message("deux")).replace(b"\n", b"\r\n")
    assert [one.content.replace(b"\r\n", b"\n") for one in read(content)] == [message("un"), message("deux")]


def test_a_message_beyond_measure_is_reported_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "MESSAGE_LIMIT", 2000)
    large = message("un", "mot " * 1000 + "\n")
    found = list(mbox.read(io.BytesIO(SEPARATOR + large + b"\n" + SEPARATOR + message("deux")), "x", ()))
    assert isinstance(found[0], Unreadable)
    assert found[0].reason is Reason.TOO_LARGE
    assert isinstance(found[1], Message)
    assert MESSAGE_LIMIT > 140_000_000
