"""Logs go with their dates: begun anew each month, gone within a year, also where nobody writes much."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casier.engines.supervise import ageing, daemon
from casier.engines.supervise.daemon import PatientLog

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


def test_a_log_is_begun_anew_each_month(tmp_path: Path) -> None:
    log = tmp_path / "postfix.log"
    assert not ageing.too_long(log, NOW)
    log.write_text("first\n")
    assert not ageing.too_long(log, NOW)
    assert not ageing.too_long(log, days(30))
    assert ageing.too_long(log, days(31))
    ageing.begun(log, days(31))
    assert not ageing.too_long(log, days(60))


def test_an_empty_log_has_not_begun(tmp_path: Path) -> None:
    log = tmp_path / "postfix.log"
    log.touch()
    assert not ageing.too_long(log, NOW)
    assert not ageing.too_long(log, days(200))
    log.write_text("first\n")
    assert not ageing.too_long(log, days(201))
    assert ageing.too_long(log, days(232))


def test_a_mark_that_a_full_disk_cut_short_is_made_anew(tmp_path: Path) -> None:
    log = tmp_path / "postfix.log"
    log.write_text("first\n")
    ageing.too_long(log, NOW)
    (tmp_path / ".begun" / "postfix.log").write_text("")
    assert not ageing.too_long(log, days(5))
    assert ageing.too_long(log, days(36))


def test_what_is_put_aside_goes_so_that_no_line_is_older_than_a_year(tmp_path: Path) -> None:
    files = {"nginx-access.log.1": 300, "nginx-access.log.2": 333, "cyrus.log.11": 335, "postfix.log": 900}
    for name, age in files.items():
        (tmp_path / name).write_text("x\n")
        at = days(-age).timestamp()
        os.utime(tmp_path / name, (at, at))
    assert ageing.forget_old(tmp_path, NOW) == ["cyrus.log.11"]
    assert (tmp_path / "postfix.log").exists()


def supervisor(folder: Path, handler: PatientLog, told: list[int]) -> Any:
    process = SimpleNamespace(
        dispatchers={1: SimpleNamespace(normallog=SimpleNamespace(handlers=[handler])), 2: SimpleNamespace()},
        signal=told.append,
    )
    made = daemon._Supervisor.__new__(daemon._Supervisor)
    made.options = SimpleNamespace(childlogdir=str(folder), logger=SimpleNamespace(handlers=[]))
    made.process_groups = {"nginx": SimpleNamespace(processes={"nginx": process})}
    return made


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[PatientLog]:
    log = PatientLog(str(tmp_path / "nginx.log"), maxBytes=1_000_000, backupCount=11)
    log.stream.write(b"a line of September\n")
    log.stream.flush()
    yield log
    log.close()


def test_the_supervisor_begins_logs_anew_and_forgets(tmp_path: Path, handler: PatientLog) -> None:
    told: list[int] = []
    made = supervisor(tmp_path, handler, told)
    access = tmp_path / "nginx-access.log"
    access.write_text("GET /courrier/ 192.0.2.7\n")
    made.keep_to_the_dates(NOW)
    assert not told
    made.keep_to_the_dates(days(32))
    assert (tmp_path / "nginx.log.1").read_text() == "a line of September\n"
    assert (tmp_path / "nginx-access.log.1").read_text() == "GET /courrier/ 192.0.2.7\n"
    assert len(told) == 1
    handler.stream.write(b"a line of October\n")
    handler.stream.flush()
    for aside in ("nginx.log.1", "nginx-access.log.1"):
        os.utime(tmp_path / aside, (NOW.timestamp(), NOW.timestamp()))
    made.keep_to_the_dates(days(335))
    # What was put aside on this day holds October, and stays.
    assert "September" not in "".join(path.read_text() for path in tmp_path.glob("*.log*"))
    assert "October" in "".join(path.read_text() for path in tmp_path.glob("*.log*"))
