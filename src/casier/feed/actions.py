"""Beginning a run, looking, asking for it to be applied or undone, settling a doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from casier.audit.api import Actor, record
from casier.directory.models import Academy, Person, Posting, PostingSource, School
from casier.feed import lives
from casier.feed.applying.work import Progress
from casier.feed.clock import Clock
from casier.feed.contacts.keeping import forget_staged
from casier.feed.contacts.kinds import shown_in
from casier.feed.contacts.taking import Taking
from casier.feed.deciding import free_names as _free_names
from casier.feed.errors import BadDecision, NotTheLast, Overtaken, ReasonWanted, TooManyLeave, WrongRunState
from casier.feed.holding import Hold, holding
from casier.feed.models import Change, ReviewItem, ReviewState, Run, RunKind, RunState, Status
from casier.feed.planning.lines import Line
from casier.feed.planning.planner import Doubt, Planner
from casier.feed.records import BadFeed, Reader, Record
from casier.feed.threshold import Leaving, Limits, exceeded
from casier.policies.api import policy_for

CHUNK = 1000
LONGEST_REASON = 500
_APPLICABLE = {RunState.LOOKED_AT, RunState.STOPPED}


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read."""

    kind: RunKind
    complete: bool = False
    files: Sequence[dict[str, Any]] = ()
    options: dict[str, Any] = field(default_factory=dict)
    folder: str = ""


def begin(academy: Academy, source: Source, *, by: Actor, reason: str, clock: Clock) -> Run:
    """A run of SOURCE, about to be read."""
    with transaction.atomic():
        run = Run.objects.create(
            academy=academy,
            kind=source.kind,
            complete=source.complete,
            files=list(source.files),
            options=source.options,
            folder=source.folder,
            by=by.name,
            reason=reason_in(reason),
            started_at=clock.now(),
        )
        record(
            by, "feed.begun", f"feed:{run.pk}", run.reason,
            academy=academy.slug, at=run.started_at, files=[one.get("name", "") for one in source.files],
        )  # fmt: skip
    return run


def look(run: Run, reader: Reader, progress: Progress, clock: Clock) -> Run:
    """Find out what RUN would do and keep it line by line; nothing else changes. Raises AtWork, BadFeed.

    Files that can't be read make the run fail; one that would put too many out is stopped.
    """
    with holding(run) as hold:
        _forget_lines(run)
        try:
            planner = _stage(run, reader, progress, clock, hold)
        except BadFeed as error:
            _forget_lines(run)
            run.state = RunState.FAILED
            run.fault = {
                "code": error.code,
                "text": str(error),
                **{k: str(v) for k, v in error.facts.items()},
            }
            run.save(update_fields=["state", "fault"])
            raise
        return _looked_at(run, planner, clock, hold)


def _forget_lines(run: Run) -> None:
    """A look that was killed left some."""
    Change.objects.filter(run=run).delete()
    forget_staged(run)


def _stage(run: Run, reader: Reader, progress: Progress, clock: Clock, hold: Hold) -> Planner:
    pupils = Taking(run, clock.today()) if shown_in(run.academy) else None
    whole = run.kind == RunKind.AAF
    planner = Planner(run.academy, clock.today(), lives.held, pupils, whole=whole)
    covers = reader.covers if run.complete else frozenset()
    lines = planner.lines(_told(reader.records(), progress), covers)
    number, counts = 0, Counter[str]()
    while chunk := list(islice(lines, CHUNK)):
        rows = [line.row(run, number + place) for place, line in enumerate(chunk, start=1)]
        with transaction.atomic():
            Change.objects.bulk_create(rows)
            hold.renew()
        number += len(rows)
        counts.update(_counted(line) for line in chunk)
    planner.counts.update(counts)
    if pupils:
        with transaction.atomic():
            pupils.finish(covers)
            hold.renew()
        planner.counts.update(pupils.counts)
    return planner


def _told(records: Iterable[Record], progress: Progress) -> Iterator[Record]:
    for number, one in enumerate(records, start=1):
        if not number % CHUNK:
            progress(number, 0)
        yield one


def _counted(line: Line) -> str:
    return f"{line.subject}.{line.verb}"


def _looked_at(run: Run, planner: Planner, clock: Clock, hold: Hold) -> Run:
    with transaction.atomic():
        hold.renew()
        run.counts = {name: count for name, count in sorted(planner.counts.items()) if count}
        run.total = Change.objects.filter(run=run, status=Status.PLANNED).count()
        run.done, run.looked_at = 0, clock.now()
        run.fault = exceeded(leaving_of(run), limits_of(run), run.allowed_leaving) or {}
        run.state = RunState.STOPPED if run.fault else RunState.LOOKED_AT
        run.save(update_fields=["counts", "total", "done", "looked_at", "fault", "state"])
        _queue(run, planner.doubts)
    return run


def limits_of(run: Run) -> Limits:
    rules = policy_for(run.academy).feed
    return Limits(rules.most_leaving, rules.leaving_percent)


def leaving_of(run: Run) -> Leaving:
    """How many RUN would put out, of how many whom the feed drives."""
    driven = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=run.started_at.date()),
        source=PostingSource.FEED,
        school__academy=run.academy_id,
    )
    schools = School.objects.filter(academy=run.academy_id, is_open=True).exclude(feed_key="")
    return Leaving(
        run.counts.get("person.leave", 0),
        driven.values("person").distinct().count(),
        run.counts.get("school.leave", 0),
        schools.count(),
    )


