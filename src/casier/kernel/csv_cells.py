"""Files of comma-separated values that a spreadsheet opens without running what stands in them.

A cell that begins with one of these signs is taken for a formula by spreadsheets, whoever wrote it: a name in
the directory could fetch, send or start something on the machine of who opens an export. A leading apostrophe
makes it text. (OWASP: CSV injection.)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
# The full-width forms, which some spreadsheets take for the plain ones.
_WIDE = ("＝", "＋", "－", "＠")
_MARK = "\ufeff"  # spreadsheets take a file without it for one in an older encoding


def safe_cell(value: object) -> str:
    """VALUE as text that is no formula, whatever stands before it that isn't seen."""
    text = "" if value is None else str(value)
    visible = text.lstrip(" \u00a0\u200b\ufeff")
    dangerous = text.startswith(_FORMULAS) or visible.startswith((*_FORMULAS, *_WIDE))
    return f"'{text}" if dangerous else text


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """HEAD and ROWS as a file: semicolons, as French spreadsheets read it, every cell quoted and safe."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same a line at a time, for what is too long to be held whole."""
    yield _MARK
    yield _line(head)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[object]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(value) for value in row])
    return target.getvalue()
