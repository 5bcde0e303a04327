"""School years: what a class is called means nothing once its year is over."""

from __future__ import annotations

from datetime import date, timedelta

_AUGUST, _SEPTEMBER = 8, 9


def told_in(day: date) -> int:
    """The school year that a feed of DAY tells of, by the year in which it begins: from August, the next."""
    return day.year if day.month >= _AUGUST else day.year - 1


def current(day: date) -> int:
    """The school year of DAY: it begins with September."""
    return day.year if day.month >= _SEPTEMBER else day.year - 1


def is_over(year: int, day: date) -> bool:
    """Whether the year that began in YEAR is over."""
    return year < current(day)


UNDOABLE = timedelta(days=30)  # for so long what a run took away is kept, in case it is undone
STAGED = timedelta(days=7)  # for so long what a run that nobody applies would bring
