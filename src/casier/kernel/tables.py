"""Tables as spreadsheets save them (CSV): which encoding, which delimiter, which columns, and the rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from casier.kernel.addresses import fold
from casier.kernel.errors import CasierError
from casier.kernel.misread import ONE_BYTE, in_utf8

LONGEST_LINE = 1024 * 1024
MOST_COLUMNS = 500
_DELIMITERS = ";,\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Letters that ISO-8859-15 has where Windows-1252 has signs that stand in nobody's name.
_LATIN_9 = bytes((0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE))
_WINDOWS = bytes(range(0x80, 0xA0))
_SURROGATES = re.compile("[\udc80-\udcff]")


class BadTable(CasierError):
    """Not a table. Its fact `reason`: workbook, empty, line_too_long, too_many_columns, quotes."""

    code = "bad_table"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written, and its columns by the names of its first line."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    header: int = 1  # the line that names the columns


def layout_of(stream: BinaryIO) -> Layout:
    """The layout of the table in STREAM, which can seek and is left anywhere. Raises BadTable."""
    encoding = _encoding(stream)
    lines = _lines(stream, encoding)
    for number, line in enumerate(lines, start=1):
        if line.lower().startswith("sep="):  # a spreadsheet's own word on its delimiter
            continue
        if line.strip(_DELIMITERS + " \r\n"):
            delimiter, columns = _columns(line)
            return Layout(encoding, delimiter, tuple(cell.strip() for cell in columns), number)
    raise BadTable("There is nothing in it.", reason="empty")


def rows(stream: BinaryIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Each row below the columns that isn't blank, nor the columns again, with the line it begins on.

    Raises BadTable, for a quote that isn't closed too: the rows that it swallows would be lost unsaid.
    """
    read: list[str] = []
    reader = csv.reader(
        _noted(islice(_lines(stream, layout.encoding), layout.header, None), read),
        delimiter=layout.delimiter,
    )
    columns = [comparable(column) for column in layout.columns]
    while True:
        begins = layout.header + reader.line_num + 1
        read.clear()
        try:
            row = next(reader, None)
            if len(read) > 1 or (read and read[-1].count('"') % 2):
                deque(csv.reader(read, delimiter=layout.delimiter, strict=True), maxlen=0)
        except csv.Error as error:
            raise BadTable(
                f"Line {begins} has a quote that doesn't end.", reason="quotes", line=begins
            ) from error
        if row is None:
            return
        if any(cell.strip() for cell in row) and not _again(row, columns):
            yield begins, row


def _noted(lines: Iterator[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def _again(row: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether ROW names the columns once more, as in files that were put together of several."""
    if comparable(row[0]) != columns[0]:
        return False
    told = [comparable(cell) for cell in row[: len(columns)]]
    return told == columns and not any(cell.strip() for cell in row[len(columns) :])


def comparable(column: str) -> str:
    """The name of a column without case, accents, spaces and signs."""
    return "".join(sign for sign in fold(column) if sign.isalnum())


def _columns(line: str) -> tuple[str, list[str]]:
    """The delimiter that cuts the first line into most columns, and the columns."""
    cuts = {mark: next(csv.reader([line], delimiter=mark), []) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: len(cuts[mark]))
    if len(cuts[delimiter]) > MOST_COLUMNS:
        raise BadTable(f"More than {MOST_COLUMNS} columns.", reason="too_many_columns")
    return delimiter, cuts[delimiter]


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    stream.seek(0)
    one_byte = encoding in ONE_BYTE
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape" if one_byte else "replace", newline="")
    try:
        number = 1
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise BadTable(f"Line {number} is too long.", reason="line_too_long", line=number)
            number += 1
            yield _SURROGATES.sub("\ufffd", in_utf8(line, encoding)) if one_byte else line
    finally:
        if not stream.closed:
            text.detach()  # the stream is the caller's to close


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 where every byte agrees, else what French spreadsheets and older systems write."""
    stream.seek(0)
    start = stream.read(4)
    if start.startswith(_WORKBOOKS):
        raise BadTable("This is a workbook, not a table in text.", reason="workbook")
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, seen = True, set[int]()
    while chunk := stream.read(1024 * 1024):
        seen.update(chunk)
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            utf8 = False
    if utf8:
        return "utf-8"
    return "iso-8859-15" if seen.isdisjoint(_WINDOWS) and not seen.isdisjoint(_LATIN_9) else "cp1252"
