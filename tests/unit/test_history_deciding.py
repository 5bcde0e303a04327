"""« It wasn't me »: the table of what protects."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.identity.history.deciding import (
    OPENED_ALREADY,
    Event,
    Measure,
    Said,
    event_of_notice,
    event_of_result,
    measures,
    trusted,
)
from casier.identity.history.results import Notice, SignInResult

SAID = [Said(*both) for both in itertools.product((True, False), repeat=2)]
INFORMS_ONLY = {
    Notice.PASSWORD_EXPIRES,
    Notice.RESUMED,
    Notice.CORRECTION,
    Notice.PROTECTED,
    Notice.REPORTED,
    Notice.ATTACK_WAVE,
}


@given(st.sampled_from(Event), st.sampled_from(SAID))
def test_everything_is_reported_and_in_order(event: Event, said: Said) -> None:
    done = measures(event, said)
    assert done[-1] is Measure.REPORT
    assert list(done) == sorted(done, key=list(Measure).index)
    assert len(set(done)) == len(done)


@pytest.mark.parametrize("event", sorted(OPENED_ALREADY))
@pytest.mark.parametrize("said", SAID)
def test_who_was_inside_is_out_and_what_they_left_is_gone(event: Event, said: Said) -> None:
    assert {
        Measure.NEW_PASSWORD,
        Measure.END_SESSIONS,
        Measure.REVOKE_SINCE,
        Measure.FORGET_DEVICES,
        Measure.CUT_PROGRAMS,
        Measure.CANCEL_RECOVERY,
    } <= set(measures(event, said))


def test_after_a_change_a_link_suspends_since_the_means_may_be_somebody_elses() -> None:
    for way_back in (True, False):
        assert Measure.SUSPEND in measures(Event.CHANGED, Said(False, way_back))


def test_without_a_way_back_only_the_help_desk_opens_again() -> None:
    assert Measure.SUSPEND in measures(Event.CAME_IN, Said(False, way_back=False))
    assert Measure.SUSPEND not in measures(Event.CAME_IN, Said(False, way_back=True))


@pytest.mark.parametrize("event", list(Event))
def test_who_has_just_shown_a_second_factor_is_not_suspended(event: Event) -> None:
    assert Measure.SUSPEND not in measures(event, Said(True, way_back=False))


@pytest.mark.parametrize("said", SAID)
def test_wrong_guesses_shut_nobody_out(said: Said) -> None:
    """Else an attacker who only knows a name could have its owner press the button that shuts them out."""
    assert measures(Event.TRY, said) == (Measure.REPORT,)
    assert Measure.NEW_PASSWORD not in measures(Event.RECOVERY, said)


def test_a_known_password_is_shut() -> None:
    for result in (SignInResult.WRONG_FACTOR, SignInResult.REFUSED, SignInResult.ONE_DEVICE):
        assert Measure.NEW_PASSWORD in measures(event_of_result(result), Said(False, way_back=True))


def test_every_notice_that_others_can_cause_can_be_disowned() -> None:
    assert {notice for notice in Notice if event_of_notice(notice, {}) is None} == INFORMS_ONLY
    assert all(event_of_result(result) for result in SignInResult)


def test_what_the_help_desk_did_openly_is_not_somebody_elses_doing() -> None:
    assert event_of_notice(Notice.SUSPENDED, {"by": "account:1"}) is None
    assert event_of_notice(Notice.HELP_DESK, {"what": "unlock"}) is Event.TRY
    assert event_of_notice(Notice.HELP_DESK, {"what": "password"}) is Event.CHANGED


@pytest.mark.parametrize(
    ("proofs", "enough"),
    [
        (("pwd",), False),
        (("pwd", "trusted"), False),
        (("pwd", "totp"), True),
        (("passkey",), True),
        (("pwd", "recovery_code"), True),
        ((), False),
    ],
)
def test_a_session_stays_by_a_second_factor_alone(proofs: tuple[str, ...], enough: bool) -> None:
    assert trusted(proofs) is enough
