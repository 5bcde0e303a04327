"""What every step of an application works with, and how its lines are settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from casier.audit.api import Actor
from casier.directory.access import default_store
from casier.directory.models import Academy, Posting, PostingDetail, School, Store
from casier.feed.knowing import as_day
from casier.feed.models import Change, Run, Status
from casier.kernel.errors import CasierError
from casier.policies.api import policy_for

CHUNK = 500
_ROOM = -65536  # KiB
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Work:
    """The run at work: for whom, by whom, when; the academy's schools by UAI."""

    run: Run
    academy: Academy
    by: Actor
    reason: str
    now: datetime
    today: date
    schools: dict[str, School]
    store: Store
    school_mailboxes: bool = False  # whether new schools get theirs

    @classmethod
    def of(cls, run: Run, by: Actor, reason: str, now: datetime, today: date) -> Work:
        schools = School.objects.filter(academy=run.academy_id).select_related("store")
        return cls(
            run, run.academy, by, reason, now, today, {one.uai: one for one in schools}, default_store(),
            policy_for(run.academy).feed.school_mailboxes,
        )  # fmt: skip

    def facts(self, **more: object) -> dict[str, object]:
        """What the journal keeps beside an entry."""
        return {"run": self.run.pk, **more}


@contextmanager
def roomy() -> Iterator[None]:
    """Let SQLite hold the indexes in memory meanwhile: with its usual four megabytes a portion writes the
    same pages again and again.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size={_ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={int(before)}")


def skip(row: Change, note: str) -> None:
    row.status, row.note = Status.SKIPPED, note[:30]


def keep(row: Change, note: str) -> None:
    """What ROW did isn't undone, for the reason of NOTE."""
    row.status, row.note = Status.KEPT, note[:30]


def done(row: Change, **outcome: Any) -> None:
    row.status = Status.DONE
    row.outcome |= outcome


@contextmanager
def alone(row: Change) -> Iterator[None]:
    """One person's refusal is that line's; the others go on."""
    try:
        with transaction.atomic():
            yield
    except CasierError as error:
        skip(row, error.code)


def settle(rows: Sequence[Change]) -> None:
    """Write what became of ROWS."""
    told = [row for row in rows if row.outcome or row.note]
    if told:
        Change.objects.bulk_update(told, ["status", "outcome", "note"], batch_size=100)
    for status in {row.status for row in rows}:
        plain = [row.pk for row in rows if row.status == status and not (row.outcome or row.note)]
        Change.objects.filter(pk__in=plain).update(status=status)


def make_postings(work: Work, wanted: Iterable[tuple[int, dict[str, Any]]]) -> list[Posting]:
    """Postings of the feed: WANTED are a person's row each, with the posting as data."""
    asked = list(wanted)
    made = Posting.objects.bulk_create(
        Posting(
            person_id=person,
            school=work.schools[data["school"]],
            function=data["function"],
            label=data["label"],
            starts_on=as_day(data["starts_on"]),
            ends_on=as_day(data["ends_on"]),
            source="feed",
        )
        for person, data in asked
    )
    add_details((posting.pk, data["details"]) for posting, (_person, data) in zip(made, asked, strict=True))
    return made


def add_details(of: Iterable[tuple[int, Sequence[Sequence[str]]]]) -> None:
    """Give postings these details."""
    PostingDetail.objects.bulk_create(
        PostingDetail(posting_id=posting, kind=kind, value=value)
        for posting, details in of
        for kind, value in details
    )
