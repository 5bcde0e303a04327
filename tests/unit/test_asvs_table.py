"""The table of docs/asvs.md names tests that exist: a promise without its test is none."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TABLE = (PROJECT / "docs/asvs.md").read_text("utf-8")
# The standard's requirements of levels 1 and 2 in these chapters.
SECTIONS = {
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip
ASKED = [f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)]


def text_of(name: str) -> str:
    """The text of the test files called NAME, with real daemons and in a browser."""
    found = list((PROJECT / "tests").glob(f"*/test_{name}.py"))
    assert found, name
    return "".join(path.read_text("utf-8") for path in found)


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([a-z_]+)::([a-z0-9_]+)`", TABLE)
    assert len(named) > 50
    missing = [f"{file}::{test}" for file, test in named if f"def test_{test}(" not in text_of(file)]
    assert missing == []


def test_every_requirement_has_its_line() -> None:
    lines = re.findall(r"^\| ([0-9.]+)", TABLE, re.MULTILINE)
    assert [one for one in ASKED if one not in lines] == []
    assert len(lines) == len(set(lines))


def test_every_page_that_is_named_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TABLE):
        assert (PROJECT / "docs" / target).exists(), target
