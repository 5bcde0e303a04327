"""Parts in a school's mailboxes that go with the posting there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casier.audit.models import JournalEntry, OutboxEvent
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.models import (
    Account,
    EndedMembership,
    FunctionalMailbox,
    Membership,
    Posting,
    Role,
    School,
)
from unit.life_people import DAY, ME, OTHER_UAI, a_person, a_school, an_academy, at, posted, why

pytestmark = pytest.mark.django_db
YESTERDAY = DAY - timedelta(days=1)


def box(school: School) -> FunctionalMailbox:
    return actions.create_functional_mailbox(school.academy, actions.NewMailbox(school.name, school), **why())


def sweep(day: Any = DAY) -> list[EndedMembership]:
    return actions.leave_mailboxes(by=ME, reason="t", now=at(day))


@pytest.fixture
def scene() -> tuple[School, FunctionalMailbox, Account, Posting]:
    academy = an_academy()
    school = a_school(academy)
    jean = a_person(academy)
    posting = posted(jean, school)
    mailbox = box(school)
    actions.set_member(mailbox, jean, Role.ANSWER, **why())
    return school, mailbox, jean, posting


def end(posting: Posting) -> None:
    posting.ends_on = YESTERDAY
    posting.save(update_fields=["ends_on"])


def test_the_last_posting_takes_the_part_with_it(scene: Any) -> None:
    _school, mailbox, jean, posting = scene
    assert sweep() == []
    end(posting)
    OutboxEvent.objects.all().delete()
    assert [(row.mailbox, row.account, row.role) for row in sweep()] == [(mailbox, jean, "answer")]
    assert not Membership.objects.exists()
    assert JournalEntry.objects.filter(action="functional.member_left").count() == 1
    assert set(OutboxEvent.objects.values_list("topic", "key")) == {
        ("functional.changed", mailbox.pk.hex), ("account.changed", jean.public_id),
    }  # fmt: skip
    assert sweep() == []


def test_another_posting_there_or_one_to_come_keeps_it(scene: Any) -> None:
    school, _mailbox, jean, posting = scene
    end(posting)
    later = Posting.objects.create(
        person=jean.person, school=school, function="EDU", starts_on=DAY + timedelta(days=3)
    )
    assert sweep() == []
    later.delete()
    assert len(sweep()) == 1


def test_the_last_day_itself_is_still_worked(scene: Any) -> None:
    *_rest, posting = scene
    posting.ends_on = DAY
    posting.save(update_fields=["ends_on"])
    assert sweep() == []
    assert len(sweep(DAY + timedelta(days=1))) == 1


def test_who_was_named_without_a_posting_there_stays(scene: Any) -> None:
    school, mailbox, _jean, posting = scene
    anne = a_person(school.academy, "Anne", "Leroy")
    posted(anne, a_school(school.academy, OTHER_UAI))
    actions.set_member(mailbox, anne, Role.READ, **why())
    end(posting)
    Posting.objects.filter(person=anne.person).update(ends_on=YESTERDAY)
    sweep()
    assert [row.account for row in Membership.objects.select_related("account")] == [anne]


def test_a_changed_role_is_still_by_the_posting(scene: Any) -> None:
    _school, mailbox, jean, posting = scene
    end(posting)
    actions.set_member(mailbox, jean, Role.MANAGE, **why())
    assert Membership.objects.get().by_posting
    assert len(sweep()) == 1


def test_what_is_taken_back_comes_back_as_it_was(scene: Any) -> None:
    _school, mailbox, jean, posting = scene
    since = Membership.objects.get().since
    end(posting)
    sweep()
    said = {"since": at(DAY), **why()}
    assert actions.return_to_mailboxes(account=jean, **said) == 0  # nothing holds there again yet
    posting.ends_on = None
    posting.save(update_fields=["ends_on"])
    assert actions.return_to_mailboxes(account=jean, **{**said, "since": at(DAY + timedelta(days=1))}) == 0
    assert actions.return_to_mailboxes(account=jean, **said) == 1
    row = Membership.objects.get()
    assert (row.mailbox, row.role, row.since, row.by_posting) == (mailbox, "answer", since, True)
    assert not EndedMembership.objects.exists()


def test_leaving_one_school_leaves_the_others_mailboxes_alone(scene: Any) -> None:
    school, _mailbox, jean, _posting = scene
    there = a_school(school.academy, OTHER_UAI)
    posted(jean, there)
    actions.set_member(box(there), jean, Role.READ, **why())
    ended = actions.leave_school(jean, school, **why())
    assert [row.mailbox.school for row in ended] == [school]
    assert Membership.objects.get().mailbox.school == there


def test_a_reopened_account_has_what_its_postings_still_give(scene: Any) -> None:
    from casier.life import api as life

    _school, mailbox, jean, posting = scene
    life.close(jean, **why())
    end(posting)
    life.reopen(jean, **why())
    assert not Membership.objects.exists()
    posting.ends_on = None
    posting.save(update_fields=["ends_on"])
    jean.refresh_from_db()
    actions.set_member(mailbox, jean, Role.READ, **why())
    life.close(jean, **why())
    life.reopen(jean, **why())
    assert Membership.objects.get().role == "read"


def test_a_closed_mailbox_opens_to_nobody(scene: Any) -> None:
    _school, mailbox, jean, _posting = scene
    for _twice in range(2):
        actions.close_functional_mailbox(mailbox, **why())
    mailbox.refresh_from_db()
    assert mailbox.is_closed
    assert not Membership.objects.exists()
    assert not mailbox.addresses.filter(retired_at=None).exists()
    assert mailbox.addresses.filter(ended_as="primary", reserved_until__gt=at(DAY)).count() == 1
    with pytest.raises(WrongState):
        actions.set_member(mailbox, jean, Role.READ, **why())


def test_a_thousand_parts_end_in_few_queries(scene: Any, django_assert_max_num_queries: Any) -> None:
    school, mailbox, _jean, _posting = scene
    people = [a_person(school.academy, "Luc", f"Nom{letter}") for letter in "abcdefghij"]
    for one in people:
        posted(one, school)
        actions.set_member(mailbox, one, Role.READ, **why())
    Posting.objects.update(ends_on=YESTERDAY)
    with django_assert_max_num_queries(16):
        assert len(sweep()) == 11
