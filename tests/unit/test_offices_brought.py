"""Offices that come with a function or a group, as long as the directory says so, unless somebody objects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casier.audit.api import Actor, recent
from casier.directory import actions
from casier.directory.actions import Loan, NewMandate, NewSchool
from casier.directory.mandates import Ability, mandates_of, may
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Mandate,
    Office,
    Posting,
    PostingSource,
    School,
)
from casier.groups.actions import GroupInUse, GroupWords, Owner, create_group, remove_group
from casier.kernel.uai import key_letter
from casier.life.api import close, reopen
from casier.policies.api import BadPolicy, adopt, policy_for, with_changes
from casier.rights.api import settle, start_review
from unit.identity_people import academy, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BY = Actor.operator("test")
WHY: dict[str, Any] = {"by": BY, "reason": "rentrée", "now": NOW}


@pytest.fixture
def rouen(monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    return academy("rouen")


@pytest.fixture
def monod(rouen: Academy) -> School:
    return actions.create_school(rouen, NewSchool(f"0760001{key_letter('0760001')}", "Monod"), **WHY)


@pytest.fixture
def zoe(rouen: Academy, monod: School) -> Account:
    """She directs Monod."""
    return directs(person(rouen, "Zoé", "Petit"), monod)


def directs(account: Account, school: School) -> Account:
    Posting.objects.create(person=account.person, school=school, function="DIR", source=PostingSource.FEED)
    return account


def leads(account: Account, school: School, at: datetime = NOW) -> bool:
    return may(account, Ability.DEPART, school, at)


def test_the_office_comes_with_the_function_and_goes_with_it(
    rouen: Academy, monod: School, zoe: Account
) -> None:
    assert not leads(zoe, monod)
    assert settle(rouen, NOW) == 1
    assert settle(rouen, NOW) == 0
    assert leads(zoe, monod)
    entry = recent(1)[0]
    assert (entry.action, entry.target) == ("mandate.given", f"account:{zoe.public_id}")
    assert entry.facts["function"] == "DIR"
    # The day after the last one there is none any more, though nobody has come by yet.
    zoe.person.postings.update(ends_on=NOW.date())
    assert leads(zoe, monod)
    assert not leads(zoe, monod, NOW + DAY)
    assert not mandates_of(zoe, NOW + DAY).exists()
    assert settle(rouen, NOW + DAY) == 1
    assert Mandate.objects.get().ended_at == NOW + DAY


def test_teachers_and_those_of_a_service_lead_nobody(rouen: Academy, monod: School) -> None:
    teacher, service = person(rouen, "Jean", "Roy"), person(rouen, "Léa", "Roux")
    Posting.objects.create(person=teacher.person, school=monod, function="ENS")
    Posting.objects.create(person=service.person, school=None, function="DIR")
    assert settle(rouen, NOW) == 0


def test_a_school_of_another_academy_brings_nothing(rouen: Academy, monod: School) -> None:
    assert settle(rouen, NOW) == 0
    amiens = academy("amiens", ("ac-amiens.fr",))
    elsewhere = directs(person(amiens, "Jean", "Roy"), monod)
    settle(rouen, NOW)
    settle(elsewhere.academy, NOW)
    assert not Mandate.objects.exists()


def test_who_was_relieved_stays_so_while_the_directory_still_names_them(
    rouen: Academy, monod: School, zoe: Account
) -> None:
    settle(rouen, NOW)
    actions.end_mandate(Mandate.objects.get(), **WHY)
    assert settle(rouen, NOW + DAY) == 0
    assert not leads(zoe, monod, NOW + DAY)
    # Somebody gives it again, by hand.
    actions.give_mandate(zoe, NewMandate(Office.HEAD, school=monod), by=BY, reason="encore", now=NOW + DAY)
    assert settle(rouen, NOW + DAY) == 0
    assert leads(zoe, monod, NOW + DAY)


def test_who_has_it_from_somebody_has_it_once(rouen: Academy, monod: School, zoe: Account) -> None:
    actions.give_mandate(zoe, NewMandate(Office.HEAD, school=monod), **WHY)
    assert settle(rouen, NOW) == 0


def test_a_loan_ends_with_the_function_of_its_lender(rouen: Academy, monod: School, zoe: Account) -> None:
    settle(rouen, NOW)
    jean = person(rouen, "Jean", "Roy")
    Account.objects.filter(pk=jean.pk).update(state=AccountState.ACTIVE)
    mine = Actor.account(zoe.public_id, "console")
    actions.lend_mandate(Mandate.objects.get(), jean, Loan(NOW + 9 * DAY), by=mine, reason="congé", now=NOW)
    assert leads(jean, monod, NOW + DAY)
    zoe.person.postings.update(ends_on=NOW.date())
    assert not leads(jean, monod, NOW + DAY)


def test_who_left_and_came_back_leads_again(rouen: Academy, monod: School, zoe: Account) -> None:
    settle(rouen, NOW)
    close(zoe, **WHY)
    assert settle(rouen, NOW) == 0
    reopen(zoe, **WHY)
    assert not leads(zoe, monod)
    assert settle(rouen, NOW) == 1
    assert leads(zoe, monod)


def test_an_academy_may_want_to_give_every_office_by_hand(
    rouen: Academy, monod: School, zoe: Account
) -> None:
    settle(rouen, NOW)
    adopt(rouen, with_changes(policy_for(rouen), ["rights.head_functions=[]"]), **WHY)
    assert settle(rouen, NOW) == 1
    assert not leads(zoe, monod)


def test_a_review_asks_nobody_to_confirm_what_the_directory_says(rouen: Academy, zoe: Account) -> None:
    settle(rouen, NOW)
    dsi = person(rouen, "Odile", "Bart")
    actions.give_mandate(dsi, NewMandate(Office.DSI), **WHY)
    review = start_review(rouen, by=BY, now=NOW)
    assert [line.holder_id for line in review.lines.all()] == [dsi.pk]


def test_many_heads_cost_no_more_queries_than_one(rouen: Academy, monod: School, zoe: Account) -> None:
    with CaptureQueriesContext(connection) as one:
        settle(rouen, NOW)
    for number in range(12):
        uai = f"07601{number:02}"
        new = NewSchool(f"{uai}{key_letter(uai)}", f"École {number}")
        school = actions.create_school(rouen, new, **WHY)
        directs(person(rouen, "Ana", f"Roy{number}"), school)
    with CaptureQueriesContext(connection) as many:
        assert settle(rouen, NOW) == 12
    assert len(many) <= len(one) + 1


# What a group brings --------------------------------------------------------------------------------
@pytest.fixture
def luc(rouen: Academy) -> Account:
    """He is in the group that helps."""
    someone = person(rouen, "Luc", "Roy")
    Posting.objects.create(person=someone.person, function="ADF")
    Account.objects.filter(pk=someone.pk).update(state=AccountState.ACTIVE)
    create_group(rouen, "siasi", GroupWords("SIASI", "fonction = ADF"), **WHY)
    adopt(rouen, with_changes(policy_for(rouen), [f'rights.office_groups=["{HELPS}"]']), **WHY)
    return Account.objects.get(pk=someone.pk)


HELPS = "help_desk:siasi"


def helps(account: Account, at: datetime = NOW) -> bool:
    return may(account, Ability.UNLOCK, person(account.academy, "Ana", "Ro"), at)


def test_a_group_brings_its_office_and_takes_it_along(rouen: Academy, luc: Account) -> None:
    assert not helps(luc)
    assert settle(rouen, NOW) == 1
    assert settle(rouen, NOW) == 0
    assert helps(luc)
    assert [one.facts["group"] for one in recent(9) if one.action == "mandate.given"] == ["siasi"]
    luc.person.postings.all().delete()
    assert settle(rouen, NOW) == 1
    assert not helps(luc)


def test_a_group_of_a_part_of_the_academy_brings_nothing(rouen: Academy, monod: School, luc: Account) -> None:
    """Whoever writes the rule of a school's group would choose who helps in the whole academy."""
    owner = Owner(school=monod)
    create_group(rouen, "monod", GroupWords("Monod", "fonction = DIR"), owner=owner, **WHY)
    with pytest.raises(BadPolicy):
        adopt(rouen, with_changes(policy_for(rouen), ['rights.office_groups=["help_desk:monod"]']), **WHY)


