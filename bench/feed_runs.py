"""What a feed costs: reading it, applying it, the same again, a year's changes, undoing.

PYTHONPATH=src:tests python bench/feed_runs.py [--schools 3000] [--people 60000] [--undo]

Makes an academy out of a seed (tests/feed_files), a throwaway instance, and its database: SQLite, or the
PostgreSQL of CASIER_TEST_DATABASE_URL. Nothing runs but this process; engines follow later, from the outbox.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path


@contextmanager
def timed(what: str) -> Iterator[None]:
    began, cpu = time.monotonic(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    took, busy = time.monotonic() - began, time.process_time() - cpu
    print(f"{what:<44} {took:8.1f} s  ({busy:.1f} s of CPU, {peak} MB at most)", flush=True)


def silent(_done: int, _total: int) -> None:
    pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--undo", action="store_true", help="undo the year's changes, and the first run, too")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    import django
    from django.conf import settings
    from django.test.utils import get_runner

    django.setup()
    logging.disable(logging.INFO)  # there is no Redis here
    runner = get_runner(settings)(verbosity=0, interactive=False)
    before = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            run_all(asked, Path(folder))
    finally:
        runner.teardown_databases(before)


def run_all(asked: argparse.Namespace, folder: Path) -> None:
    from django.utils import timezone

    from casier.audit import outbox
    from casier.audit.api import Actor
    from casier.directory import actions, publishing
    from casier.directory.models import Account, Posting, School
    from feed_files import Academy, Changes, Shape, write_complete

    outbox.wake_worker = lambda _socket: None  # type: ignore[assignment]
    publishing._publish_now = lambda _account: None  # type: ignore[assignment]
    first = Academy(Shape(schools=asked.schools, people=asked.people, seed=7))
    year = first.after(
        Changes(
            arrivals=asked.people // 30, departures=asked.people // 40, moves=asked.people // 10,
            marriages=asked.people // 200,
        )
    )  # fmt: skip
    for name, academy, day in (("first", first, date(2026, 9, 1)), ("year", year, date(2026, 9, 2))):
        (folder / name).mkdir()
        write_complete(academy, folder / name, day)
    size = sum(path.stat().st_size for path in (folder / "first").iterdir()) / 1e6
    print(f"{asked.people} people, {asked.schools} schools, {size:.0f} MB of XML", flush=True)
    me = Actor.system("bench")
    new = actions.NewAcademy(
        "normandie", "Normandie", "#1a5fb4", ("ac-normandie.fr", "ac-rouen.fr", "ac-caen.fr"), ("localhost",)
    )
    owner = actions.create_academy(new, by=me, reason="bench", now=timezone.now())
    run = look(owner, folder / "first", "dry run of the first feed")
    apply_(run, "applying it")
    counts = (Account.objects.count(), School.objects.count(), Posting.objects.count())
    print("  {} accounts, {} schools, {} postings".format(*counts), flush=True)
    look(owner, folder / "first", "dry run of the same again")
    changed = look(owner, folder / "year", "dry run of a year's changes")
    apply_(changed, "applying them")
    if asked.undo:
        undo_(changed, "undoing them")
        undo_(run, "undoing the first feed")
        print(f"  {Account.objects.count()} accounts, {School.objects.count()} schools are left")


def look(owner, folder: Path, what: str):
    from casier.audit.api import Actor
    from casier.feed import actions
    from casier.feed.clock import Clock
    from casier.feed.opening import Asked, opened

    with timed(what):
        reader, source = opened([folder], owner, Asked())
        run = actions.begin(owner, source, by=Actor.system("bench"), reason="bench", clock=Clock())
        run = actions.look(run, reader, silent, Clock())
    print(f"  {run.state}: {run.counts}", flush=True)
    return run


def apply_(run, what: str) -> None:
    from casier.audit.api import Actor
    from casier.feed import actions
    from casier.feed.applying.applying import apply
    from casier.feed.clock import Clock

    with timed(what):
        asked = actions.ask_to_apply(
            run, by=Actor.system("bench"), reason="bench", clock=Clock(), allow_leaving=100_000
        )
        done = apply(asked, silent, Clock())
    print(f"  {done.done} lines, {done.counts['skipped']} skipped", flush=True)


def undo_(run, what: str) -> None:
    from casier.audit.api import Actor
    from casier.feed import actions
    from casier.feed.applying.undoing import undo
    from casier.feed.clock import Clock

    with timed(what):
        asked = actions.ask_to_undo(run, by=Actor.system("bench"), reason="bench", clock=Clock())
        done = undo(asked, silent, Clock())
    print(f"  {done.done} lines, {done.counts['kept']} kept", flush=True)


if __name__ == "__main__":
    main()
