"""A review as auditors read it: one row a right."""

from __future__ import annotations

from typing import Any

from casier.kernel.csv_cells import csv_text
from casier.rights.actions import lines_of
from casier.rights.models import Review

COLUMNS = (
    "kind", "right", "where", "uai", "name", "address", "since", "until", "lent_by", "why",
    "answer", "answered_at", "answered_by", "reason",
)  # fmt: skip


def rows(review: Review) -> list[dict[str, Any]]:
    """Each line with every column; "" where there is nothing."""
    found = []
    for line in lines_of(review):
        row = dict.fromkeys(COLUMNS, "") | {k: v for k, v in line.facts.items() if k in COLUMNS}
        at = line.answered_at.isoformat(timespec="seconds") if line.answered_at else ""
        row |= {"kind": line.kind, "answer": line.answer or "none", "answered_at": at}
        found.append(row | {"answered_by": line.answered_by, "reason": line.reason})
    return found


def summary(review: Review) -> dict[str, Any]:
    """REVIEW in a few figures."""
    answers = [row["answer"] for row in rows(review)]
    return {
        "id": review.pk,
        "academy": review.academy.slug,
        "startedAt": review.started_at.isoformat(timespec="seconds"),
        "startedBy": review.started_by,
        "dueAt": review.due_at.isoformat(timespec="seconds"),
        "closedAt": review.closed_at.isoformat(timespec="seconds") if review.closed_at else None,
        "lines": len(answers),
        **{name: answers.count(name) for name in ("confirmed", "withdrawn", "gone", "none")},
    }


def as_csv(review: Review) -> str:
    """The rows for a spreadsheet, which calculates nothing of them."""
    return csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in rows(review)))
