"""From files to lines: what the readers tell is what a run shows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import feed_scene
import pytest

from casier.directory.models import Academy, PostingDetail
from casier.feed.actions import ask_to_apply, begin, look
from casier.feed.applying.applying import apply
from casier.feed.models import Change, Run
from casier.feed.opening import Asked, opened
from feed_files import Academy as Made
from feed_files import Changes, Form, Shape, write_complete, write_csv, write_delta

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)
SHAPE = Shape(schools=6, people=40, seed=11)


@pytest.fixture
def academy(monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    return feed_scene.academy()


def looked_at(academy: Academy, path: Path, complete: bool | None = None) -> Run:
    reader, source = opened([path], academy, Asked(complete))
    run = begin(academy, source, **feed_scene.WHY)
    return look(run, reader, feed_scene.silent, feed_scene.CLOCK)


def applied(academy: Academy, path: Path) -> Run:
    run = ask_to_apply(looked_at(academy, path), allow_leaving=None, **feed_scene.WHY)
    return apply(run, feed_scene.silent, feed_scene.CLOCK)


def verbs(run: Run) -> Counter[tuple[str, str]]:
    return Counter(Change.objects.filter(run=run).values_list("subject", "verb"))


def test_a_year_of_files_goes_through_runs(academy: Academy, tmp_path: Path) -> None:
    before = Made(SHAPE)
    write_complete(before, tmp_path / "all", DAY, Form(encoding="iso-8859-15"))
    applied(academy, tmp_path / "all")
    assert PostingDetail.objects.filter(value="MATHEMATIQUES").exists()
    again = verbs(looked_at(academy, tmp_path / "all"))
    assert {verb for _, verb in again} <= {"ignore", "refuse", "review"}

    after = before.after(Changes(arrivals=2, departures=1, moves=3))
    write_delta(before, after, tmp_path / "delta", date(2026, 9, 2))
    found = verbs(looked_at(academy, tmp_path / "delta"))
    assert (found["person", "create"], found["person", "leave"]) == (2, 1)


def test_a_spoilt_line_of_a_complete_csv_puts_nobody_out(academy: Academy, tmp_path: Path) -> None:
    write_complete(Made(SHAPE), tmp_path / "all", DAY)
    applied(academy, tmp_path / "all")
    path = write_csv(Made(SHAPE), tmp_path / "numen.csv")
    lines = path.read_text("utf-8-sig").splitlines()
    spoilt = [line.replace("/19", "/x9", 1) if number == 5 else line for number, line in enumerate(lines)]
    path.write_text("\n".join(spoilt), "utf-8-sig")
    found = verbs(looked_at(academy, path, complete=True))
    theirs = [line for line in lines if lines[5].split(";")[5] in line]
    assert found["record", "refuse"] == len(theirs)
    assert found["person", "leave"] == 0
