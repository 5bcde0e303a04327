"""Contacts put in force by a run, taken back with it, and forgotten in time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from casier.directory.models import Academy
from casier.feed.contacts.kinds import shown_in
from casier.feed.contacts.models import ContactKind, ContactState, FeedContact
from casier.feed.contacts.years import STAGED, UNDOABLE, current, told_in
from casier.feed.models import Run

_AT_ONCE = 5000


def put_in_force(run: Run) -> None:
    """Let what RUN tells of contacts be so; what it takes away is kept, in case it is undone."""
    own = FeedContact.objects.filter(academy=run.academy_id)
    # Only the last run can be undone, and what was looked at before it can't be applied any more.
    _forget(own.filter(Q(state=ContactState.PAST) | Q(state=ContactState.STAGED) & ~Q(run=run)))
    staged = own.filter(run=run, state=ContactState.STAGED)
    told = staged.filter(kind=OuterRef("kind"), key=OuterRef("key"))
    live = own.filter(state=ContactState.LIVE)
    live.filter(Exists(told)).update(state=ContactState.PAST, ended_by=run)
    _forget(staged.filter(gone=True))
    staged.update(state=ContactState.LIVE)
    if run.complete:
        year = told_in(timezone.localtime(run.started_at).date())
        kinds = [kind.value for kind in ContactKind if run.counts.get(f"{kind.value}.read")]
        # Whoever a whole feed no longer names is past by now: the others it has named.
        live.filter(kind__in=kinds, year__lt=year).update(year=year)


def take_back(run: Run) -> None:
    """Undo what RUN did; what it took away is there again."""
    own = FeedContact.objects.filter(academy=run.academy_id)
    _forget(own.filter(run=run, state__in=[ContactState.LIVE, ContactState.STAGED]))
    own.filter(ended_by=run, state=ContactState.PAST).update(state=ContactState.LIVE, ended_by=None)


def forget_staged(run: Run) -> None:
    """What a look that was killed, or that can't be read, left."""
    _forget(FeedContact.objects.filter(run=run, state=ContactState.STAGED))


def forget_old(now: datetime) -> int:
    """Forget a school year that is over, what no policy shows any more, and what waits in vain."""
    year = current(timezone.localtime(now).date())
    rows = FeedContact.objects.all()
    count = _forget(rows.filter(year__lt=year))
    past, staged = rows.filter(state=ContactState.PAST), rows.filter(state=ContactState.STAGED)
    count += _forget(past.filter(_before("ended_by__applied_at", now - UNDOABLE)))
    count += _forget(staged.filter(_before("run__started_at", now - STAGED)))
    held = rows.filter(academy=OuterRef("pk"))
    for academy in Academy.objects.filter(Exists(held)):
        count += _forget(_no_longer_shown(academy))
    return count


def _before(name: str, when: datetime) -> Q:
    return Q(**{f"{name}__lt": when}) | Q(**{name: None})


def _no_longer_shown(academy: Academy) -> QuerySet[FeedContact]:
    shown = shown_in(academy)
    rows = FeedContact.objects.filter(academy=academy)
    if ContactKind.PARENT in shown:
        return rows.none()  # pupils are kept beside their parents
    return rows.exclude(kind__in=shown)


def _forget(rows: QuerySet[FeedContact]) -> int:
    """Delete ROWS with what belongs to them, a portion at a time: a whole academy fits no memory."""
    count = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:_AT_ONCE]):
        FeedContact.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return count
