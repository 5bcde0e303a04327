"""What other rooms may use: offices lent, reviews of who holds which right, and their report."""

from __future__ import annotations

from casier.rights.actions import (
    close_review,
    confirm,
    lines_of,
    look_again,
    may_answer,
    start_review,
    withdraw,
)
from casier.rights.asking import in_charge
from casier.rights.brought import settle, settle_all
from casier.rights.lending import end, lend
from casier.rights.models import Answer, Kind, Line, Review
from casier.rights.report import COLUMNS, as_csv, rows, summary
from casier.rights.things import is_last, part_of
from casier.rights.worker import look_after_reviews

__all__ = [
    "COLUMNS",
    "Answer",
    "Kind",
    "Line",
    "Review",
    "as_csv",
    "close_review",
    "confirm",
    "end",
    "in_charge",
    "is_last",
    "lend",
    "lines_of",
    "look_after_reviews",
    "look_again",
    "may_answer",
    "part_of",
    "rows",
    "settle",
    "settle_all",
    "start_review",
    "summary",
    "withdraw",
]
