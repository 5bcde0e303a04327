from __future__ import annotations

from pathlib import Path

from casier.engines.supervise.rotation import OwnLog, rotate

LOG = OwnLog("nginx", "access.log", limit=10, backups=2)


def test_a_large_file_is_put_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    for turn in "abc":
        (tmp_path / LOG.name).write_text(turn * 20)
        assert rotate(tmp_path, LOG)
    assert {path.name: path.read_text()[0] for path in tmp_path.iterdir()} == {
        "access.log.1": "c",
        "access.log.2": "b",
    }


def test_a_small_or_missing_one_is_left_alone(tmp_path: Path) -> None:
    assert not rotate(tmp_path, LOG)
    (tmp_path / LOG.name).write_text("small")
    assert not rotate(tmp_path, LOG)
