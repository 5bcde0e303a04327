"""Undoing a run: what nobody used goes, what nobody changed again is put back, the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from casier.audit.api import Actor, record
from casier.audit.outbox import Rank, ranked
from casier.feed.applying.newcomers_gone import newcomers_gone
from casier.feed.applying.people_back import people_back
from casier.feed.applying.schools_back import schools_back
from casier.feed.applying.work import CHUNK, Progress, Work, roomy
from casier.feed.clock import Clock
from casier.feed.contacts.keeping import take_back
from casier.feed.holding import Hold, holding
from casier.feed.models import Change, Run, RunState, Status
from casier.feed.planning.lines import CLOSINGS, LEAVERS, NEWCOMERS, PEOPLE, SCHOOLS
from casier.rights.api import settle as settle_offices
from casier.schools.api import feed_unread, members_return

Step = Callable[[Work, Sequence[Change]], None]


def undo(run: Run, progress: Progress, clock: Clock) -> Run:
    """Undo what is left to undo of RUN, the last done first. Killed, it is taken up again. Raises AtWork."""
    with holding(run) as hold, roomy(), ranked(Rank.CHANGES):
        run.refresh_from_db()
        work = Work.of(
            run, Actor(run.undone_by, f"feed:{run.pk}"), run.undone_reason, clock.now(), clock.today()
        )
        for phase, step in _STEPS:
            _phase(work, hold, phase, step, progress)
        return _finish(work, hold)


def _phase(work: Work, hold: Hold, phase: int, step: Step, progress: Progress) -> None:
    rows = Change.objects.filter(run=work.run, status=Status.DONE, phase=phase).order_by("-number")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with transaction.atomic():
            found = Change.objects.in_bulk(chunk)
            lines = [found[pk] for pk in chunk]
            for row in lines:
                row.status = Status.UNDONE
            step(work, lines)
            _write(lines)
            work.run.done += len(chunk)
            hold.renew(work.run.done)
        progress(work.run.done, work.run.total)


def _write(lines: Sequence[Change]) -> None:
    kept = [row for row in lines if row.status != Status.UNDONE]
    Change.objects.bulk_update(kept, ["status", "note"], batch_size=100)
    Change.objects.filter(pk__in=[row.pk for row in lines if row.status == Status.UNDONE]).update(
        status=Status.UNDONE
    )


def _finish(work: Work, hold: Hold) -> Run:
    run = work.run
    with transaction.atomic():
        hold.renew()
        take_back(run)
        feed_unread(run.noted)
        settle_offices(work.academy, work.now)
        if run.applied_at is not None:
            members_return(work.now, work.academy, run.applied_at, by=work.by, reason=work.reason)
        run.state, run.undone_at = RunState.UNDONE, work.now
        run.counts |= {"kept": Change.objects.filter(run=run, status=Status.KEPT).count()}
        run.save(update_fields=["state", "undone_at", "counts"])
        record(
            work.by, "feed.undone", f"feed:{run.pk}", work.reason,
            academy=work.academy.slug, at=work.now, kept=run.counts["kept"],
        )  # fmt: skip
    return run


_STEPS: tuple[tuple[int, Step], ...] = (
    (CLOSINGS, schools_back),
    (LEAVERS, people_back),
    (PEOPLE, people_back),
    (NEWCOMERS, newcomers_gone),
    (SCHOOLS, schools_back),
)
