"""Realistic feeds from a seed: an academy, its people and pupils, a year's changes, the files that tell.

    before = Academy(Shape(schools=40, people=900, seed=7))
    after = before.after(Changes(arrivals=20, departures=15, moves=30, marriages=4))
    write_complete(before, folder, date(2026, 9, 1))
    write_delta(before, after, folder, date(2026, 9, 2))
    write_csv(after, folder / "numen.csv")

The same seed gives the same bytes. Nothing is held in memory but the list of schools and what changes.
"""

from feed_files.academy import Academy, Changes, Person, Posting, Pupil, School, Shape
from feed_files.writing import Form, write_complete, write_csv, write_delta

__all__ = [
    "Academy",
    "Changes",
    "Form",
    "Person",
    "Posting",
    "Pupil",
    "School",
    "Shape",
    "write_complete",
    "write_csv",
    "write_delta",
]
