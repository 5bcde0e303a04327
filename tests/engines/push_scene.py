"""What the tests of pushes share: a push service that the instance may reach, and Claire's browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.directory.models import Account
from casier.identity.redis_link import redis
from casier.kernel.arrived import FIELD, STREAM, Arrived, dumps
from casier.mailbox.push.counting import Heads, Known, count_of
from casier.mailbox.push.heads import Head
from casier.mailbox.push.worker import Pushing, Ways
from engines.portal_scene import ORIGIN, sign_in, state_of
from push_service import PushService, Subscribed

CLAIRE = "claire.lefevre@ac-rouen.fr"
STRANGER = "proviseur@lycee.example"
HERE = "/api/push/here"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    file = settings.CASIER_INSTANCE.root / "instance.toml"
    before = file.read_bytes()
    with PushService(tmp_path) as running:
        file.write_text(tomli_w.dumps(running.settings), "utf-8")
        yield running
        file.write_bytes(before)


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lane(service: PushService, clock: Clock) -> Pushing:
    """The worker's lane at a time that the test sets; all is written by one stranger."""
    return lane_at(clock)


@pytest.fixture
def phone(claire: Account, browser: Client, service: PushService) -> Subscribed:
    sign_in(browser)
    hers = service.subscribe("phone")
    assert put(browser, hers).status_code == 200
    return hers


def lane_at(clock: Callable[[], datetime], heads: Heads | None = None, known: Known | None = None) -> Pushing:
    real = Ways.of(settings.CASIER_INSTANCE)
    ways = Ways(real.send, heads or _of_a_stranger, known or (lambda *_: set()), real.reach, clock)
    return Pushing(Pushing.of(settings.CASIER_INSTANCE)._redis, ways)


def _of_a_stranger(event: Arrived) -> list[Head]:
    return [Head(STRANGER)] * count_of(event)


def ran(lane: Pushing) -> None:
    while lane.step():
        pass


def ask(browser: Client, method: str, path: str, body: Any = None, origin: str = ORIGIN) -> Any:
    data = "" if body is None else json.dumps(body)
    headers = {"Origin": origin} if origin else {}
    return browser.generic(method, path, data, content_type="application/json", secure=True, headers=headers)


def put(browser: Client, subscribed: Subscribed, **more: Any) -> Any:
    return ask(browser, "PUT", HERE, subscribed.given(**more))


def session_of(browser: Client) -> str:
    from casier.identity import sessions
    from engines.portal_scene import COOKIE

    assert state_of(browser)
    return sessions.digest_of(browser.cookies[COOKIE].value)


def deliver(uids: str = "7", owner: str = CLAIRE, live: tuple[str, ...] = ()) -> None:
    """New mail, as the relay tells of it."""
    redis().xadd(STREAM, {FIELD: dumps([Arrived(owner, 1, uids, live)])})
