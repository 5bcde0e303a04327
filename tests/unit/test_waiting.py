"""What tests judge by the clock."""

from __future__ import annotations

import pytest

from waiting import within


def test_what_was_late_once_is_tried_anew_and_no_more_than_that() -> None:
    took = iter([1.0, 0.4, 9.0])
    within(1, lambda: next(took))
    assert next(took) == 9.0


def test_what_is_late_each_time_is_late() -> None:
    tries = 0

    def late() -> float:
        nonlocal tries
        tries += 1
        return 1.0

    with pytest.raises(AssertionError, match=r"\[1\.0, 1\.0, 1\.0\]"):
        within(1, late)
    assert tries == 3
