"""Bars and lines as shapes in a field of fixed measure: the words beside them are the page's, at its size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 600, 160
_GAP = 0.22  # of a bar's place
_STEPS = (1, 2, 2.5, 5, 10)
_MARKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing: bars or a line, the values at its left from top to bottom, the words below."""

    bars: tuple[Bar, ...]
    line: str
    area: str
    ticks: tuple[str, ...]
    grid: tuple[float, ...]
    marks: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


def bars(values: Sequence[int], titles: Sequence[str], marks: Sequence[str], ticks: Ticks) -> Plot:
    """A bar for each of VALUES."""
    place = WIDTH / max(len(values), 1)
    drawn = []
    for number, (value, title) in enumerate(zip(values, titles, strict=True)):
        # What is there at all can be seen.
        height = max(value / ticks.top * HEIGHT, 2.0) if value else 0.0
        drawn.append(
            Bar(
                round(number * place + place * _GAP / 2, 2), round(HEIGHT - height, 2),
                round(place * (1 - _GAP), 2), round(height, 2), title,
            )
        )  # fmt: skip
    return Plot(tuple(drawn), "", "", ticks.words, ticks.grid, spread(marks))


def line(values: Sequence[int], marks: Sequence[str], ticks: Ticks) -> Plot:
    """A line through VALUES, at equal distances."""
    last = max(len(values) - 1, 1)
    points = [
        (round(number / last * WIDTH, 2), round(HEIGHT - value / ticks.top * HEIGHT, 2))
        for number, value in enumerate(values)
    ]
    path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))
    area = f"{path} L{points[-1][0]} {HEIGHT} L0 {HEIGHT} Z" if points else ""
    return Plot((), path, area, ticks.words, ticks.grid, spread(marks))


@dataclass(frozen=True, slots=True)
class Ticks:
    """The values at the left: TOP is where the field ends; WORDS from top to bottom."""

    top: float
    words: tuple[str, ...]
    grid: tuple[float, ...]


def ticks_for(most: float, written: Callable[[int], str]) -> Ticks:
    """Round values up to MOST or little more: two, three or four steps."""
    step = _round_step(max(most, 1) / 4)
    count = max(ceil(max(most, 1) / step), 1)
    words = tuple(written(int(step * number)) for number in range(count, -1, -1))
    grid = tuple(round(HEIGHT - number / count * HEIGHT, 2) for number in range(count + 1))
    return Ticks(step * count, words, grid)


def spread(marks: Sequence[str]) -> tuple[str, ...]:
    """Some of MARKS at equal distances, the first and the last among them."""
    if len(marks) <= _MARKS:
        return tuple(marks)
    last = len(marks) - 1
    return tuple(marks[round(number * last / (_MARKS - 1))] for number in range(_MARKS))


def _round_step(wanted: float) -> float:
    """The smallest round step that isn't below WANTED; whole, for what is counted."""
    if wanted <= 1:
        return 1
    power = float(10 ** floor(log10(wanted)))
    step = next(power * one for one in _STEPS if power * one >= wanted)
    return step if step == int(step) else ceil(step)
