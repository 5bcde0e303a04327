"""Who a record is, which postings are wanted, whether too many leave: rules without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casier.feed import words
from casier.feed.knowing import Held, as_day
from casier.feed.matching import NEW, Candidate, Match, Traits, by_key, by_name, by_numen
from casier.feed.names import identity, letters, presentable, same
from casier.feed.planning.postings import Wanted, difference, wanted
from casier.feed.records import Function
from casier.feed.threshold import Leaving, Limits, exceeded

DAY = date(1980, 5, 17)
TODAY = date(2026, 9, 1)
TRAITS = Traits("K1", "JEAN", "MARTIN", birth_date=DAY)
JEAN = Candidate(7, here=True, given_name="Jean", family_name="Martin", birth_date=DAY)


@pytest.mark.parametrize(
    ("traits", "candidates", "expected"),
    [
        (TRAITS, [], NEW),
        (TRAITS, [JEAN], Match("name_birth", 7)),
        (TRAITS, [replace(JEAN, birth_date=date(1981, 1, 1))], NEW),
        (TRAITS, [replace(JEAN, birth_date=None)], Match("maybe_same", doubt=(7,))),
        (TRAITS, [JEAN, replace(JEAN, person=8)], Match("several", doubt=(7, 8))),
        (TRAITS, [JEAN, replace(JEAN, person=8, birth_date=None)], Match("several", doubt=(7, 8))),
        (TRAITS, [replace(JEAN, here=False)], Match("other_academy", doubt=(7,))),
        # the feed knows them by another key: a namesake of the same day, or the key changed
        (TRAITS, [replace(JEAN, keyed_otherwise=True)], Match("maybe_same", doubt=(7,))),
        (TRAITS, [replace(JEAN, keyed_otherwise=True, birth_date=None)], NEW),
        (replace(TRAITS, numen_index="a"), [replace(JEAN, numen_index="b")], NEW),
        (
            replace(TRAITS, birth_date=None, address="jean.martin@ac-x.fr"),
            [replace(JEAN, addresses=frozenset({"jean.martin@ac-x.fr"}))],
            Match("name_address", 7),
        ),
        (
            replace(TRAITS, key="", birth_date=None, schools=frozenset({"0760001A"})),
            [replace(JEAN, birth_date=None, schools=frozenset({"0760001A"}))],
            Match("name_school", 7),
        ),
    ],
)
def test_a_name_is_enough_where_nothing_else_could_be(
    traits: Traits, candidates: list[Candidate], expected: Match
) -> None:
    assert by_name(traits, candidates) == expected


def test_a_key_or_numen_that_leads_to_a_stranger_is_doubted() -> None:
    stranger = replace(JEAN, family_name="Durand", birth_date=date(1990, 1, 1))
    assert by_key(TRAITS, stranger) == Match("key_reused", doubt=(7,))
    assert by_numen(TRAITS, stranger) == Match("numen_conflict", doubt=(7,))
    married = replace(JEAN, family_name="Durand")
    assert by_key(TRAITS, married) == Match("key", 7)
    # nothing but the key or a NUMEN somebody typed speaks for it: neither name, and no day to compare
    bare = replace(TRAITS, birth_date=None)
    other = replace(JEAN, given_name="Alain", family_name="Durand")
    assert by_key(bare, other) == Match("key_reused", doubt=(7,))
    assert by_numen(TRAITS, replace(other, birth_date=None)) == Match("numen_conflict", doubt=(7,))
    for akin in (
        replace(other, given_name="JEAN"),
        replace(other, family_name="Martin"),
        replace(other, birth_name="Martin"),
    ):
        assert by_numen(bare, akin) == Match("numen", 7)
    # a list of keys, or a change that names one of the names only, contradicts nothing
    for said in ({"given_name": "", "family_name": ""}, {"given_name": ""}, {"family_name": ""}):
        assert by_key(replace(bare, **said), other) == Match("key", 7)
    known = replace(JEAN, numen_index="b")
    assert by_key(replace(TRAITS, numen_index="a"), known) == Match("numen_conflict", doubt=(7,))


_CANDIDATES = st.builds(
    Candidate,
    st.integers(1, 9),
    here=st.booleans(),
    given_name=st.just("Jean"),
    family_name=st.just("Martin"),
    birth_date=st.sampled_from([None, DAY, date(1981, 1, 1)]),
    numen_index=st.sampled_from([None, "a", "b"]),
    keyed_otherwise=st.booleans(),
    schools=st.sampled_from([frozenset[str](), frozenset({"0760001A"})]),
)
_TRAITS = st.builds(
    Traits,
    st.sampled_from(["", "K1"]),
    st.just("Jean"),
    st.just("Martin"),
    birth_date=st.sampled_from([None, DAY]),
    numen_index=st.sampled_from([None, "a"]),
    schools=st.just(frozenset({"0760001A"})),
)


@given(_TRAITS, st.lists(_CANDIDATES, max_size=4, unique_by=lambda one: one.person))
def test_nobody_is_taken_for_somebody_whom_something_contradicts(
    traits: Traits, candidates: list[Candidate]
) -> None:
    match = by_name(traits, candidates)
    if match.person is None:
        assert (match is NEW) == (not match.doubt)
        return
    taken = next(one for one in candidates if one.person == match.person)
    assert taken.here
    assert not (traits.numen_index and taken.numen_index and traits.numen_index != taken.numen_index)
    assert not (traits.birth_date and taken.birth_date and traits.birth_date != taken.birth_date)
    # nobody else could have been it
    assert all(by_name(traits, [one]) is NEW for one in candidates if one.person != match.person)


def test_names() -> None:
    assert presentable("  JEAN-PIERRE ") == "Jean-Pierre"
    assert presentable("D'ARC") == "D'Arc"
    assert presentable("de La Tour") == "de La Tour"
    assert same("LE GOFF", "Le Goff")
    assert same("MULLER", "Müller")
    assert letters("d’Arc") == letters("D'ARC")
    assert identity("K1", "a", "b", None, None) == "K1"
    assert (
        identity("", "A", "b", DAY, None)
        == identity("", "a", "B", DAY, None)
        != identity("", "a", "b", None, None)
    )


_FUNCTIONS = st.lists(
    st.builds(
        Function,
        st.sampled_from(["E1", "E2", "E404"]),
        st.sampled_from(["ENS", "DIR", "-"]),
        starts_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        ends_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 1)),
        classes=st.lists(st.sampled_from(["3A", "4B"]), max_size=2).map(tuple),
    ),
    max_size=5,
)
PLACES = {"E1": "0760001A", "E2": "0760002B"}


def _held(asked: list[Wanted], source: str = "feed") -> list[Held]:
    rows = [one.as_data(TODAY) for one in asked]
    return [
        Held(
            number,
            row["school"],
            row["function"],
            row["label"],
            as_day(row["starts_on"]),
            as_day(row["ends_on"]),
            source,
            frozenset(map(tuple, row["details"])),
            here=True,
        )
        for number, row in enumerate(rows)
    ]


@given(_FUNCTIONS, _FUNCTIONS)
def test_what_was_made_is_what_is_wanted(first: list[Function], second: list[Function]) -> None:
    """Applied once, the same feed finds nothing to do; another ends exactly what it doesn't name."""
    asked, unknown = wanted(first, PLACES, TODAY)
    assert len(unknown) == sum(one.school == "E404" for one in first)
    held = _held(asked)
    assert not difference(held, asked, TODAY)
    assert not difference(held, asked, TODAY + timedelta(days=1)) or any(
        one.ends_on == TODAY for one in asked
    )
    other, _ = wanted(second, PLACES, TODAY)
    gap = difference(held, other, TODAY)
    named = {(one.school, one.function) for one in other}
    assert {(one.school, one.function) for one, _values in gap.end} == {
        (one.school, one.function) for one in held
    } - named
    assert {(one.school, one.function) for one in gap.add} == named - {
        (one.school, one.function) for one in held
    }
    for one, values in (*gap.change, *gap.end):
        starts = as_day(values["starts_on"]) if "starts_on" in values else one.starts_on
        ends = as_day(values["ends_on"]) if "ends_on" in values else one.ends_on
        assert starts is None or ends is None or starts <= ends