def _queue(run: Run, doubts: Sequence[Doubt]) -> None:
    """Put the doubts of a run into the queue; what somebody answered stays answered."""
    for start in range(0, len(doubts), CHUNK):
        ReviewItem.objects.bulk_create(
            [
                ReviewItem(
                    academy=run.academy,
                    identity=one.identity,
                    run=run,
                    label=one.label,
                    code=one.code,
                    facts=one.facts,
                    candidates=list(one.candidates),
                    twin=one.twin,
                )
                for one in doubts[start : start + CHUNK]
            ],
            update_conflicts=True,
            unique_fields=["academy", "identity"],
            update_fields=["run", "label", "code", "facts", "candidates", "twin"],
        )
    if run.complete:
        # What the whole feed no longer doubts is settled by itself.
        ReviewItem.objects.filter(academy=run.academy, state=ReviewState.OPEN).exclude(run=run).delete()


def ask_to_apply(run: Run, *, by: Actor, reason: str, clock: Clock, allow_leaving: int | None = None) -> Run:
    """Let RUN be applied from now on, by whoever takes it up. Raises WrongRunState, Overtaken, TooManyLeave.

    ALLOW_LEAVING: how many may leave, said by somebody who has looked.
    """
    with transaction.atomic():
        locked = _locked(run)
        if locked.state not in _APPLICABLE:
            raise WrongRunState(f"The run is {locked.state}.", state=locked.state, run=locked.pk)
        _refuse_overtaken(locked)
        fault = exceeded(leaving_of(locked), limits_of(locked), allow_leaving)
        if fault:
            facts = {name: value for name, value in fault.items() if name != "code"}
            raise TooManyLeave("More would leave than usual.", what=fault["code"], run=locked.pk, **facts)
        locked.state, locked.allowed_leaving = RunState.APPLYING, allow_leaving
        locked.applied_by, locked.applied_reason = by.name, reason_in(reason)
        locked.done, locked.fault = 0, {}
        locked.save()
        record(
            by, "feed.apply_asked", f"feed:{locked.pk}", locked.applied_reason,
            academy=locked.academy.slug, at=clock.now(), lines=locked.total, allowed=allow_leaving,
        )  # fmt: skip
    return locked


def ask_to_undo(run: Run, *, by: Actor, reason: str, clock: Clock) -> Run:
    """Let RUN be undone from now on. Raises WrongRunState, NotTheLast."""
    with transaction.atomic():
        locked = _locked(run)
        if locked.state != RunState.APPLIED:
            raise WrongRunState(f"The run is {locked.state}.", state=locked.state, run=locked.pk)
        last = last_applied(locked.academy)
        if last is not None and last.pk != locked.pk:
            raise NotTheLast(f"Run {last.pk} was applied after it.", run=last.pk)
        _refuse_at_work(locked)
        locked.state = RunState.UNDOING
        locked.undone_by, locked.undone_reason = by.name, reason_in(reason)
        locked.done = 0
        locked.total = Change.objects.filter(run=locked, status=Status.DONE).count()
        locked.save()
        record(
            by, "feed.undo_asked", f"feed:{locked.pk}", locked.undone_reason,
            academy=locked.academy.slug, at=clock.now(), lines=locked.total,
        )  # fmt: skip
    return locked


def last_applied(academy: Academy) -> Run | None:
    """The run of ACADEMY whose changes are the newest that stand."""
    return Run.objects.filter(academy=academy, state=RunState.APPLIED).order_by("-applied_at", "-pk").first()


def _locked(run: Run) -> Run:
    """The run, and nobody else's act on the academy's runs meanwhile."""
    Academy.objects.select_for_update().get(pk=run.academy_id)
    return Run.objects.select_related("academy").get(pk=run.pk)


def _refuse_at_work(run: Run) -> None:
    others = Run.objects.filter(academy=run.academy_id, state__in=[RunState.APPLYING, RunState.UNDOING])
    other = others.exclude(pk=run.pk).first()
    if other is not None:
        raise WrongRunState(f"Run {other.pk} is at work.", state=other.state, run=other.pk)


def _refuse_overtaken(run: Run) -> None:
    _refuse_at_work(run)
    since = Run.objects.filter(academy=run.academy_id).filter(
        Q(applied_at__gt=run.looked_at) | Q(undone_at__gt=run.looked_at)
    )
    newer = since.exclude(pk=run.pk).first()
    if newer is not None:
        raise Overtaken(f"Run {newer.pk} was applied since.", run=newer.pk)


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises ReasonWanted."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonWanted("Say why.")
    return reason


def decide(item: ReviewItem, person: Person | None, *, by: Actor, reason: str, clock: Clock) -> ReviewItem:
    """Say who ITEM is: PERSON, or, with None, another whom the directory doesn't have.

    Remembered: the next run acts on it. Raises BadDecision.
    """
    with transaction.atomic():
        locked = ReviewItem.objects.select_for_update(of=("self",)).select_related("academy").get(pk=item.pk)
        if person is not None and person.pk not in locked.candidates:
            raise BadDecision("Not one of those in doubt.", person=person.pk)
        locked.person = person
        locked.state = ReviewState.SAME if person is not None else ReviewState.ANOTHER
        locked.decided_by, locked.decided_at, locked.reason = by.name, clock.now(), reason_in(reason)
        locked.save()
        freed = _free_names(locked, person)
        record(
            by, "feed.doubt_settled", f"review:{locked.pk}", locked.reason,
            academy=locked.academy.slug, at=clock.now(), state=locked.state, who=locked.label,
            person=person.pk if person else None, **freed,
        )  # fmt: skip
    return locked
