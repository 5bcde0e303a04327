"""Reading, applying and undoing at the command line: the progress, the run that was cut short."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from casier.audit.api import Actor
from casier.boot.words import say
from casier.directory.models import Academy
from casier.feed import actions
from casier.feed.applying import applying, undoing
from casier.feed.clock import Clock
from casier.feed.models import Run, RunState
from casier.feed.opening import Asked, columns_of, is_table, opened, remember
from casier.feed.records import BadFeed, Reader

STOPPED = 3
LINES_TO_LOOK_AT = 4
Told = Callable[[int, int], None]


def opened_run(
    paths: Sequence[Path], academy: Academy, asked: Asked, by: Actor, reason: str
) -> tuple[Reader, Run]:
    """A reader of PATHS and the run that it is for."""
    reader, source = opened(paths, academy, asked)
    run = actions.begin(academy, source, by=by, reason=reason, clock=Clock())
    if is_table(paths):
        remember(academy, columns_of(paths[0], academy, asked), Clock())
    return reader, run


def looked_at(run: Run, reader: Reader, *, quiet: bool) -> Run:
    """What RUN would do, found out."""
    with _bar(say("Lecture", "Reading"), quiet) as progress:
        try:
            return actions.look(run, reader, progress, Clock())
        except BadFeed as error:
            error.facts["run"] = run.pk
            raise


def applied(run: Run, by: Actor, reason: str, allow_leaving: int | None, *, quiet: bool) -> Run:
    """RUN applied; one that was cut short goes on where it was."""
    if run.state != RunState.APPLYING:
        run = actions.ask_to_apply(run, by=by, reason=reason, clock=Clock(), allow_leaving=allow_leaving)
    with _bar(say("Annuaire", "Directory"), quiet) as progress:
        return applying.apply(run, progress, Clock())


def undone(run: Run, by: Actor, reason: str, *, quiet: bool) -> Run:
    """RUN undone; what was cut short goes on where it was."""
    if run.state != RunState.UNDOING:
        run = actions.ask_to_undo(run, by=by, reason=reason, clock=Clock())
    with _bar(say("Annulation", "Undoing"), quiet) as progress:
        return undoing.undo(run, progress, Clock())


@contextmanager
def _bar(title: str, quiet: bool) -> Iterator[Told]:
    """A bar on standard error; nothing where a program reads."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), disable=quiet) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield tell
