"""Sets of UIDs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.mailbox.arrivals.uids import Uids

SETS = st.sets(st.integers(1, 60))


def of(numbers: set[int]) -> Uids:
    return Uids.parse(",".join(map(str, numbers)))


def members(uids: Uids) -> set[int]:
    return {number for first, last in uids.intervals for number in range(first, last + 1)}


@given(SETS, SETS)
def test_they_behave_like_sets(one: set[int], other: set[int]) -> None:
    assert members(of(one) | of(other)) == one | other
    assert members(of(one) - of(other)) == one - other
    assert (of(one) in of(other)) == (one <= other)
    assert Uids.parse(str(of(one))) == of(one)


@given(SETS, st.integers(1, 9))
def test_runs_are_short_and_leave_nothing_out(numbers: set[int], longest: int) -> None:
    runs = list(of(numbers).runs(longest))
    assert all(last - first < longest for first, last in runs)
    assert {number for first, last in runs for number in range(first, last + 1)} == numbers


def test_a_large_mailbox_is_one_line() -> None:
    assert str(Uids.between(1, 50_000) | Uids.parse("50001")) == "1:50001"
    assert str(Uids.parse("7:5,1")) == "1,5:7"


@pytest.mark.parametrize("text", ["*", "0", "1:*", "a", "-3"])
def test_what_is_no_set_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|^-?\d+$"):
        Uids.parse(text)
