"""The command line on a machine where nothing was ever started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casier.boot.content import CONTENT

SOURCE = Path(__file__).resolve().parents[2] / "src"


def casier(*words: str, language: str = "C.UTF-8", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line. It sees no instance but the one in MORE."""
    values = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "LANG": language, **more}
    command = [sys.executable, "-m", "casier.boot", *words]
    return subprocess.run(command, env=values, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("group", [group.name for group in CONTENT])
def test_help_needs_no_instance(group: str, tmp_path: Path) -> None:
    done = casier(group, "--help", "--instance", str(tmp_path / "none"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"casier {group}" in done.stdout


@pytest.mark.parametrize(
    "words",
    [("account", "create"), ("functional", "member", "add"), ("journal", "verify"), ("mail", "import")],
)
def test_help_of_one_command_needs_no_instance(words: tuple[str, ...]) -> None:
    done = casier(*words, "--help", CASIER_INSTANCE="/nonexistent")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"casier {' '.join(words)} " in done.stdout


@pytest.mark.parametrize(
    "words", [("account", "list"), ("provision", "--check"), ("status",), ("logs",), ("apply",), ("stop",)]
)
def test_a_missing_instance_is_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    done = casier(*words, "--instance", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "--instance" in done.stderr
    english = casier(*words, "--instance", str(tmp_path / "none"), language="en_GB.UTF-8")
    assert english.stderr.startswith("Error: ")


def test_an_instance_that_never_started_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "instance.toml").write_text("port_offset = 0\n", encoding="ascii")
    done = casier("account", "list", "--instance", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "./casier start" in done.stderr


def test_the_first_page_of_help_shows_where_to_begin() -> None:
    done = casier("--help")
    assert done.returncode == 0
    assert "./casier demo accounts" in done.stdout
    start = casier("start", "--help")
    assert "--port-offset 4000 --no-demo --detach" in start.stdout
    assert "Examples:" in casier("start", "--help", language="en_GB.UTF-8").stdout
