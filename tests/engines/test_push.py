"""New mail told to devices whose page is closed: from the relay's word to what a browser opens."""

from __future__ import annotations

import logging
import select
import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
import tomli_w
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account, AccountState
from casier.identity.api import end_sessions, set_password
from casier.identity.redis_link import redis
from casier.kernel.arrived import STREAM, WANTED, WHOLE
from casier.kernel.secret import Secret
from casier.mailbox.push import actions, telling
from casier.mailbox.push.heads import Head
from casier.mailbox.push.keys import Keys
from casier.mailbox.push.models import Device
from casier.mailbox.push.reach import PAUSE
from casier.mailbox.push.worker import Pushing
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from engines.push_scene import (
    CLAIRE,
    HERE,
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
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "clock", "emptied", "lane", "phone", "redis_server", "service"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_a_message_is_told_and_nothing_of_it(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client
) -> None:
    deliver("7")
    ran(lane)
    (push,) = service.pushes
    assert phone.said(push) == {"type": "mail", "count": 1, "language": "fr"}
    assert len(phone.opened(push.body)) == 128
    assert (push.path, push.headers["content-encoding"]) == ("/push/phone", "aes128gcm")
    assert (push.headers["ttl"], push.headers["topic"], push.headers["urgency"]) == (
        "86400",
        "mail",
        "normal",
    )
    # Signed by the key that browsers subscribe with, in nobody's name but the house's.
    assert push.sender == browser.get("/api/push", secure=True).json()["key"]
    assert push.claims["sub"] == "mailto:postmaster@ac-rouen.fr"
    assert "claire" not in str(push.headers) + str(push.claims) + push.path


def test_many_at_once_ring_once_and_are_counted(
    phone: Subscribed, lane: Pushing, service: PushService, clock: Clock
) -> None:
    for uids in ("7", "8:9", "10,12"):
        deliver(uids)
    ran(lane)
    assert [phone.said(push)["count"] for push in service.pushes] == [5]
    deliver("13")
    ran(lane)
    assert len(service.pushes) == 1, "not again at once"
    clock.pass_(PAUSE)
    ran(lane)
    # The newest stands for all that its owner hasn't seen.
    assert phone.said(service.pushes[1])["count"] == 6


def test_who_looks_needs_no_telling(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client
) -> None:
    other = new_browser()
    sign_in(other)
    tablet = service.subscribe("tablet")
    put(other, tablet)
    deliver("7", live=(session_of(browser),))
    ran(lane)
    assert [push.path for push in service.pushes] == ["/push/tablet"]


def test_coming_back_begins_anew(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    deliver("7")
    ran(lane)
    assert put(browser, phone).status_code == 200
    clock.pass_(PAUSE)
    deliver("8")
    ran(lane)
    assert [phone.said(push)["count"] for push in service.pushes] == [1, 1]


def test_quiet_hours_are_those_of_the_device(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    here = clock.now.astimezone(timezone.get_fixed_timezone(0))
    first = (here - timedelta(hours=1)).strftime("%H:%M")
    last = (here + timedelta(hours=1)).strftime("%H:%M")
    put(browser, phone, quietFrom=first, quietUntil=last, zone="UTC")
    deliver("7")
    ran(lane)
    assert service.pushes == []
    put(browser, phone, quietFrom=first, quietUntil=last, zone="Pacific/Auckland")
    deliver("8")
    ran(lane)
    assert len(service.pushes) == 1


def test_only_people_one_knows(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client
) -> None:
    put(browser, phone, audience="known")
    deliver("7:9")
    ran(lane)
    assert service.pushes == []
    two = [Head(STRANGER), Head("known@lycee.example"), Head("known@lycee.example")]
    deliver("10:12")
    ran(lane_at(lane._ways.now, lambda _: two, lambda *_: {"known@lycee.example"}))
    assert phone.said(service.pushes[0])["count"] == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_over_is_forgotten(
    phone: Subscribed, lane: Pushing, service: PushService, status: int
) -> None:
    service.answers = [(status, {})]
    deliver()
    ran(lane)
    assert Device.objects.count() == 0
    deliver()
    ran(lane)
    assert len(service.pushes) == 1
    assert not redis().sismember(WANTED, CLAIRE)


def test_a_busy_service_is_asked_later(
    phone: Subscribed, lane: Pushing, service: PushService, clock: Clock
) -> None:
    service.answers = [(429, {"Retry-After": "120"}), (503, {}), (500, {})]
    deliver()
    ran(lane)
    deliver("8")
    clock.pass_(timedelta(seconds=119))
    ran(lane)
    assert len(service.pushes) == 1, "it has asked for patience"
    for wait, count in ((1, 2), (20, 3), (40, 4)):
        clock.pass_(timedelta(seconds=wait))
        ran(lane)
        assert len(service.pushes) == count
    assert phone.said(service.pushes[-1])["count"] == 2
    row = Device.objects.get()
    assert (row.tries, row.waiting, row.told, row.due_at, row.fault) == (0, 0, 2, None, "")


def test_what_a_service_refuses_isn_t_tried_for_ever(
    phone: Subscribed, lane: Pushing, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service.answers = [(403, {})]
    deliver()
    ran(lane)
    row = Device.objects.get()
    assert (row.due_at, row.waiting, row.fault) == (None, 0, "refused")
    assert "refused, 403" in caplog.text
    assert phone.endpoint not in caplog.text


def test_a_service_that_can_t_be_reached(
    phone: Subscribed, lane: Pushing, service: PushService, clock: Clock
) -> None:
    service.shutdown()
    service.server_close()
    deliver()
    ran(lane)
    for _ in range(telling.MOST_TRIES):
        clock.pass_(telling.LONGEST_WAIT)
        ran(lane)
    row = Device.objects.get()
    assert (row.due_at, row.waiting, row.fault) == (None, 0, "unreached")


class Proxy(threading.Thread):
    """An HTTP proxy as houses have them: connects where it is told to (RFC 9110, CONNECT)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[str] = []

    def run(self) -> None:
        with self.listener:
            near, _ = self.listener.accept()
        self.asked.append(near.recv(4096).decode().splitlines()[0])
        host, _, port = self.asked[0].split()[1].rpartition(":")
        with near, socket.create_connection((host, int(port))) as far:
            near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            ends = {near: far, far: near}
            while True:
                for one in select.select(list(ends), [], [])[0]:
                    if not (data := one.recv(65536)):
                        return
                    ends[one].sendall(data)


def test_through_the_proxy_of_the_house(phone: Subscribed, lane: Pushing, service: PushService) -> None:
    proxy = Proxy()
    proxy.start()
    port = proxy.listener.getsockname()[1]
    file = settings.CASIER_INSTANCE.root / "instance.toml"
    said = {**service.settings, "push_proxy": f"http://127.0.0.1:{port}"}
    file.write_text(tomli_w.dumps(said), "utf-8")
    deliver()
    ran(lane)
    assert phone.said(service.pushes[0])["count"] == 1
    proxy.join(5)
    assert proxy.asked == [f"CONNECT {service.origin.removeprefix('https://')} HTTP/1.1"]


def test_trying_it_out(
    phone: Subscribed, lane: Pushing, service: PushService, browser: Client, clock: Clock
) -> None:
    assert ask(browser, "POST", f"{HERE}/trial").status_code == 202
    clock.pass_(timedelta(seconds=5))
    ran(lane)
    assert phone.said(service.pushes[0])["type"] == "trial"
    assert Device.objects.get().due_at is None
    service.answers = [(500, {})]
    ask(browser, "POST", f"{HERE}/trial")
    clock.pass_(timedelta(seconds=5))
    ran(lane)
    assert browser.get("/api/push", secure=True).json()["devices"][0]["fault"] == "unreached"
    assert len(service.pushes) == 2


def test_signing_out_ends_it_and_time_alone_does_not(
    phone: Subscribed, claire: Account, browser: Client, service: PushService, lane: Pushing
) -> None:
    other = new_browser()
    sign_in(other)
    put(other, service.subscribe("tablet"))
    # A session that ends by itself, as it does a while after the page is closed.
    redis().delete(*redis().keys("casier:session:*"))
    deliver()
    ran(lane)
    assert {push.path for push in service.pushes} == {"/push/phone", "/push/tablet"}
    # The page comes back with a new session: the same device.
    sign_in(browser)
    put(browser, phone)
    assert Device.objects.count() == 2
    here = session_of(browser)
    browser.post("/deconnexion/", secure=True)
    assert here not in {row.session for row in Device.objects.all()}
    assert Device.objects.count() == 1


def test_the_journal_tells_who_added_and_removed_a_device(
    phone: Subscribed, browser: Client, service: PushService
) -> None:
    put(browser, phone)
    assert ask(browser, "DELETE", HERE).status_code == 204
    assert ask(browser, "DELETE", HERE).status_code == 204
    told = JournalEntry.objects.filter(action__startswith="push.").order_by("id")
    assert [entry.action for entry in told] == ["push.device_added", "push.device_removed"]
    assert Device.objects.count() == 0


def test_ending_other_sessions_and_a_new_password(
    phone: Subscribed, claire: Account, browser: Client, service: PushService
) -> None:
    other = new_browser()
    sign_in(other)
    put(other, service.subscribe("tablet"))
    end_sessions(claire, "tests", BY, but=session_of(browser))
    assert [row.session for row in Device.objects.all()] == [session_of(browser)]
    set_password(claire, Secret("marguerite-Jaune-41-brume"), BY)
    assert Device.objects.count() == 0


def test_who_is_suspended_is_told_nothing(
    phone: Subscribed, claire: Account, lane: Pushing, service: PushService
) -> None:
    Account.objects.filter(pk=claire.pk).update(state=AccountState.SUSPENDED)
    deliver()
    ran(lane)
    assert service.pushes == []


def test_an_academy_or_an_installation_that_doesn_t_offer_it(
    claire: Account, browser: Client, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(browser)
    file = settings.CASIER_INSTANCE.root / "instance.toml"
    said: dict[str, Any] = browser.get("/api/push", secure=True).json()
    assert (said["off"], said["key"]) == ("", Keys.of(settings.CASIER_INSTANCE).public)
    monkeypatch.setattr(actions, "why_off", lambda *_: "policy")
    assert browser.get("/api/push", secure=True).json()["off"] == "policy"
    assert put(browser, service.subscribe()).json()["type"] == "push_off"
    monkeypatch.undo()
    file.write_text("port_offset = 0\n", "utf-8")
    assert browser.get("/api/push", secure=True).json() == {"off": "nowhere", "key": "", "devices": []}
    assert put(browser, service.subscribe()).json()["type"] == "push_off"


def test_what_redis_lost_is_published_anew(
    phone: Subscribed, claire: Account, lane: Pushing, service: PushService
) -> None:
    lane.step()
    assert redis().sismember(WANTED, CLAIRE)
    redis().flushdb()
    lane.step()
    assert redis().sismember(WANTED, CLAIRE)
    assert redis().exists(WHOLE)


def test_noise_on_the_stream_stops_nothing(phone: Subscribed, lane: Pushing, service: PushService) -> None:
    for text in ("", "[", '[{"owner": 1}]', "{}"):
        redis().xadd(STREAM, {"events": text})
    redis().xadd(STREAM, {"other": "1"})
    deliver("*")
    deliver("8", owner="nobody@ac-rouen.fr")
    deliver("9")
    ran(lane)
    assert redis().xlen(STREAM) == 0
    assert len(service.pushes) == 1


def test_devices_nobody_comes_back_with_are_forgotten(phone: Subscribed) -> None:
    now = timezone.now()
    assert actions.forget_unused(now) == 0
    assert actions.forget_unused(now + actions.KEPT + timedelta(minutes=1)) == 1


def test_two_people_and_their_languages(
    phone: Subscribed, claire: Account, lane: Pushing, service: PushService
) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    other.patch(
        "/api/me", {"locale": "en"}, content_type="application/json", secure=True,
        headers={"Origin": "https://rouen.localhost:8443"},
    )  # fmt: skip
    his = service.subscribe("his")
    put(other, his)
    deliver(owner=ali.mailbox_key)
    ran(lane)
    assert [push.path for push in service.pushes] == ["/push/his"]
    assert his.said(service.pushes[0])["language"] == "en"
