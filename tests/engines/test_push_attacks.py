"""What browsers must not be able to make of pushes: attacks first."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import uuid
from datetime import UTC, datetime
from typing import Any

import httpcore
import pytest
from django.conf import settings
from django.test import Client

from casier.directory.models import Account
from casier.edge.images.fetching import CheckedRoad
from casier.edge.images.reach import Ip, Reach
from casier.mailbox.push import actions
from casier.mailbox.push.keys import Keys, Subscription
from casier.mailbox.push.messages import Told
from casier.mailbox.push.models import Device
from casier.mailbox.push.reach import HOSTS, PushReach
from casier.mailbox.push.sending import Outcome, Sender
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from engines.push_scene import HERE, ask, put, service, session_of
from push_service import PushService, Subscribed
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server", "service"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

PUBLIC = PushReach(Reach(outside=True))
FORBIDDEN = [
    "http://fcm.googleapis.com/fcm/send/a",
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/a",
    "https://2130706433/a",
    "https://localhost:8443/api/send",
    "https://redis/a",
    "https://fcm.googleapis.com.evil.example/a",
    "https://evil.example/fcm.googleapis.com",
    "https://evil.example#fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.example/a",
    "https://evil.example\\@fcm.googleapis.com/a",
    "https://fcm.googleapis.com:25/a",
    "https://push.services.mozilla.com.evil.example/a",
    "https://evilpush.services.mozilla.com/a",
    "https://fcm.googleapis.com/a\r\nX-Injected: 1",
    "https://fcm.googleapis.com/é",
    "file:///etc/passwd",
    "gopher://fcm.googleapis.com/a",
    "https:///a",
    "https://fcm.googleapis.com/" + "a" * 2_000,
]


@pytest.mark.parametrize("endpoint", FORBIDDEN)
def test_only_push_services_that_are_named(endpoint: str) -> None:
    with pytest.raises(actions.BadSubscription):
        PUBLIC.checked(endpoint)


def test_the_services_of_browsers_are_named() -> None:
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"):
        assert PUBLIC.checked(f"https://{host}/a/b?c=d").host == host
    assert PushReach(Reach(outside=True), ("push.house.example",)).checked("https://push.house.example/a")
    assert len(HOSTS) == 4


# The service of these tests listens here itself.
@pytest.mark.parametrize("endpoint", [one for one in FORBIDDEN if "127.0.0.1/a" not in one])
def test_a_browser_that_names_another_place_is_refused(
    claire: Account, browser: Client, service: PushService, endpoint: str
) -> None:
    sign_in(browser)
    answer = put(browser, Subscribed(endpoint))
    assert answer.status_code in {400, 422}
    assert answer.json()["type"] in {"bad_subscription", "invalid_request"}
    assert Device.objects.count() == 0


class Road:
    """A resolver that lies, and whatever is connected to."""

    def __init__(self, *answers: str) -> None:
        self.answers = [[ipaddress.ip_address(text) for text in answer.split()] for answer in answers]
        self.connected: list[Ip] = []

    async def resolve(self, _host: str, _port: int) -> list[Ip]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def connect(self, address: Ip, _port: int, _timeout: float) -> httpcore.AsyncNetworkStream:
        self.connected.append(address)
        raise httpcore.ConnectError("nobody there")


@pytest.mark.parametrize(
    "answer",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "93.184.215.14 10.0.0.1", "100.64.0.1"],
)
def test_a_name_that_leads_into_our_network_is_never_connected_to(answer: str) -> None:
    road = Road(answer)
    sender = Sender(
        Keys(b"k" * 32),
        PUBLIC,
        lambda: datetime.now(UTC),
        road=CheckedRoad(PUBLIC.reach, road.resolve, road.connect),
    )
    given = Subscribed("https://fcm.googleapis.com/a").given()
    got = asyncio.run(sender.send(Subscription(**given), Told(1, "fr"), "mailto:a@b.fr"))
    assert (got.outcome, got.why) == (Outcome.LATER, "not reached (address)")
    assert road.connected == []


def test_the_address_that_was_checked_is_the_one_that_is_used() -> None:
    road = Road("93.184.215.14", "10.0.0.1")
    checked = CheckedRoad(PUBLIC.reach, road.resolve, road.connect)
    sender = Sender(Keys(b"k" * 32), PUBLIC, lambda: datetime.now(UTC), road=checked)
    given = Subscribed("https://fcm.googleapis.com/a").given()
    asyncio.run(sender.send(Subscription(**given), Told(1, "fr"), "mailto:a@b.fr"))
    assert road.connected == [ipaddress.ip_address("93.184.215.14")]


@pytest.mark.parametrize(
    "change",
    [
        {"p256dh": "A" * 87},
        {"p256dh": "BA"},
        {"p256dh": "<script>"},
        {"auth": "AAAA"},
        {"auth": "A" * 22 + "é"},
        {"audience": "everybody"},
        {"quietFrom": "25:00"},
        {"quietFrom": "19:00; DROP TABLE"},
        {"zone": "../../etc/passwd"},
        {"zone": "Mars/Olympus"},
        {"account": "someone@else.fr"},
        {"endpoint": ""},
    ],
)
def test_what_is_no_subscription_is_refused(
    claire: Account, browser: Client, service: PushService, change: dict[str, str]
) -> None:
    sign_in(browser)
    answer = put(browser, service.subscribe(), **change)
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Device.objects.count() == 0


def test_a_huge_body_is_no_subscription(claire: Account, browser: Client, service: PushService) -> None:
    sign_in(browser)
    answer = put(browser, service.subscribe(), zone="z" * 1_500_000)
    assert answer.status_code == 400
    assert Device.objects.count() == 0


def test_nobody_another_site_or_a_shared_computer(
    claire: Account, browser: Client, service: PushService
) -> None:
    given = service.subscribe().given()
    assert ask(browser, "PUT", HERE, given).status_code == 401
    assert browser.get("/api/push", secure=True).status_code == 401
    sign_in(browser)
    for method, path in (("PUT", HERE), ("DELETE", HERE), ("POST", f"{HERE}/trial")):
        assert ask(browser, method, path, given, origin="https://evil.example").status_code == 403
        assert ask(browser, method, path, given, origin="").status_code == 403
    shared = new_browser()
    sign_in(shared, poste_partage="on")
    assert shared.get("/api/push", secure=True).json() == {"off": "shared", "key": "", "devices": []}
    assert ask(shared, "PUT", HERE, given).status_code == 403
    assert Device.objects.count() == 0


def test_somebody_else_s_device_is_theirs(claire: Account, browser: Client, service: PushService) -> None:
    sign_in(browser)
    hers = service.subscribe("hers")
    assert put(browser, hers).status_code == 200
    row = Device.objects.get()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    # Who has found out her address doesn't have her browser's keys: nothing of hers changes.
    answer = put(other, Subscribed(hers.endpoint))
    assert (answer.status_code, answer.json()["type"]) == (409, "not_your_device")
    assert ask(other, "DELETE", f"/api/push/devices/{row.id}").status_code == 404
    assert ask(other, "DELETE", HERE).status_code == 204
    assert ask(other, "POST", f"{HERE}/trial").status_code == 404
    assert other.get("/api/push", secure=True).json()["devices"] == []
    assert Device.objects.get().account == claire
    # The same browser in other hands rings for them alone.
    assert put(other, hers).status_code == 200
    assert Device.objects.get().account.mailbox_key == "ali.benali@ac-rouen.fr"


def test_thousands_of_subscriptions(claire: Account, browser: Client, service: PushService) -> None:
    sign_in(browser)
    first = put(browser, service.subscribe("kept"))
    assert first.status_code == 200
    for number in range(actions.MOST_DEVICES + 5):
        other = new_browser()
        sign_in(other)
        assert put(other, service.subscribe(str(number))).status_code == 200
    assert Device.objects.filter(account=claire).count() == actions.MOST_DEVICES
    answer: Any = None
    for number in range(actions.CHANGES_AN_HOUR):
        answer = put(browser, service.subscribe(f"again{number}"))
    assert (answer.status_code, answer.json()["type"]) == (429, "too_many_changes")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    # One browser has one device, however often it asks.
    assert Device.objects.filter(session=session_of(browser)).count() == 1
    assert Device.objects.filter(account=claire).count() <= actions.MOST_DEVICES


def test_what_is_kept_and_logged_tells_no_address(
    claire: Account, browser: Client, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(browser)
    hers = service.subscribe("secret-path")
    assert put(browser, hers).status_code == 200
    row = Device.objects.get()
    kept = " ".join(str(getattr(row, field.attname)) for field in Device._meta.concrete_fields)
    for secret in ("secret-path", hers.given()["auth"], hers.given()["p256dh"]):
        assert secret not in kept
        assert secret not in caplog.text
    assert Keys.of(settings.CASIER_INSTANCE).opened(row.sealed) == Subscription(**hers.given())
    assert Keys(b"another".ljust(32)).opened(row.sealed) is None


def test_a_device_that_is_none(claire: Account, browser: Client, service: PushService) -> None:
    sign_in(browser)
    for path in (f"/api/push/devices/{uuid.uuid4()}", "/api/push/devices/1"):
        assert ask(browser, "DELETE", path).status_code in {400, 404}
