"""When a second factor is asked for or has to be enrolled: the four shipped sets, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.identity.entry.road import Enrolment
from casier.identity.factors.deciding import Facts, Wanted, is_outside, needed, wanted
from casier.policies.api import SHIPPED, shipped
from casier.policies.policy import SecondFactor

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
NO, ADVISED, REQUIRED = Enrolment.NO, Enrolment.ADVISED, Enrolment.REQUIRED


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


ROLE = frozenset({"role"})
TABLE = [
    # set, what is the case, asked, enrolment
    ("normandie", {}, False, REQUIRED),
    ("normandie", {"put_off": days(0)}, False, REQUIRED),
    ("normandie", {"enrolled": True}, True, NO),
    ("rouen", {}, False, NO),
    ("rouen", {"enrolled": True}, False, NO),
    ("rouen", {"contexts": ROLE}, False, REQUIRED),
    ("rouen", {"contexts": ROLE, "enrolled": True}, True, NO),
    ("rouen", {"contexts": frozenset({"outside_network"}), "enrolled": True}, True, NO),
    ("rouen", {"contexts": frozenset({"sensitive_service"})}, False, REQUIRED),
    ("rouen", {"contexts": frozenset({"unusual"}), "enrolled": True}, False, NO),  # not one that Rouen names
    ("nancy-metz", {}, False, ADVISED),
    ("nancy-metz", {"put_off": days(0)}, False, ADVISED),  # at each sign-in, says the table
    ("nancy-metz", {"began": days(3000)}, False, ADVISED),
    ("nancy-metz", {"enrolled": True}, True, NO),
    ("amiens", {}, False, ADVISED),
    ("amiens", {"began": days(10), "put_off": days(3)}, False, NO),
    ("amiens", {"began": days(10), "put_off": days(7)}, False, ADVISED),
    ("amiens", {"began": days(84), "put_off": days(0.5)}, False, NO),
    ("amiens", {"began": days(84), "put_off": days(1)}, False, ADVISED),
    ("amiens", {"began": days(89.9), "put_off": days(1)}, False, ADVISED),
    ("amiens", {"began": days(90), "put_off": days(0)}, False, ADVISED),  # the grace: at each sign-in
    ("amiens", {"began": days(105), "put_off": days(0)}, False, REQUIRED),
    ("amiens", {"began": days(90), "enrolled": True}, True, NO),
]


@pytest.mark.parametrize(("name", "facts", "asked", "enrolment"), TABLE)
def test_the_shipped_sets(name: str, facts: dict[str, object], asked: bool, enrolment: Enrolment) -> None:
    found = wanted(shipped(name).second_factor, Facts(now=NOW, **facts))  # type: ignore[arg-type]
    assert (found.asked, found.enrolment) == (asked, enrolment)


@pytest.mark.parametrize(
    ("began", "expected"),
    [(days(29), NO), (days(30), ADVISED), (days(36.9), ADVISED), (days(37), REQUIRED)],
)
def test_after_the_deadline_comes_the_grace_then_no_way_round(began: datetime, expected: Enrolment) -> None:
    policy = SecondFactor(requirement="required", enrolment_days=30, grace_days=7)
    found = wanted(policy, Facts(now=NOW, began=began, put_off=NOW - timedelta(minutes=1)))
    assert found.enrolment is expected
    assert found.deadline == began + timedelta(days=30)
    assert found.last_day == began + timedelta(days=37)


def test_off_asks_for_nothing_whatever_is_enrolled() -> None:
    everything = frozenset({"role", "outside_network", "sensitive_service", "unusual"})
    policy = SecondFactor(requirement="off")
    assert wanted(policy, Facts(now=NOW, enrolled=True, contexts=everything)) == Wanted()


@given(
    name=st.sampled_from(SHIPPED),
    began=st.one_of(st.none(), st.floats(0, 4000).map(days)),
    put_off=st.one_of(st.none(), st.floats(0, 4000).map(days)),
    contexts=st.sets(st.sampled_from(["role", "outside_network", "sensitive_service", "unusual"])),
)
def test_whoever_has_a_factor_is_never_asked_to_enrol_and_the_other_way_round(
    name: str, began: datetime | None, put_off: datetime | None, contexts: set[str]
) -> None:
    policy = shipped(name).second_factor
    held = frozenset(contexts)
    having = wanted(policy, Facts(NOW, True, began, put_off, held))  # type: ignore[arg-type]
    without = wanted(policy, Facts(NOW, False, began, put_off, held))  # type: ignore[arg-type]
    assert having.enrolment is NO
    assert not without.asked
    if policy.requirement == "required":
        assert having.asked
    if without.enrolment is REQUIRED:
        assert needed(policy), "what is required can't be given up"


@pytest.mark.parametrize(
    ("source", "networks", "outside"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), False),
        ("192.0.2.7", ("10.0.0.0/8",), True),
        ("2001:db8::1", ("2001:db8::/32", "10.0.0.0/8"), False),
        ("local", ("10.0.0.0/8",), True),  # what can't be told is not inside
        ("192.0.2.7", (), False),
    ],
)
def test_where_outside_is(source: str, networks: tuple[str, ...], outside: bool) -> None:
    assert is_outside(source, networks) is outside
