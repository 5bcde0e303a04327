"""New mail in mailboxes of others, told to closed devices: by choice, by right, and not to who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from casier.directory.actions.mailboxes import remove_member, set_member
from casier.directory.models import Account, AccountState, FunctionalMailbox, Role
from casier.engines.cyrus.imap import StoreRefused
from casier.identity.redis_link import redis
from casier.kernel.arrived import WANTED, Arrived
from casier.kernel.errors import Unavailable
from casier.kernel.handed_over import by_key
from casier.mailbox.push import actions
from casier.mailbox.push.heads import Head, head_in
from casier.mailbox.push.messages import Told
from casier.mailbox.push.models import Device, Followed
from casier.mailbox.push.reach import PAUSE
from casier.mailbox.push.sending import Answer
from casier.mailbox.push.worker import Pushing
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from engines.push_scene import (
    CLAIRE,
    STRANGER,
    Clock,
    ask,
    clock,
    deliver,
    lane,
    lane_at,
    phone,
    put,
    ran,
    service,
    session_of,
)
from push_service import PushService, Subscribed
from unit.identity_people import BY, PASSWORD, lend_mailbox, person

__all__ = ["browser", "claire", "clock", "emptied", "lane", "phone", "redis_server", "service"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box(claire: Account) -> str:
    """The key of a functional mailbox that Claire belongs to."""
    lend_mailbox(claire.academy, claire, Role.ANSWER)
    return FunctionalMailbox.objects.get().mailbox_key


def withdraw(claire: Account) -> None:
    remove_member(FunctionalMailbox.objects.get(), claire, by=BY, reason="tests", now=timezone.now())


def counts(phone: Subscribed, service: PushService) -> list[int]:
    return [phone.said(push)["count"] for push in service.to(phone)]


def test_only_the_mailboxes_that_were_asked_for(
    box: str, phone: Subscribed, lane: Pushing, service: PushService, browser: Client
) -> None:
    deliver("1", owner=box)
    ran(lane)
    assert service.pushes == []
    assert put(browser, phone, mailboxes=[box]).status_code == 200
    assert redis().sismember(WANTED, box)
    deliver("2", owner=box)
    ran(lane)
    (push,) = service.pushes
    assert phone.said(push) == {"type": "mail", "count": 1, "language": "fr"}
    assert box not in str(push.headers) + str(push.claims) + push.path
    # No longer wished.
    put(browser, phone, mailboxes=[])
    deliver("3", owner=box)
    ran(lane)
    assert len(service.pushes) == 1
    assert not redis().sismember(WANTED, box)


def test_one_s_own_and_those_of_others_ring_together(
    box: str, phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    put(browser, phone, mailboxes=[box])
    deliver("1:2", owner=box)
    deliver("7")
    ran(lane)
    assert counts(phone, service) == [3]
    deliver("3", owner=box)
    ran(lane)
    assert len(service.pushes) == 1, "not again at once"
    clock.pass_(PAUSE)
    ran(lane)
    assert counts(phone, service) == [3, 4]
    # Whoever is back has seen them all.
    put(browser, phone, mailboxes=[box])
    clock.pass_(PAUSE)
    deliver("4", owner=box)
    ran(lane)
    assert counts(phone, service) == [3, 4, 1]


def test_a_mailbox_that_isn_t_open_can_t_be_followed(
    box: str, claire: Account, lane: Pushing, service: PushService
) -> None:
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    his = service.subscribe("his")
    # Neither the academy's, nor a colleague's, nor one that there isn't: no answer tells them apart.
    assert put(other, his, mailboxes=[box, CLAIRE, "nobody@ac-rouen.fr"]).status_code == 200
    assert Followed.objects.count() == 0
    # Nor if the row were there all the same.
    Followed.objects.create(device=Device.objects.get(), mailbox_key=box)
    Followed.objects.create(device=Device.objects.get(), mailbox_key=CLAIRE)
    for owner in (box, CLAIRE):
        deliver("1", owner=owner)
    ran(lane)
    assert service.pushes == []
    assert put(other, his, mailboxes=["x" * 201]).status_code == 400
    assert put(other, his, mailboxes=["x"] * 101).status_code == 400
    assert put(other, his, mailboxes=box).status_code == 400


def test_rights_that_were_withdrawn_ring_nothing(
    box: str,
    claire: Account,
    phone: Subscribed,
    lane: Pushing,
    service: PushService,
    browser: Client,
    clock: Clock,
) -> None:
    put(browser, phone, mailboxes=[box])
    withdraw(claire)
    deliver("1", owner=box)
    ran(lane)
    assert service.pushes == []
    set_member(FunctionalMailbox.objects.get(), claire, Role.READ, by=BY, reason="tests", now=timezone.now())
    deliver("2", owner=box)
    ran(lane)
    assert counts(phone, service) == [1]
    # What waits is not told either, nor counted with one's own.
    deliver("3", owner=box)
    lane.step()
    withdraw(claire)
    clock.pass_(PAUSE)
    ran(lane)
    assert counts(phone, service) == [1]
    assert Device.objects.get().due_at is None
    deliver("7")
    clock.pass_(PAUSE)
    ran(lane)
    assert counts(phone, service) == [1, 1]


def test_a_mailbox_that_was_closed_and_an_account_that_was(
    box: str,
    claire: Account,
    phone: Subscribed,
    lane: Pushing,
    service: PushService,
    browser: Client,
    clock: Clock,
) -> None:
    put(browser, phone, mailboxes=[box])
    FunctionalMailbox.objects.update(is_closed=True)
    deliver("1", owner=box)
    ran(lane)
    FunctionalMailbox.objects.update(is_closed=False)
    service.answers = [(503, {})]
    deliver("2", owner=box)
    ran(lane)
    Account.objects.filter(pk=claire.pk).update(state=AccountState.SUSPENDED)
    clock.pass_(timedelta(hours=1))
    ran(lane)
    assert len(service.pushes) == 1, "the first try alone"
    assert (Device.objects.get().due_at, Followed.objects.get().waiting) == (None, 0)


def test_failures_lose_nothing_of_what_waits(
    box: str, phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    put(browser, phone, mailboxes=[box])
    service.answers = [(503, {})]
    deliver("1:2", owner=box)
    ran(lane)
    deliver("7")
    clock.pass_(timedelta(seconds=10))
    ran(lane)
    assert counts(phone, service) == [2, 3]
    row = Followed.objects.get()
    assert (row.told, row.waiting, Device.objects.get().told) == (2, 0, 1)


def test_who_looks_at_any_mailbox_needs_no_telling(
    box: str, phone: Subscribed, lane: Pushing, service: PushService, browser: Client
) -> None:
    put(browser, phone, mailboxes=[box])
    deliver("1", owner=box, live=(session_of(browser),))
    ran(lane)
    assert service.pushes == []


def test_what_one_wrote_oneself_rings_with_the_others_alone(
    box: str, claire: Account, phone: Subscribed, service: PushService, browser: Client, clock: Clock
) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    set_member(FunctionalMailbox.objects.get(), ali, Role.READ, by=BY, reason="tests", now=timezone.now())
    other = new_browser()
    sign_in(other, "ali.benali")
    his = service.subscribe("his")
    put(other, his, mailboxes=[box])
    put(browser, phone, mailboxes=[box])
    written = [
        Head(CLAIRE),
        # On the mailbox's behalf, and under its address alone: who handed it in tells.
        Head(box, sender=CLAIRE),
        Head(box, message_id="<sent-as@ac-rouen.fr>"),
    ]
    redis().set(by_key("sent-as@ac-rouen.fr"), CLAIRE)
    for head in written:
        deliver("1", owner=box)
        ran(lane_at(clock, lambda _, head=head: [head]))
        clock.pass_(PAUSE)
    assert service.to(phone) == []
    assert counts(his, service) == [1, 2, 3]
    # And to oneself, in one's own mailbox.
    deliver("7")
    ran(lane_at(clock, lambda _: [Head(CLAIRE)]))
    assert service.to(phone) == []
    # A colleague who writes under the mailbox's address is told of to her.
    redis().set(by_key("his@ac-rouen.fr"), ali.mailbox_key)
    deliver("8", owner=box)
    ran(lane_at(clock, lambda _: [Head(CLAIRE, message_id="<his@ac-rouen.fr>")]))
    assert counts(phone, service) == [1]


def test_a_store_that_refuses_hides_nothing_and_one_that_is_away_is_waited_for(
    phone: Subscribed, service: PushService, clock: Clock
) -> None:
    def away(_: Arrived) -> list[Head]:
        raise Unavailable("store")

    def refuses(_: Arrived) -> list[Head]:
        raise StoreRefused("NO")

    deliver("7:8")
    ran(lane_at(clock, away))
    assert service.pushes == []
    ran(lane_at(clock, refuses))
    assert counts(phone, service) == [2]


def test_headers_as_the_store_hands_them_out() -> None:
    def line(header: bytes) -> bytes:
        return b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (FROM SENDER)] {%d}\r\n%s)" % (len(header), header)

    said = line(b"From: =?utf-8?q?=C3=89lise?= <Elise@AC-Rouen.fr>\r\nMessage-ID: <a@b>\r\n\r\n")
    assert head_in(said) == Head("elise@ac-rouen.fr", "", "<a@b>")
    noise = line(b"From: nobody\r\nFrom: <\xff@\xfe>, <a@b.fr>\r\nSender: \r\nMessage-ID:\r\n\r\n")
    assert head_in(noise) == Head("a@b.fr")
    assert head_in(b"* 1 FETCH (FLAGS ())") is None


RENEWED = "/api/push/here/renewed"


def test_a_renewed_subscription_is_the_same_device(
    box: str, phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    put(browser, phone, audience="known", mailboxes=[box], quietFrom="01:00", quietUntil="01:01")
    before = Device.objects.get()
    new = service.subscribe("renewed")
    answer = ask(browser, "PUT", RENEWED, new.given(before=phone.endpoint))
    assert answer.status_code == 204
    row = Device.objects.get()
    assert (row.pk, row.audience, row.quiet_from, row.used_at) == (
        before.pk,
        "known",
        "01:00",
        before.used_at,
    )
    assert Followed.objects.count() == 1
    deliver("7")
    ran(lane_at(clock, lambda _: [Head(STRANGER)], lambda *_: {STRANGER}))
    assert counts(new, service) == [1]
    assert service.to(phone) == []
    # Told again, and by a browser that doesn't say which one it had.
    newer = service.subscribe("newer")
    assert ask(browser, "PUT", RENEWED, new.given(before=phone.endpoint)).status_code == 204
    assert ask(browser, "PUT", RENEWED, newer.given()).status_code == 204
    assert Device.objects.get().pk == before.pk


def test_a_service_that_ends_the_old_one_meanwhile_ends_no_more(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    new = service.subscribe("renewed")
    real = lane._ways.send
    deliver("7")

    def renewing(asked: Sequence[tuple[Device, Told, str]]) -> Sequence[Answer]:
        answers = real(asked)
        if service.to(phone) and not service.to(new):
            ask(browser, "PUT", RENEWED, new.given(before=phone.endpoint))
        return answers

    service.answers = [(410, {})]
    slow = lane_at(clock)
    object.__setattr__(slow._ways, "send", renewing)
    ran(slow)
    assert counts(new, service) == [1]


def test_nobody_renews_what_isn_t_theirs(
    claire: Account, phone: Subscribed, service: PushService, browser: Client
) -> None:
    thief = service.subscribe("thief")
    stolen = thief.given(before=phone.endpoint)
    assert ask(new_browser(), "PUT", RENEWED, stolen).status_code == 401
    for origin in ("https://evil.example", ""):
        assert ask(browser, "PUT", RENEWED, stolen, origin=origin).status_code == 403
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    assert ask(other, "PUT", RENEWED, stolen).status_code == 404
    shared = new_browser()
    sign_in(shared, poste_partage="on")
    assert ask(shared, "PUT", RENEWED, stolen).status_code == 403
    # One's own device can't be moved onto somebody else's address, nor into our network.
    put(other, service.subscribe("his"))
    taken = Subscribed(phone.endpoint).given()
    assert ask(other, "PUT", RENEWED, taken).json()["type"] == "not_your_device"
    inside = Subscribed("https://10.0.0.1/a").given()
    assert ask(other, "PUT", RENEWED, inside).json()["type"] == "bad_subscription"
    assert ask(other, "PUT", RENEWED, {**stolen, "p256dh": "A" * 87}).status_code == 422
    row = Device.objects.get(account=claire)
    assert row.endpoint_digest == actions.digest(phone.endpoint)