@given(_FUNCTIONS)
def test_what_others_gave_the_feed_never_ends(functions: list[Function]) -> None:
    asked, _unknown = wanted(functions, PLACES, TODAY)
    for source in ("hand", "sponsor"):
        assert not difference(_held(asked, source), (), TODAY).end


def test_how_many_may_leave() -> None:
    limits = Limits(most=500, percent=5)
    assert exceeded(Leaving(10, 10), limits, None) is None  # ten always pass
    assert exceeded(Leaving(11, 100), limits, None)
    assert exceeded(Leaving(500, 60_000), limits, None) is None
    assert exceeded(Leaving(501, 60_000), limits, None)
    assert exceeded(Leaving(501, 60_000), limits, 501) is None
    assert exceeded(Leaving(502, 60_000), limits, 501)
    assert exceeded(Leaving(0, 0, 20, 100), limits, None)


def test_every_code_has_its_words_in_both_languages() -> None:
    for table in (words.CODES, words.FAULTS, words.STATES, words.VERBS, words.SUBJECTS, words.STATUSES):
        for code, (french, english) in table.items():
            assert french, code
            assert english, code
            for sign in ":;?!":
                assert f" {sign}" not in french, code
    assert words.told("unknown_school", {"schools": ["1", "2"]}, english=False).endswith("(1, 2).")
    assert words.told("bad_uai", {}, english=True) == "Not a UAI."
    assert words.fault({"code": "bad_feed", "reason": "damaged", "file": "a.xml"}, english=True).startswith(
        "a.xml"
    )
