"""Whether a file may be given to anyone: clamd looks at all of it before a byte leaves.

What clamd takes as a whole it reads by itself, from the open file that it is handed (FILDES, clamd(8)). What
is larger goes to it in slices that overlap, and a zip is opened here, each file in it on its own. Such a file
is "partly checked": nothing bad was found, but what only shows as a whole would have been missed.
"""

from __future__ import annotations

import array
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from casier.engines.clamav.clamd import Clamd, Finding, Report, read_answer
from casier.kernel.errors import Unavailable
from casier.kernel.zips import DAMAGED

# A signature that lies across the edge of two slices is found in one of them.
OVERLAP = 1 << 20
_PIECE = 1 << 18
_ANSWER_SECONDS = 150.0
# A zip that unpacks to more than this isn't opened to its end: what it hides is unknown.
MOST_UNPACKED = 20_000_000_000
MOST_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and whether the file was looked at as a whole."""

    report: Report
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What clamd takes: a file handed over, a stream."""

    file_bytes: int
    stream_bytes: int


class Scanner(Protocol):
    """clamd, or what stands for it in a test."""

    def scan_file(self, file: IO[bytes]) -> Report: ...

    def scan_pieces(self, pieces: Iterator[bytes]) -> Report: ...


class ClamdScanner:
    """The clamd at PATH."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def scan_file(self, file: IO[bytes]) -> Report:
        """Hand clamd the open file: it reads what it may not open itself."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_ANSWER_SECONDS)
                connection.connect(str(self._path))
                connection.sendall(b"zFILDES\0")
                rights = array.array("i", [file.fileno()])
                connection.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                return read_answer(_named_stream(connection.makefile("rb").read(4096)))
        except OSError as error:
            raise Unavailable(f"clamd: {error}", part="clamav") from error

    def scan_pieces(self, pieces: Iterator[bytes]) -> Report:
        with Clamd(self._path) as clamd:
            return clamd.scan(pieces)


def _named_stream(line: bytes) -> bytes:
    """clamd calls a descriptor `fd[12]`; what reads its answers knows streams."""
    return b"stream" + line[line.find(b"]") + 1 :] if line.startswith(b"fd[") else line


def check(path: Path, scanner: Scanner, limits: Limits) -> Checked:
    """Look at the file at PATH. Raises Unavailable when the scanner doesn't answer: to be asked again."""
    with path.open("rb") as file:
        if path.stat().st_size <= limits.file_bytes:
            return Checked(_known(scanner.scan_file(file)))
        slices = _known(_scan_slices(file, scanner, limits.stream_bytes))
        if not slices.clean or not zipfile.is_zipfile(file):
            return Checked(slices, whole=False)
        return _scan_zip(file, scanner, limits.stream_bytes)


def _known(report: Report) -> Report:
    if report.finding is Finding.UNKNOWN:
        raise Unavailable(f"clamd: {report.detail}", part="clamav")
    return report


def _scan_slices(file: IO[bytes], scanner: Scanner, size: int) -> Report:
    report = Report(Finding.CLEAN)
    start, end = 0, file.seek(0, 2)
    while start < end:
        report = scanner.scan_pieces(_slice(file, start, size))
        # A slice of a container looks broken or endless; what counts is what was found in it.
        if report.finding in {Finding.VIRUS, Finding.UNKNOWN}:
            return report
        start += size - OVERLAP
    return Report(Finding.CLEAN)


def _slice(file: IO[bytes], start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    return _pieces(file, size)


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    left = size
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _scan_zip(file: IO[bytes], scanner: Scanner, size: int) -> Checked:
    """Each file of a zip on its own. What can't be opened, by anybody or in reason, can't be vouched for."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return _scan_members(archive, scanner, size)
    except DAMAGED as error:
        return Checked(Report(Finding.NOT_SCANNABLE, type(error).__name__), whole=False)


def _scan_members(archive: zipfile.ZipFile, scanner: Scanner, size: int) -> Checked:
    members = archive.infolist()
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_UNPACKED:
        return Checked(Report(Finding.NOT_SCANNABLE, "too much in one archive"), whole=False)
    checked = Checked(Report(Finding.CLEAN))
    for member in members:
        if member.flag_bits & 0x1:
            return Checked(Report(Finding.NOT_SCANNABLE, "encrypted archive"))
        with archive.open(member) as unpacked:
            report, whole = _scan_member(unpacked, member.file_size, scanner, size)
        checked = replace(checked, report=report, whole=checked.whole and whole)
        if not report.clean:
            break
    return checked


def _scan_member(unpacked: IO[bytes], announced: int, scanner: Scanner, size: int) -> tuple[Report, bool]:
    """One file of an archive, in slices without overlap when it is large: it can only be read forwards."""
    whole = announced <= size
    while True:
        counted = _Counted(_pieces(unpacked, size))
        report = _known(scanner.scan_pieces(iter(counted)))
        if not report.clean or counted.total < size:
            return report, whole


class _Counted:
    """Pieces, and how many bytes they were."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.total = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.total += len(piece)
            yield piece
