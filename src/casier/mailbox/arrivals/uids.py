"""Sets of UIDs as intervals: a mailbox of 50,000 settled messages is one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Uids:
    """A set of UIDs: intervals in order, apart from each other."""

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1:5,7` (RFC 9051, sequence-set without `*`). Raises ValueError."""
        return cls(_joined(_interval(part) for part in text.split(",") if part))

    @classmethod
    def between(cls, first: int, last: int) -> Self:
        """FIRST to LAST, both included; empty where LAST is before FIRST."""
        return cls(((first, last),) if first <= last else ())

    def __str__(self) -> str:
        return ",".join(f"{first}:{last}" if last > first else str(first) for first, last in self.intervals)

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __or__(self, other: Self) -> Self:
        return type(self)(_joined((*self.intervals, *other.intervals)))

    def __sub__(self, other: Self) -> Self:
        left: list[Interval] = []
        for first, last in self.intervals:
            start = first
            for taken, taken_end in other.intervals:
                if taken_end < start or taken > last:
                    continue
                if taken > start:
                    left.append((start, taken - 1))
                start = taken_end + 1
            if start <= last:
                left.append((start, last))
        return type(self)(tuple(left))

    def __contains__(self, other: object) -> bool:
        return isinstance(other, Uids) and not other - self

    @property
    def last(self) -> int:
        """The highest, 0 of none."""
        return self.intervals[-1][1] if self.intervals else 0

    def runs(self, longest: int) -> Iterator[Interval]:
        """The intervals in order, none longer than LONGEST."""
        for first, last in self.intervals:
            for start in range(first, last + 1, longest):
                yield start, min(start + longest - 1, last)


def _interval(text: str) -> Interval:
    first, _, last = text.partition(":")
    low, high = sorted((int(first), int(last or first)))
    if low < 1:
        raise ValueError(text)
    return low, high


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for first, last in sorted(intervals):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