@pytest.mark.parametrize("text", ["dsi:siasi", "platform:siasi", "security:siasi", "dpo:siasi", "head:siasi"])
def test_the_offices_that_weigh_most_are_given_by_people(rouen: Academy, luc: Account, text: str) -> None:
    with pytest.raises(BadPolicy):
        with_changes(policy_for(rouen), [f'rights.office_groups=["{text}"]'])


def test_who_was_relieved_is_not_charged_again_by_the_group(rouen: Academy, luc: Account) -> None:
    settle(rouen, NOW)
    actions.end_mandate(Mandate.objects.get(), **WHY)
    assert settle(rouen, NOW) == 0
    assert not helps(luc)


def test_a_group_that_brings_an_office_is_not_removed(rouen: Academy, luc: Account) -> None:
    with pytest.raises(GroupInUse):
        remove_group(rouen.groups.get(), **WHY)


def test_somebody_in_two_groups_of_one_office_has_it_once(rouen: Academy, luc: Account) -> None:
    create_group(rouen, "aide", GroupWords("Aide", "fonction = ADF"), **WHY)
    adopt(
        rouen, with_changes(policy_for(rouen), [f'rights.office_groups=["{HELPS}", "help_desk:aide"]']), **WHY
    )
    assert settle(rouen, NOW) == 1
    assert settle(rouen, NOW) == 0
