"""Departments from postal codes."""

from __future__ import annotations

import pytest

from casier.kernel.places import department_of


@pytest.mark.parametrize(
    ("postal_code", "department"),
    [
        ("76000", "76"), ("01000", "01"), ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20600", "2B"),
        ("97400", "974"), ("97600", "976"), ("98800", "988"), (" 54000 ", "54"),
        ("", ""), ("7600", ""), ("760000", ""), ("7600A", ""), ("20990", ""),
    ],
)  # fmt: skip
def test_department_of_a_postal_code(postal_code: str, department: str) -> None:
    assert department_of(postal_code) == department
