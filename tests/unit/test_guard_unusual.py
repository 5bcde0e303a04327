"""What is unusual about a sign-in: the signs one by one, and what the policy makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as but

from casier.identity.guard.unusual import Facts, Place, at_night, distance, judge
from casier.policies.policy import Policy

ROUEN, PARIS, TOKYO = Place("FR", 49.44, 1.10), Place("FR", 48.85, 2.35), Place("JP", 35.68, 139.69)
REUNION = Place("RE", -20.88, 55.45)
NOW = 1_000_000.0
USUAL = Facts(
    now=NOW,
    hour=9,
    known_device=True,
    has_devices=True,
    place=ROUEN,
    last_place=PARIS,
    last_placed_at=NOW - 3600,
)
ALL = ("new_device", "country", "travel", "hour", "failures")
POLICY = but(Policy(), unusual=but(Policy().unusual, signs=ALL))


def signs(facts: Facts) -> tuple[str, ...]:
    return judge(facts, POLICY).signs


def test_the_usual_is_not_unusual() -> None:
    assert judge(USUAL, POLICY).act == "nothing"
    assert signs(USUAL) == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(USUAL, known_device=False), ("new_device",)),
        (replace(USUAL, known_device=False, has_devices=False), ()),  # the first time ever
        (replace(USUAL, place=TOKYO, last_place=Place(), last_placed_at=None), ("country",)),
        (replace(USUAL, place=REUNION, last_placed_at=NOW - 86_400), ()),  # overseas is at home
        (replace(USUAL, place=REUNION), ("travel",)),
        (replace(USUAL, place=TOKYO), ("country", "travel")),
        (replace(USUAL, hour=3), ("hour",)),
        (replace(USUAL, hour=3, nights=3), ()),  # who often does
        (replace(USUAL, hour=5), ()),
        (replace(USUAL, failures=5), ("failures",)),
        (replace(USUAL, failures=4), ()),
        (replace(USUAL, place=Place(), last_place=Place()), ()),  # no database
    ],
)
def test_the_signs(facts: Facts, expected: tuple[str, ...]) -> None:
    assert signs(facts) == expected


def test_only_grave_signs_lock_and_only_where_the_policy_locks() -> None:
    locking = but(POLICY, lock=but(POLICY.lock, on_unusual="lock"))
    quiet = but(POLICY, lock=but(POLICY.lock, on_unusual="ignore"))
    abroad, at_three = replace(USUAL, place=TOKYO), replace(USUAL, hour=3)
    assert [judge(facts, locking).act for facts in (abroad, at_three)] == ["lock", "notify"]
    assert [judge(facts, POLICY).act for facts in (abroad, at_three)] == ["notify", "notify"]
    assert judge(abroad, quiet).act == "nothing"


def test_a_night_may_go_over_midnight() -> None:
    over = but(POLICY, unusual=but(POLICY.unusual, night_from=22, night_until=6))
    assert [at_night(hour, over) for hour in (21, 22, 0, 5, 6)] == [False, True, True, True, False]


def test_distances_are_those_of_an_atlas() -> None:
    assert distance(ROUEN, PARIS) == pytest.approx(112, abs=3)
    assert distance(PARIS, TOKYO) == pytest.approx(9710, abs=30)
    assert distance(PARIS, Place("FR")) is None


PLACES = st.builds(
    Place,
    st.sampled_from(["", "FR", "JP"]),
    st.one_of(st.none(), st.floats(-90, 90)),
    st.one_of(st.none(), st.floats(-180, 180)),
)


@given(one=PLACES, other=PLACES)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_round(one: Place, other: Place) -> None:
    there, back = distance(one, other), distance(other, one)
    if there is None or back is None:
        assert there == back
    else:
        assert there == pytest.approx(back, abs=1e-6)
        assert 0 <= there <= 20_020


@given(place=PLACES, hour=st.integers(0, 23), failures=st.integers(0, 200), nights=st.integers(0, 9))
def test_what_is_not_known_is_never_unusual(place: Place, hour: int, failures: int, nights: int) -> None:
    facts = replace(USUAL, place=place, hour=hour, failures=failures, nights=nights)
    found = judge(facts, POLICY).signs
    assert "country" not in found or place.country
    assert "travel" not in found or place.latitude is not None
