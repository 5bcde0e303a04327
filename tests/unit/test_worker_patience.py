"""How long the worker waits when nobody wakes it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from casier.boot.worker import CALM, PATIENCE, SOONEST, Events, Lane, seconds_until


def lane(step: Callable[[], int], *, told: bool) -> Lane:
    events = Events(threading.Event(), threading.Event())
    if told:
        events.told.set()
    return Lane("essai", step, events)


def test_to_the_moment_when_something_is_due() -> None:
    assert 6.5 < seconds_until(timezone.now() + timedelta(seconds=7), SOONEST) <= 7


def test_never_without_a_pause_and_never_too_long() -> None:
    assert seconds_until(timezone.now() - timedelta(hours=1), SOONEST) == SOONEST
    assert seconds_until(timezone.now() - timedelta(hours=1), PATIENCE) == PATIENCE
    assert seconds_until(timezone.now() + timedelta(hours=1), SOONEST) == CALM
    assert seconds_until(None, PATIENCE) == CALM


def test_at_once_again_while_there_is_work() -> None:
    assert lane(lambda: 3, told=True)._round() == 0


def test_it_looks_often_where_nobody_can_tell_it() -> None:
    assert lane(lambda: 0, told=False)._round() == PATIENCE
    assert lane(lambda: 0, told=True)._round() == CALM
