from __future__ import annotations

from pathlib import Path

from engine_logs import Watch


def test_an_error_line_is_found_and_an_expected_one_is_not(tmp_path: Path) -> None:
    log = tmp_path / "cyrus.log"
    log.write_text("2026-01-01T00:00:00Z error casier/http[1]: before\n")
    watch = Watch(tmp_path, starts={log: log.stat().st_size})
    with log.open("a") as file:
        file.write("2026-01-01T00:00:01Z info casier/http[1]: fine\n")
        file.write("2026-01-01T00:00:01Z error casier/http[1]: DBERROR: broken\n")
        file.write("2026-01-01T00:00:01Z error casier/http[1]: known to this test\n")
    watch.allow("cyrus", "known to this test")
    assert watch.unexpected() == ["cyrus: 2026-01-01T00:00:01Z error casier/http[1]: DBERROR: broken"]


def test_a_rotated_log_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "nginx.log"
    log.write_text("[error] 1#1: after rotation\n")
    watch = Watch(tmp_path, starts={log: 10_000})
    assert watch.unexpected() == ["nginx: [error] 1#1: after rotation"]
