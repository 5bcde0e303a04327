"""The supervisor's logs on a disk without room: /dev/full stands for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from supervisor.loggers import LevelsByName, LogRecord

from casier.engines.supervise.daemon import PatientLog

pytestmark = pytest.mark.engines


def say(log: PatientLog, text: str) -> None:
    log.emit(LogRecord(LevelsByName.INFO, text + "\n"))


def test_lines_are_lost_while_there_is_no_room_and_kept_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "part.log"
    path.symlink_to("/dev/full")
    log = PatientLog(str(path), "ab", 1000, 2)
    log.setFormat("%(message)s")
    say(log, "lost")
    say(log, "lost too")
    path.unlink()
    say(log, "lost: the old file is still open")
    say(log, "kept")
    log.close()
    assert path.read_text() == "kept\n"


def test_it_rotates_by_size(tmp_path: Path) -> None:
    path = tmp_path / "part.log"
    log = PatientLog(str(path), "ab", 50, 2)
    log.setFormat("%(message)s")
    for number in range(30):
        say(log, f"line {number:03d}")
    log.close()
    assert {one.name for one in tmp_path.iterdir()} == {"part.log", "part.log.1", "part.log.2"}
