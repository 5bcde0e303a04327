"""A conversations database that Cyrus found torn: recognised in the log, marked until it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.torn import Mark, Marks, Witness, listed, named_in, told_in

NOW = datetime(2026, 3, 2, 8, 0, 0, 7, UTC)
OWNER = "2wq0k3haou853fk3kxo7gv7y"
PATH = f"/srv/casier/data/cyrus/config/user/uuid/2/w/{OWNER}/conversations.db".encode()
HEAD = b"<21>Mar  2 09:00:00 casier/squatter[880]: "
TORN = HEAD + b"skiplist recovery " + PATH + b": found partial txn, not replaying\0"


@pytest.mark.parametrize(
    "line",
    [
        TORN,
        HEAD + b"skiplist recovery " + PATH + b": damaged record at 4712, truncating here",
        HEAD + b"DBERROR: skiplist recovery " + PATH + b": found a RECSIZE of 0, truncating",
        HEAD + b"twoskip: recovered " + PATH + b" (12 records, 3456 bytes) in 0.01 seconds - fixed 2 offsets",
        HEAD + b"twoskip: recovery2 " + PATH + b" - rescued 11 of 12 records",
        HEAD + b"twom: recovered " + PATH + b" (12 records, 3456 bytes) in 0.001 seconds - fixed 0 offsets",
    ],
)
def test_what_cyrus_says_of_a_torn_database(line: bytes) -> None:
    assert told_in(line) == OWNER


@pytest.mark.parametrize(
    "line",
    [
        HEAD + b"skiplist: recovered " + PATH + b" (12 records, 3456 bytes) in 0 seconds",
        HEAD + b"skiplist: checkpointed " + PATH + b" (12 records, 3456 bytes) in 0 seconds",
        TORN.replace(b"conversations.db", b"seen.db"),
        HEAD + b"auditlog: append sessionid=<x> subject=<" + TORN[len(HEAD) :] + b">",
        TORN.replace(OWNER.encode(), b"../../../../etc"),
        b"",
    ],
)
def test_nothing_else_is_taken_for_it(line: bytes) -> None:
    assert told_in(line) is None


@given(st.binary(max_size=300))
def test_no_datagram_makes_the_witness_fail(datagram: bytes) -> None:
    Witness(Marks(Path("/nowhere/at/all"))).look(datagram + b"/conversations.db", NOW)


def test_a_mark_is_there_until_it_is_removed(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "torn")
    assert marks.all() == []
    Witness(marks).look(TORN, NOW)
    Witness(Marks(tmp_path / "torn")).look(TORN, NOW.replace(minute=1))
    first, second = marks.all()
    assert (first, second) == (Mark(OWNER, NOW), Mark(OWNER, NOW.replace(minute=1)))
    marks.remove(first)
    marks.remove(first)
    assert marks.all() == [second]


def test_what_could_not_be_marked_is_marked_with_the_next_line(tmp_path: Path) -> None:
    (tmp_path / "torn").touch()  # in the folder's place
    witness = Witness(Marks(tmp_path / "torn"))
    witness.look(TORN, NOW)
    (tmp_path / "torn").unlink()
    witness.look(b"<22>another line", NOW.replace(minute=5))
    assert Marks(tmp_path / "torn").all() == [Mark(OWNER, NOW)]


def test_what_is_no_mark_is_no_mark() -> None:
    for mark in (Mark(OWNER, NOW), Mark(OWNER, NOW, torn=False)):
        assert Mark.parse(str(mark)) == mark
    assert [Mark.parse(text) for text in ("", OWNER, f"../x@{NOW}", f"{OWNER}@today", ".@")] == [None] * 5


def test_whose_mailbox_it_is() -> None:
    record = '%(T e N "essai.test\x1duser\x1fbruno.test" P default V 1795326774 C 1 A %(b lrs) H ())'
    assert named_in(record) == "bruno.test@essai.test"
    assert named_in(record.replace("essai.test\x1d", "")) == "bruno.test"
    assert named_in(record.replace("user\x1f", "DELETED\x1fuser\x1f")) is None
    assert named_in(record.replace("bruno.test", "bruno.test\x1fMes cours")) == "bruno.test@essai.test"
    assert named_in("") is None


def test_only_what_has_a_mailbox_is_told() -> None:
    marks = [Mark(OWNER, NOW), Mark("gone", NOW)]
    (told,) = listed(marks, {OWNER: "b@essai.test"})
    assert told == {"mark": str(marks[0]), "mailbox": "b@essai.test", "when": NOW.isoformat(), "torn": True}
