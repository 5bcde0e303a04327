"""Leaving, staying, closing, coming back: what each leaves behind, and what comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from life_people import DAY, ME, a_person, a_school, an_academy, at, posted, why

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.errors import WrongState
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Delegation,
    Membership,
    Office,
    PostingSource,
    Role,
)
from casier.directory.publishing import account_records, accounts_to_publish
from casier.identity.api import create_app_password, live_app_passwords
from casier.identity.dispatch.models import Dispatch
from casier.kernel.published import AddressState, address_key
from casier.life import api
from casier.life.closing import close_if_due
from casier.life.models import Becomes, Departure, Outcome
from casier.life.showing import way_of
from casier.mailbox.wanted import of_account
from casier.policies.api import policy_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)


@pytest.fixture
def academy() -> Academy:
    return an_academy()


@pytest.fixture
def jean(academy: Academy) -> Account:
    return a_person(academy)


def departure(account: Account) -> Departure:
    return Departure.objects.get(account=account, ended_on=None)


def state(account: Account) -> AccountState:
    account.refresh_from_db()
    return AccountState(account.state)


def kinds(account: Account) -> list[str]:
    row = Departure.objects.filter(account=account).latest("began_on")
    return [kind.partition("-")[0] for kind in row.notices.order_by("pk").values_list("kind", flat=True)]


def published(account: Account) -> dict[str, AddressState | None]:
    fresh = accounts_to_publish().get(pk=account.pk)
    found = dict(account_records(fresh, policy_for(fresh.academy)))
    addresses = account.addresses.values_list("address", flat=True)
    values = {address: found[address_key(address)] for address in addresses}
    return {address: AddressState.loads(text) if text else None for address, text in values.items()}


def test_the_grace_of_the_policy_follows_the_last_day(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    assert state(jean) is AccountState.LEAVING
    row = departure(jean)
    assert (row.last_day, row.closes_on) == (DAY, DAY + timedelta(days=30))
    assert kinds(jean) == ["begun"]
    assert Dispatch.objects.filter(account=jean, why="life").count() == 1


def test_who_is_told_late_has_the_shortest_grace_before_them(jean: Account) -> None:
    api.begin_leaving(jean, last_day=DAY - timedelta(days=200), **why())
    assert departure(jean).closes_on == DAY + timedelta(days=15)


def test_the_feed_says_so_each_night_and_nothing_more_happens(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    api.begin_leaving(jean, last_day=None, **why(DAY + timedelta(days=3)))
    assert departure(jean).closes_on == DAY + timedelta(days=30)
    assert kinds(jean) == ["begun"]


def test_another_day_moves_it_and_is_told(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    api.begin_leaving(jean, last_day=DAY + timedelta(days=10), **why())
    assert departure(jean).closes_on == DAY + timedelta(days=40)
    assert kinds(jean) == ["begun", "moved"]


def test_however_often_it_moves_the_last_word_is_told(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    for number, day in enumerate((10, 5, 10), 1):
        now = DAY + timedelta(days=number)
        api.begin_leaving(jean, last_day=DAY + timedelta(days=day), **why(now))
    assert kinds(jean) == ["begun", "moved", "moved", "moved"]


def test_a_day_beyond_the_policy_is_refused(jean: Account) -> None:
    with pytest.raises(api.BadDecision):
        api.begin_leaving(jean, last_day=DAY, closes_on=DAY + timedelta(days=31), **why())
    assert state(jean) is AccountState.ACTIVE


@pytest.mark.parametrize(("days", "taken"), [(1095, True), (1096, False), (65_000, False)])
def test_a_last_day_is_none_that_somebody_mistyped(jean: Account, days: int, taken: bool) -> None:
    """Who leaves in a hundred years would never leave: nor when the feed says so, for they leave already."""
    last = DAY + timedelta(days=days)
    if taken:
        api.begin_leaving(jean, last_day=last, **why())
    else:
        with pytest.raises(api.BadDecision):
            api.begin_leaving(jean, last_day=last, **why())
    assert (state(jean) is AccountState.LEAVING) is taken


def test_staying_after_all(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    row = departure(jean)
    api.cancel_leaving(jean, **why())
    row.refresh_from_db()
    assert state(jean) is AccountState.ACTIVE
    assert row.outcome == Outcome.STAYED
    assert kinds(jean) == ["begun", "staying"]
    api.cancel_leaving(jean, **why())


def close_on(account: Account, day: date) -> bool:
    return close_if_due(departure(account), by=ME, now=at(day))


def test_it_closes_on_its_day_and_not_before(jean: Account) -> None:
    create_app_password(jean, "Thunderbird", ME)
    api.begin_leaving(jean, last_day=None, **why())
    assert not close_on(jean, DAY + timedelta(days=29))
    assert state(jean) is AccountState.LEAVING
    assert close_on(jean, DAY + timedelta(days=30))
    assert state(jean) is AccountState.CLOSED
    assert not live_app_passwords(jean).exists()
    assert not jean.app_passwords.filter(revoked_at=None).exists()
    assert departure(jean).purge_on == DAY + timedelta(days=30 + 365)
    assert set(published(jean).values()) == {None}
    assert kinds(jean) == ["begun", "closed"]


def test_what_is_closed_comes_back_as_it_was(academy: Academy, jean: Account) -> None:
    new = actions.NewMailbox("Secrétariat", address="secretariat@ac-normandie.example")
    box = actions.create_functional_mailbox(academy, new, **why())
    actions.set_member(box, jean, Role.ANSWER, **why())
    before = sorted(jean.addresses.values_list("address", "is_primary", "retired_at"))
    api.begin_leaving(jean, last_day=None, **why())
    close_on(jean, DAY + timedelta(days=30))
    assert not Membership.objects.filter(account=jean).exists()
    api.reopen(jean, **why(DAY + timedelta(days=60)))
    assert state(jean) is AccountState.ACTIVE
    assert sorted(jean.addresses.values_list("address", "is_primary", "retired_at")) == before
    assert Membership.objects.get(account=jean).role == Role.ANSWER
    assert Departure.objects.get(account=jean).outcome == Outcome.REOPENED
    # and can leave again
    api.begin_leaving(jean, last_day=None, **why(DAY + timedelta(days=61)))


def test_an_office_doesn_t_come_back(jean: Account) -> None:
    actions.give_mandate(jean, actions.NewMandate(Office.HELP_DESK), **why())
    api.close(jean, **why())
    api.reopen(jean, **why())
    assert not jean.mandates.filter(ended_at=None).exists()


def test_suspended_while_leaving_closes_and_comes_back_suspended(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    actions.suspend(jean, **why())
    assert close_on(jean, DAY + timedelta(days=30))
    api.reopen(jean, **why(DAY + timedelta(days=31)))
    assert state(jean) is AccountState.SUSPENDED
    actions.resume(jean, **why())
    assert state(jean) is AccountState.ACTIVE


def test_who_comes_back_suspended_finds_their_shared_mailboxes_once_let_in(
    academy: Academy, jean: Account
) -> None:
    new = actions.NewMailbox("Secrétariat", address="secretariat@ac-normandie.example")
    box = actions.create_functional_mailbox(academy, new, **why())
    actions.set_member(box, jean, Role.ANSWER, **why())
    actions.suspend(jean, **why())
    api.close(jean, **why())
    api.reopen(jean, **why(DAY + timedelta(days=1)))
    assert state(jean) is AccountState.SUSPENDED
    actions.resume(jean, **why(DAY + timedelta(days=2)))
    assert Membership.objects.get(account=jean).role == Role.ANSWER


def test_a_name_that_someone_else_has_meanwhile_stays_theirs(academy: Academy, jean: Account) -> None:
    api.close(jean, **why())
    jean.addresses.update(reserved_until=at(DAY))
    # The mailbox key keeps the primary one; the alias goes.
    actions.add_address(a_person(academy, "Jeanne", "Martin"), "jean.martin@ac-rouen.example", **why())
    api.reopen(jean, **why())
    assert list(jean.addresses.values_list("address", flat=True)) == ["jean.martin@ac-normandie.example"]


def test_mail_is_led_on_once_closed(academy: Academy, jean: Account) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    fate = api.Fate(Becomes.REDIRECTED, "anne.leroy@ac-rouen.example")
    with pytest.raises(api.NotLeaving):
        api.decide_mailbox(jean, fate, **why())
    api.begin_leaving(jean, last_day=None, **why())
    api.decide_mailbox(jean, fate, **why())
    assert not any(where and where.leads_to for where in published(jean).values())
    close_on(jean, DAY + timedelta(days=30))
    led = published(jean).values()
    assert {where.leads_to if where else "" for where in led} == {"anne.leroy@ac-rouen.example"}
    api.decide_mailbox(jean, api.Fate(), **why())
    assert set(published(jean).values()) == {None}
    assert of_account(anne, policy_for(academy)) is not None


@pytest.mark.parametrize(
    "target",
    ["jean.martin@ac-rouen.example", "nobody@ac-rouen.example", "jean@elsewhere.example", "no address"],
)
def test_where_mail_may_not_be_led(jean: Account, target: str) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    with pytest.raises(api.BadDecision):
        api.decide_mailbox(jean, api.Fate(Becomes.REDIRECTED, target), **why())


def test_a_mailbox_is_handed_on(academy: Academy, jean: Account) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    Account.objects.update(provisioned_at=at(DAY))
    api.begin_leaving(jean, last_day=None, **why())
    api.decide_mailbox(jean, api.Fate(Becomes.HANDED, heir=anne), **why())
    assert not Delegation.objects.exists()
    close_on(jean, DAY + timedelta(days=30))
    row = Delegation.objects.get(ended_at=None)
    assert (row.owner_id, row.delegate_id, row.right, row.handed) == (jean.pk, anne.pk, "read", True)
    assert {where.leads_to if where else "" for where in published(jean).values()} == {
        "anne.leroy@ac-normandie.example"
    }
    jean.refresh_from_db()
    api.reopen(jean, **why(DAY + timedelta(days=40)))
    assert not Delegation.objects.filter(ended_at=None).exists()


def test_a_mailbox_opens_to_no_heir_who_has_gone_themselves(academy: Academy, jean: Account) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    api.begin_leaving(jean, last_day=None, **why())
    api.decide_mailbox(jean, api.Fate(Becomes.HANDED, heir=anne), **why())
    api.close(anne, **why())
    close_on(jean, DAY + timedelta(days=30))
    assert state(jean) is AccountState.CLOSED
    assert not Delegation.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("source", "after"),
    [(PostingSource.SPONSOR, AccountState.CLOSED), (PostingSource.FEED, AccountState.LEAVING)],
)
def test_occasional_contributors_go_at_once_where_the_policy_says(
    source: PostingSource, after: AccountState
) -> None:
    academy = an_academy(occasional_at_once=True)
    jean, school = a_person(academy), a_school(academy)
    posted(jean, school, source)
    closing = DAY if after is AccountState.CLOSED else DAY + timedelta(days=30)
    assert api.would_close(jean, DAY, at(DAY)) == closing
    api.begin_leaving(jean, last_day=None, **why())
    assert state(jean) is after


def test_what_is_closed_neither_leaves_nor_stays(jean: Account) -> None:
    api.close(jean, **why())
    with pytest.raises(WrongState):
        api.begin_leaving(jean, last_day=None, **why())
    with pytest.raises(WrongState):
        api.cancel_leaving(jean, **why())


@pytest.mark.parametrize("becomes", [Becomes.HANDED, Becomes.REDIRECTED])
def test_nobody_gives_themselves_someone_else_s_mail(
    academy: Academy, jean: Account, becomes: Becomes
) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    fate = api.Fate(becomes, "anne.leroy@ac-rouen.example", anne)
    api.begin_leaving(jean, last_day=None, **why())
    with pytest.raises(api.BadDecision):
        api.decide_mailbox(jean, fate, **{**why(), "by": Actor.account(anne.public_id, "192.0.2.7")})
    assert departure(jean).becomes == Becomes.CLOSED
    api.decide_mailbox(jean, fate, **why())
    assert kinds(jean) == ["begun", "fate"]


def test_what_was_decided_and_leads_nowhere_any_more_is_shown(academy: Academy, jean: Account) -> None:
    anne = a_person(academy, "Anne", "Leroy")
    now = at(DAY)
    assert not way_of(jean, now).stranded
    api.begin_leaving(jean, last_day=None, **why())
    for fate in (
        api.Fate(Becomes.REDIRECTED, "anne.leroy@ac-rouen.example"),
        api.Fate(Becomes.HANDED, heir=anne),
    ):
        api.decide_mailbox(jean, fate, **why())
        assert not way_of(jean, now).stranded
        api.close(anne, **why())
        assert way_of(jean, now).stranded
        api.reopen(anne, **why())
        anne.refresh_from_db()
    api.decide_mailbox(jean, api.Fate(), **why())
    assert not way_of(jean, now).stranded


def test_until_when_what_is_there_will_be_kept_is_known_from_the_beginning(jean: Account) -> None:
    assert way_of(jean, at(DAY)).kept_until is None
    api.begin_leaving(jean, last_day=None, **why())
    assert way_of(jean, at(DAY)).kept_until == DAY + timedelta(days=30 + 365)
    close_on(jean, DAY + timedelta(days=30))
    jean.refresh_from_db()
    assert way_of(jean, at(DAY + timedelta(days=30))).kept_until == DAY + timedelta(days=30 + 365)


def test_whoever_had_a_mailbox_handed_to_them_loses_it_to_the_next(academy: Academy, jean: Account) -> None:
    anne, luc = a_person(academy, "Anne", "Leroy"), a_person(academy, "Luc", "Petit")
    api.close(jean, **why())
    for heir in (anne, luc):
        api.decide_mailbox(jean, api.Fate(Becomes.HANDED, heir=heir), **why())
    (row,) = Delegation.objects.filter(ended_at=None)
    assert row.delegate_id == luc.pk
    api.decide_mailbox(jean, api.Fate(), **why())
    assert not Delegation.objects.filter(ended_at=None).exists()


def test_what_leaves_isn_t_reopened_by_mistake(jean: Account) -> None:
    api.begin_leaving(jean, last_day=None, **why())
    with pytest.raises(WrongState):
        api.reopen(jean, **why())
