"""The engines' logs, read from a moment to a moment: the place is found by halving, nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

# A line beyond this is cut (bytes): somebody writes what nobody reads.
LONGEST = 8192
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# RFC 3164, as Postfix writes it: no year, no zone.
_SYSLOG = re.compile(rb"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) ")
_DAY = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z?)")

Clock = Callable[[bytes], datetime | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line and when it was written."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log with the older files that rotation left beside it: `postfix.log`, `postfix.log.1`…"""

    folder: Path
    name: str
    clock: Clock

    def lines(self, since: datetime, until: datetime) -> Iterator[Line]:
        """The lines from SINCE on, before UNTIL, the oldest first. A file that goes meanwhile is left out."""
        for path in self._files():
            try:
                with path.open("rb") as file:
                    file.seek(self._first(file, path.stat().st_size, since))
                    yield from self._read(file, since, until)
            except OSError:  # gone meanwhile, or not ours to read: `begins` tells
                continue

    def begins(self) -> datetime | None:
        """When the oldest line was written that can be read; None where none can: what became of a message
        is unknown then, which isn't that nothing became of it.
        """
        for path in self._files():
            try:
                with path.open("rb") as file:
                    at = self._next_time(file, 0, path.stat().st_size, whole=True)
            except OSError:
                continue
            if at is not None:
                return at
        return None

    def _files(self) -> list[Path]:
        numbered = [
            (int(path.name.rpartition(".")[2]), path)
            for path in self.folder.glob(f"{self.name}.*")
            if path.name.rpartition(".")[2].isdecimal()
        ]
        older = [path for _number, path in sorted(numbered, reverse=True)]
        return [*older, self.folder / self.name]

    def _read(self, file: BinaryIO, since: datetime, until: datetime) -> Iterator[Line]:
        while raw := file.readline(LONGEST):
            at = self.clock(raw)
            if at is None or at < since:
                continue
            if at >= until:
                return
            yield Line(at, raw.decode("utf-8", "replace").rstrip("\n"))

    def _first(self, file: BinaryIO, size: int, since: datetime) -> int:
        """A place in FILE at the beginning of a line before which all is older than SINCE."""
        low, high = 0, size
        while high - low > 64 * 1024:
            middle = (low + high) // 2
            at = self._next_time(file, middle, high)
            if at is None or at >= since:
                high = middle
            else:
                low = middle
        if low:
            file.seek(low)
            file.readline()
            return file.tell()
        return 0

    def _next_time(self, file: BinaryIO, place: int, end: int, *, whole: bool = False) -> datetime | None:
        """When the first whole line after PLACE was written; WHOLE: one begins right there."""
        file.seek(place)
        if not whole:
            file.readline()
        while file.tell() < end and (raw := file.readline(LONGEST)):
            if (at := self.clock(raw)) is not None:
                return at
        return None


def machine_zone() -> tzinfo:
    """The zone in which the engines write; this process may have been given another one."""
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError):
        return UTC


def syslog_clock(now: datetime, zone: tzinfo) -> Clock:
    """For lines without a year: it is that of NOW, or the one before for what would be to come."""

    def read(raw: bytes) -> datetime | None:
        found = _SYSLOG.match(raw)
        if found is None or (name := found[1].decode()) not in _MONTHS:
            return None
        day, hour, minute, second = (int(number) for number in found.groups()[1:])
        for year in (now.year, now.year - 1):
            try:
                at = datetime(year, _MONTHS.index(name) + 1, day, hour, minute, second, tzinfo=zone)
            except ValueError:  # 29 February
                continue
            if at <= now + timedelta(days=1):
                return at
        return None

    return read


def dated_clock(zone: tzinfo) -> Clock:
    """For lines that begin with the whole date; with a Z it is Greenwich's."""

    def read(raw: bytes) -> datetime | None:
        found = _DAY.match(raw)
        if found is None:
            return None
        try:
            numbers = [int(number) for number in found.groups()[:6]]
            return datetime(*numbers, tzinfo=UTC if found[7] else zone)  # type: ignore[arg-type, misc]
        except ValueError:
            return None

    return read
