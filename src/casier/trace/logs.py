"""The engines' logs, read from a moment to a moment: the place is found by halving, nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from casier.trace.glancing import Glance

# A line beyond this is cut (bytes): somebody writes what nobody reads.
LONGEST = 8192
# What is read at once, and left out at once where nothing of interest stands in it.
_BLOCK = 1 << 20
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

    def lines(self, since: datetime, until: datetime, glance: Glance | None = None) -> Iterator[Line]:
        """The lines from SINCE on, before UNTIL, the oldest first. A file that goes meanwhile is left out.

        GLANCE: what says of bytes whether they are worth a look, before anything else is read of them.
        """
        for path in self._files():
            try:
                with path.open("rb") as file:
                    yield from self._read(file, path.stat().st_size, since, until, glance)
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

    def _read(
        self, file: BinaryIO, size: int, since: datetime, until: datetime, glance: Glance | None
    ) -> Iterator[Line]:
        begin, end = self._halved(file, size, since)[0], self._halved(file, size, until)[1]
        file.seek(begin)
        if begin:
            file.readline()
        # Over the end by a line: what is cut there begins before it.
        left = end - file.tell() + LONGEST
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            block += file.readline(LONGEST)
            if glance is None or glance.block(block):
                yield from self._within(block, since, until, glance)

    def _within(
        self, block: bytes, since: datetime, until: datetime, glance: Glance | None
    ) -> Iterator[Line]:
        for whole in block.split(b"\n"):
            raw = whole[:LONGEST]
            if glance is not None and not glance.line(raw):
                continue
            at = self.clock(raw)
            if at is not None and since <= at < until:
                yield Line(at, raw.decode("utf-8", "replace"))

    def _halved(self, file: BinaryIO, size: int, moment: datetime) -> tuple[int, int]:
        """Two places in FILE, close to each other: before the first all is older than MOMENT, after the line
        in which the second lies nothing is.
        """
        low, high = 0, size
        while high - low > 64 * 1024:
            middle = (low + high) // 2
            at = self._next_time(file, middle, high)
            if at is None or at >= moment:
                high = middle
            else:
                low = middle
        return low, high

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
