"""The code of a letter, the checks of an identity, and why somebody can't come in: rules without I/O."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.directory.life import ENDED, IN_USE
from casier.directory.models import AccountState
from casier.identity.recovery import letter_code
from casier.identity.recovery.actions import Check, enough
from casier.identity.recovery.diagnosis import Cause, Cure, Facts, Finding, Lane, SuspendedBy, diagnose
from casier.identity.recovery.letter_code import ALPHABET, DRAWN, Miscopied
from casier.identity.recovery.letters import BadAddress, lines_of
from casier.identity.recovery.repair import network_allowed
from casier.portal.repair.checking import is_old
from casier.portal.repair.words import words_of

DRAWS = st.lists(st.sampled_from(ALPHABET), min_size=DRAWN, max_size=DRAWN)


def drawn(signs: list[str]) -> str:
    left = iter(signs)
    return letter_code.draw(lambda _: next(left)).reveal()


@given(DRAWS)
def test_a_code_is_read_however_it_is_copied(signs: list[str]) -> None:
    code = drawn(signs)
    for copy in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert letter_code.parse(copy).reveal() == code


@given(DRAWS, st.integers(0, DRAWN), st.sampled_from(ALPHABET))
def test_one_sign_misread_is_noticed(signs: list[str], place: int, other: str) -> None:
    flat = drawn(signs).replace("-", "")
    if flat[place] == other:
        return
    with pytest.raises(Miscopied):
        letter_code.parse(flat[:place] + other + flat[place + 1 :])


@given(DRAWS, st.integers(0, DRAWN - 1))
def test_two_signs_swapped_are_noticed(signs: list[str], place: int) -> None:
    flat = drawn(signs).replace("-", "")
    if flat[place] == flat[place + 1]:
        return
    with pytest.raises(Miscopied):
        letter_code.parse(flat[:place] + flat[place + 1] + flat[place] + flat[place + 2 :])


def test_a_code_is_hard_to_guess_and_does_not_print() -> None:
    assert len(ALPHABET) ** DRAWN > 2**60
    assert not set("01ILO") & set(ALPHABET)
    assert "…" in repr(letter_code.draw())


@pytest.mark.parametrize("typed", ["", "AAAA", "0000-0000-0000-0000", "é" * 16, "A" * 17])
def test_what_is_no_code_is_told(typed: str) -> None:
    with pytest.raises(Miscopied):
        letter_code.parse(typed)


@given(st.lists(st.sampled_from(list(Check))))
def test_common_knowledge_is_never_enough(checks: list[Check]) -> None:
    common = {Check.POSTING, Check.BIRTH_DATE}
    assert enough(checks) == (len(set(checks)) >= 2 and bool(set(checks) - common))


def test_an_address_is_two_to_six_lines() -> None:
    assert lines_of(("  12  rue des Tilleuls ", "", "76000 ROUEN")) == ["12 rue des Tilleuls", "76000 ROUEN"]
    assert lines_of(()) == []
    for bad in (("Rouen",), tuple("abcdefg")):
        with pytest.raises(BadAddress):
            lines_of(bad)


LANES = st.tuples(st.sampled_from(["passwords", "factors", "one_device"]), st.integers(0, 10)).map(
    lambda pair: Lane(*pair)
)
FACTS = st.builds(
    Facts,
    state=st.sampled_from(AccountState),
    suspended_by=st.sampled_from(SuspendedBy),
    lanes=st.lists(LANES, max_size=4).map(tuple),
    network_allowed=st.booleans(),
    has_password=st.booleans(),
    temporary_over=st.booleans(),
    expired=st.booleans(),
    may_reopen=st.booleans(),
    may_recover=st.booleans(),
)


@given(FACTS)
def test_every_case_has_an_answer_and_none_gives_too_much(facts: Facts) -> None:
    found = diagnose(facts)
    cures = {finding.cure for finding in found}
    assert found
    assert len({finding.cause for finding in found}) == len(found)
    if any(lane.why == "factors" for lane in facts.lanes) or not facts.lanes:
        assert Cure.UNLOCK not in cures
    # Who is leaving is still in.
    if facts.state not in IN_USE:
        assert Cure.RECOVER not in cures
    if Cure.REOPEN in cures:
        assert facts.state == AccountState.SUSPENDED
        assert facts.may_reopen
        assert facts.suspended_by is SuspendedBy.IDLENESS
    if facts.state in ENDED:
        assert cures == {Cure.NONE}
    for finding in found:
        words = words_of(finding)
        assert words.title
        assert words.why
        assert bool(words.button) == (finding.cure is not Cure.NONE)


def test_a_lock_without_an_end_has_no_end() -> None:
    lanes = (Lane("passwords", 500), Lane("passwords", 0))
    assert diagnose(Facts(AccountState.ACTIVE, lanes=lanes)) == [Finding(Cause.PASSWORDS, Cure.UNLOCK, 0)]


@pytest.mark.parametrize(
    ("source", "networks", "allowed"),
    [
        ("192.0.2.1", (), True),
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("192.0.2.1", ("10.0.0.0/8",), False),
        ("2001:db8::1", ("10.0.0.0/8", "2001:db8::/32"), True),
        ("local", ("10.0.0.0/8",), False),
    ],
)
def test_networks(source: str, networks: tuple[str, ...], allowed: bool) -> None:
    assert network_allowed(source, networks) is allowed


def test_old_browsers_are_told_apart() -> None:
    assert is_old("Mozilla/5.0 (Windows NT 6.1) Gecko/20100101 Firefox/78.0")
    assert not is_old("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    assert not is_old("curl/8")
