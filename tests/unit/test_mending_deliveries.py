"""What counts as delivered twice, and which of the two stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from casier.mailbox.mending.deliveries import Copy, Delivery, candidates, delivery_of, doubled
from casier.mailbox.mending.looking import Period, parse_copies

TORN_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SINCE = TORN_AT - timedelta(minutes=15)


def message(number: int, body: bytes = b"Bonjour,\r\n", queue_id: str = "7325E44A668") -> bytes:
    head = (
        "Return-Path: <a@essai.test>\r\n"
        "Received: from localhost ([unix socket])\r\n"
        "\t by localhost (Cyrus 3.6.1) with LMTPA;\r\n\t Mon, 02 Mar 2026 08:00:00 +0000\r\n"
        f"X-Cyrus-Session-Id: casier-1795326810-6963-{number}\r\nX-Sieve: CMU Sieve 3.0\r\n"
        f"Received: from x (unknown [192.0.2.1])\r\n\tby localhost (Postfix) with ESMTP id {queue_id}\r\n"
        "Message-ID: <1@essai.test>\r\nFrom: a@essai.test\r\nSubject: bonjour\r\n\r\n"
    )
    return head.encode() + body


def delivery(content: bytes) -> Delivery | None:
    return delivery_of(in_pieces(content, 50))


def in_pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def copy(uid: int, *flags: str, minutes: float = 1, message_id: bytes = b"<1@essai.test>") -> Copy:
    return Copy(uid, TORN_AT + timedelta(minutes=minutes), frozenset(flags), message_id)


def found(*copies: Copy, contents: dict[int, bytes] | None = None) -> list[tuple[int, list[int]]]:
    """UID of what stays and of what goes; unless CONTENTS says otherwise each is a delivery of the same."""
    held = contents or {copy.uid: message(copy.uid) for copy in copies}
    known = {uid: each for uid, content in held.items() if (each := delivery(content))}
    return [
        (each.kept.uid, [gone.uid for gone in each.removed])
        for same in candidates(copies, SINCE)
        for each in doubled(same, known, SINCE)
    ]


def test_the_same_message_delivered_again() -> None:
    first, second = delivery(message(1)), delivery(message(2))
    assert first
    assert second
    assert first.content == second.content
    assert first.number != second.number
    assert delivery(message(1, queue_id="OTHER")) == first, "a second way through the queue"
    dated = message(2).replace(b"From:", b"Date: Mon, 02 Mar 2026 08:00:00 +0000\r\nFrom:")
    assert delivery(dated) == second, "Cyrus dates what has no date, each time anew"


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_however_it_is_read_it_is_the_same(size: int) -> None:
    assert delivery_of(in_pieces(message(1), size)) == delivery(message(1))


def test_another_text_or_header_is_another_message() -> None:
    first = delivery(message(1))
    assert first
    for other in (message(2, b"Bonsoir,\r\n"), message(2).replace(b"bonjour", b"bonsoir")):
        second = delivery(other)
        assert second
        assert second.content != first.content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: written here\r\n\r\nBonjour,\r\n",
        message(1).replace(b"LMTPA", b"ESMTP"),
        message(1).replace(b"Return-Path", b"X-Path"),
    ],
)
def test_what_came_by_another_road_is_no_delivery(content: bytes) -> None:
    assert delivery(content) is None


def test_the_later_stays_when_nobody_has_touched_either() -> None:
    assert found(copy(7), copy(9)) == [(9, [7])]
    assert found(copy(7, "\\Recent", "$HasAttachment"), copy(9)) == [(9, [7])]
    assert found(copy(7), copy(9), copy(12)) == [(12, [7, 9])]


@pytest.mark.parametrize("flag", ["\\Seen", "\\Flagged", "\\Answered", "$Forwarded", "urgent"])
def test_the_one_somebody_has_touched_stays(flag: str) -> None:
    assert found(copy(7, flag), copy(9)) == [(7, [9])]
    assert found(copy(7), copy(9, flag)) == [(9, [7])]


def test_what_was_done_with_both_is_kept() -> None:
    copies = [copy(7, "\\Seen", "\\Flagged"), copy(9, "\\Seen", "urgent", "\\Recent", "$HasAttachment")]
    known = {each.uid: Delivery(b"%d" % each.uid, b"same") for each in copies}
    (both,) = doubled(copies, known, SINCE)
    assert (both.kept.uid, both.marks_to_add) == (9, frozenset({"\\Flagged"}))


def test_a_person_s_own_copies_stay() -> None:
    copied = {7: message(1), 9: message(1)}  # COPY, or APPEND of what was downloaded: the same to the octet
    assert found(copy(7), copy(9), contents=copied) == []
    written = {7: b"Subject: x\r\n\r\nx", 9: b"Subject: x\r\n\r\nx"}
    assert found(copy(7), copy(9), contents=written) == []
    assert found(copy(7), copy(9), contents={7: message(1), 9: written[9]}) == []


def test_where_somebody_has_copied_one_of_two_all_stay() -> None:
    contents = {7: message(1), 9: message(2), 12: message(1)}
    assert found(copy(7), copy(9), copy(12), contents=contents) == []


def test_only_what_came_around_the_tear_is_looked_at() -> None:
    assert found(copy(7, minutes=-60), copy(9, minutes=-16)) == []
    assert found(copy(7, minutes=-60), copy(9, minutes=1)) == [(9, [7])], "the first before a long power cut"


def test_other_messages_drafts_and_what_is_deleted_do_not_count() -> None:
    assert found(copy(7), copy(9, message_id=b"<2@essai.test>")) == []
    assert found(copy(7, message_id=b""), copy(9, message_id=b"")) == []
    assert found(copy(7, "\\Deleted"), copy(9)) == []
    assert found(copy(7, "\\Draft"), copy(9, "\\draft")) == []


def test_what_the_store_tells_of_a_message() -> None:
    text = b"Message-Id:\r\n <1@essai.test>\r\n\r\n"
    facts = b'FLAGS (\\Seen urgent) UID 12 INTERNALDATE " 2-Mar-2026 09:00:00 +0100"'
    line = b"* 3 FETCH (%b BODY[] {%d}\r\n%b)\r\n" % (facts, len(text), text)
    (told,) = parse_copies([line, b"* 4 FETCH (FLAGS ())\r\n", b"* OK\r\n"])
    assert told == Copy(12, TORN_AT, frozenset(("\\Seen", "urgent")), b"<1@essai.test>")


def test_the_store_is_asked_for_as_long_as_postfix_keeps_a_message() -> None:
    assert Period.around(TORN_AT, TORN_AT + timedelta(minutes=5)).search == f"YOUNGER {5 * 86400 + 20 * 60}"
