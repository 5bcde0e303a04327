"""Applying a run: a few hundred lines a transaction, in an order, from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import F

from casier.audit.api import Actor, record
from casier.audit.outbox import Rank, ranked
from casier.feed.applying.newcomers import apply_newcomers
from casier.feed.applying.people import apply_people
from casier.feed.applying.schools import apply_schools
from casier.feed.applying.work import CHUNK, Progress, Work, roomy, settle
from casier.feed.clock import Clock
from casier.feed.contacts.keeping import put_in_force
from casier.feed.holding import Hold, holding
from casier.feed.models import Change, Run, RunState, Status
from casier.feed.planning.lines import CLOSINGS, LEAVERS, NEWCOMERS, PEOPLE, SCHOOLS
from casier.rights.api import settle as settle_offices
from casier.schools.api import feed_read, members_follow

Step = Callable[[Work, Sequence[Change]], None]
STEPS: tuple[tuple[int, Step], ...] = (
    (SCHOOLS, apply_schools),
    (NEWCOMERS, apply_newcomers),
    (PEOPLE, apply_people),
    (LEAVERS, apply_people),
    (CLOSINGS, apply_schools),
)


def apply(run: Run, progress: Progress, clock: Clock) -> Run:
    """Do what is left to do of RUN, which somebody asked to apply. Raises AtWork.

    Killed at any moment, it is taken up where it was: a line is done with its chunk, or not at all.
    """
    with holding(run) as hold, roomy(), ranked(Rank.CHANGES):
        run.refresh_from_db()
        work = Work.of(
            run, Actor(run.applied_by, f"feed:{run.pk}"), run.applied_reason, clock.now(), clock.today()
        )
        for phase, step in STEPS:
            _phase(work, hold, phase, step, progress)
        return _finish(work, hold)


def _phase(work: Work, hold: Hold, phase: int, step: Step, progress: Progress) -> None:
    order = (F("first_on").asc(nulls_last=True), "number")
    waiting = Change.objects.filter(run=work.run, status=Status.PLANNED, phase=phase).order_by(*order)
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with transaction.atomic():
            rows = Change.objects.in_bulk(chunk)
            step(work, [rows[pk] for pk in chunk])
            settle(list(rows.values()))
            work.run.done += len(chunk)
            hold.renew(work.run.done)
        progress(work.run.done, work.run.total)


def _finish(work: Work, hold: Hold) -> Run:
    run = work.run
    with transaction.atomic():
        hold.renew()
        put_in_force(run)
        settle_offices(work.academy, work.now)
        _schools_follow(work)
        run.state, run.applied_at = RunState.APPLIED, work.now
        run.counts |= {"skipped": Change.objects.filter(run=run, status=Status.SKIPPED).count()}
        run.save(update_fields=["state", "applied_at", "counts", "noted"])
        record(
            work.by, "feed.applied", f"feed:{run.pk}", work.reason,
            academy=work.academy.slug, at=work.now, done=run.done, skipped=run.counts["skipped"],
        )  # fmt: skip
    return run


def _schools_follow(work: Work) -> None:
    """Mailboxes of a school close to whose last posting there ended; what the feed still says against the
    word of those in charge is noted.
    """
    members_follow(work.now, work.academy, by=work.by, reason=work.reason)
    told = Change.objects.filter(run=work.run, facts__has_key="away").values_list("target", "facts")
    named = {(int(target), uai) for target, facts in told for uai in facts["away"]}
    whole = work.run.complete and bool(work.run.counts.get("person.read"))
    work.run.noted = feed_read(work.academy, named, work.today, whole=whole)
