"""The worker's lane: runs that the console asked for, and those whose process was killed on the way."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from django.utils import timezone

from casier.feed.actions import look
from casier.feed.applying.applying import apply
from casier.feed.applying.undoing import undo
from casier.feed.clock import Clock
from casier.feed.holding import AtWork
from casier.feed.models import Run, RunState
from casier.feed.opening import reopened
from casier.feed.records import BadFeed

log = logging.getLogger(__name__)


def step() -> int:
    """Work on one run that waits; how many there were.

    A run is the worker's where its lease ran out: the console lets it run out as it asks, and so does a kill.
    """
    waiting = Run.objects.filter(
        state__in=[RunState.READING, RunState.APPLYING, RunState.UNDOING], held_until__lte=timezone.now()
    )
    run = waiting.select_related("academy").order_by("held_until").first()
    if run is None:
        return 0
    try:
        _work(run)
    except AtWork:
        return 0
    except BadFeed as error:
        log.info("run %s can't be read: %s", run.pk, error)
    return 1


def _work(run: Run) -> None:
    if run.state == RunState.APPLYING:
        apply(run, _silent, Clock())
    elif run.state == RunState.UNDOING:
        undo(run, _silent, Clock())
    elif run.folder:
        _look(run)
    else:
        # Read at a command line that was killed: its files are its own.
        Run.objects.filter(pk=run.pk).update(
            state=RunState.FAILED, fault={"code": "bad_feed", "reason": "interrupted"}, held_until=None
        )


def _look(run: Run) -> None:
    """Read what came by the browser; its files aren't kept longer than that."""
    folder = Path(run.folder)
    try:
        look(run, reopened(run, sorted(folder.iterdir())), _silent, Clock())
    except (BadFeed, OSError) as error:
        fault = {"code": "bad_feed", "text": str(error), **getattr(error, "facts", {})}
        Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, fault=fault, held_until=None)
    shutil.rmtree(folder, ignore_errors=True)
    Run.objects.filter(pk=run.pk).update(folder="")


def _silent(_done: int, _total: int) -> None:
    """What is done stands in the run's row, which pages read."""
