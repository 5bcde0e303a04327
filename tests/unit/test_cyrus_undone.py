"""What was being delivered when the log ended."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from casier.engines.cyrus.undone import last_folders, under_way


def appended(second: int, pid: int, folder: str, program: str = "lmtp") -> bytes:
    said = f"auditlog: append sessionid=<casier-1-2> mailbox=<essai.test!user.b> uniqueid=<{folder}> uid=<7>"
    return f"2026-03-02T08:00:{second:02}.123456Z notice casier/{program}[{pid}]: {said}\n".encode()


def test_the_last_of_each_process() -> None:
    tail = appended(1, 7, "one") + appended(2, 8, "two") + appended(3, 7, "three")
    assert last_folders(tail) == {"two", "three"}


def test_what_was_stored_long_before_was_done() -> None:
    later = b"2026-03-02T08:02:00.000000Z info casier/master[1]: something else\n"
    assert last_folders(appended(1, 7, "one") + later + appended(5, 8, "two")) == set()
    assert last_folders(appended(1, 7, "one") + later.replace(b":02:", b":00:")) == {"one"}


def test_only_deliveries_come_again() -> None:
    assert last_folders(appended(1, 7, "one", "imap") + appended(2, 8, "two", "http")) == set()


@given(st.binary(max_size=300))
def test_any_end_of_a_log_can_be_read(tail: bytes) -> None:
    last_folders(tail + appended(1, 7, "one")[:60] + b"\n" + tail)


def test_the_end_of_a_long_log_is_enough(tmp_path: Path) -> None:
    log = tmp_path / "cyrus.log"
    assert under_way(log) == set()
    log.write_bytes(appended(1, 7, "one") + b"x" * 300_000 + b"\n" + appended(2, 8, "two"))
    assert under_way(log) == {"two"}
