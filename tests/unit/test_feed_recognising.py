"""Who a record is: one person in two schools or academies, a namesake, somebody known by hand."""

from __future__ import annotations

from datetime import date

import pytest
from feed_fixtures import academy, silent_redis
from feed_scene import (
    BIRTH,
    COLLEGE,
    ME,
    NOW,
    SCHOOLS,
    WHY,
    account,
    addresses,
    applied,
    later,
    lines,
    person,
    school,
    uai,
    verbs,
)
from feed_scene import academy as make_academy

from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Person,
    PersonKey,
    Posting,
)
from casier.directory.numen import parse_numen
from casier.feed.actions import decide
from casier.feed.models import ReviewItem
from casier.feed.records import Function

__all__ = ["academy", "silent_redis"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_person_in_two_schools_is_one(academy: Academy) -> None:
    both = [Function("E1", "ENS"), Function(COLLEGE, "ENS")]
    applied(academy, *SCHOOLS, person("P1", functions=both))
    assert (Account.objects.count(), Posting.objects.count()) == (1, 2)


def test_a_person_in_two_academies_is_one_where_the_numen_says_so(academy: Academy) -> None:
    other = make_academy("amiens", ("ac-amiens.fr",))
    numen = parse_numen("12A3456789BCD")
    amiens = school("E9", uai(800001), "Lycée d’Amiens")
    applied(academy, *SCHOOLS, person("P1", numen=numen))
    there = person("Q1", functions=[Function("E9", "ENS")], numen=numen)
    run = applied(other, amiens, there)
    assert verbs(run) == [("change", "posting_added")]
    assert Account.objects.count() == 1
    assert sorted(PersonKey.objects.values_list("academy__slug", "key")) == [
        ("amiens", "Q1"),
        ("rouen", "P1"),
    ]
    # Rouen ends it: there is still a posting in Amiens
    run = applied(academy, *SCHOOLS, person("P2", "Anne"), clock=later(1))
    assert ("change", "other_posting") in verbs(run)
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED


def test_a_namesake_of_the_same_day_elsewhere_is_asked_about(academy: Academy) -> None:
    other = make_academy("amiens", ("ac-amiens.fr",))
    applied(academy, *SCHOOLS, person("P1"))
    amiens = school("E9", uai(800001), "Lycée d’Amiens")
    feed = (amiens, person("Q1", functions=[Function("E9", "ENS")]))
    run = applied(other, *feed)
    assert verbs(run) == [("review", "other_academy")]
    item = ReviewItem.objects.get()
    assert Account.objects.count() == 1
    decide(item, account("jean.martin@ac-rouen.fr").person, **WHY)
    run = applied(other, *feed, clock=later(1))
    assert verbs(run) == [("change", "posting_added")]
    assert Account.objects.count() == 1


def test_another_once_said_is_remembered(academy: Academy) -> None:
    actions.create_account(academy, actions.NewAccount("Jean", "Martin"), by=ME, reason="tests", now=NOW)
    feed = (*SCHOOLS, person("P1"))
    assert verbs(applied(academy, *feed)) == [("review", "maybe_same")]
    decide(ReviewItem.objects.get(), None, **WHY)
    assert verbs(applied(academy, *feed, clock=later(1))) == [("create", "new")]
    assert verbs(applied(academy, *feed, clock=later(2))) == []
    assert addresses() == ["jean.martin1@ac-rouen.fr", "jean.martin@ac-rouen.fr"]


def test_who_is_there_already_is_recognised_by_name_and_birth_date(academy: Academy) -> None:
    new = actions.NewAccount("Jean", "Martin", birth_date=BIRTH)
    actions.create_account(academy, new, by=ME, reason="tests", now=NOW)
    numen = parse_numen("12A3456789BCD")
    run = applied(academy, *SCHOOLS, person("P1", numen=numen, birth_name="DURAND"))
    assert verbs(run) == [("change", "posting_added")]
    one = Person.objects.get()
    assert (one.birth_name, bool(one.numen_index), one.keys.get().key) == ("Durand", True, "P1")


def test_a_key_that_the_feed_gave_to_somebody_else(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1"))
    feed = (*SCHOOLS, person("P1", "Zoé", "Berger", birth_date=date(1990, 1, 1)))
    run = applied(academy, *feed, clock=later(1))
    assert verbs(run) == [("review", "key_reused")]
    assert account("jean.martin@ac-rouen.fr").state == AccountState.INVITED
    decide(ReviewItem.objects.get(), None, **WHY)
    run = applied(academy, *feed, clock=later(2))
    assert verbs(run) == [("create", "new"), ("leave", "left")]


def test_one_person_is_not_two_records(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS, person("P1"), person("P2"))
    assert verbs(run) == [("create", "new"), ("review", "twin")]
    run = applied(academy, *SCHOOLS, person("P1"), person("P1"), clock=later(1))
    assert verbs(run) == [("refuse", "same_person")]


def test_a_key_stands_in_a_run_once_whatever_else_is_known(academy: Academy) -> None:
    nothing = {"birth_date": None}
    run = applied(academy, *SCHOOLS, person("P1", **nothing), person("P1", **nothing))
    assert [one[1:] for one in lines(run)][2:] == [("create", "new", "done"), ("refuse", "same_key", "told")]
    run = applied(academy, *SCHOOLS, person("P2", "Zoé"), person("P2", "Luc", birth_date=date(1990, 1, 1)))
    assert [verb for verb in verbs(run) if verb[0] != "leave"] == [("create", "new"), ("refuse", "same_key")]


@pytest.mark.parametrize("known", [False, True])
def test_a_numen_stands_in_a_run_once(academy: Academy, known: bool) -> None:
    one, other = ("P1", "Zoé"), ("P2", "Luc")
    if known:
        applied(academy, *SCHOOLS, person(*one), person(*other))
    numen = parse_numen("14E9900001ABC")
    run = applied(academy, *SCHOOLS, person(*one, numen=numen), person(*other, numen=numen), clock=later(1))
    assert verbs(run) == [
        ("change" if known else "create", "details" if known else "new"),
        ("refuse", "same_numen"),
    ]
    assert Person.objects.exclude(numen_index=None).get().given_name == "Zoé"
    again = applied(academy, *SCHOOLS, person(*one, numen=numen), person(*other), clock=later(2))
    assert verbs(again) == ([] if known else [("create", "new")])


def test_names_without_a_latin_letter_are_nobodys_twins(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS, person("P1", "Γιώργος", "Παππάς"), person("P2", "محمد", "علي"))
    assert verbs(run) == [("refuse", "no_letters")] * 2


def test_a_key_comes_to_one_of_those_who_are_there(academy: Academy) -> None:
    for given in ("Zoé", "Luc"):
        new = actions.NewAccount(given, "Berger", birth_date=BIRTH)
        actions.create_account(academy, new, by=ME, reason="tests", now=NOW)
    run = applied(academy, *SCHOOLS, person("P1", "Zoé", "Berger"), person("P1", "Luc", "Berger"))
    assert verbs(run) == [("change", "posting_added"), ("refuse", "same_key")]
    assert PersonKey.objects.get().person.given_name == "Zoé"
