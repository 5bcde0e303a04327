"""What the tests of pushes share: a push service that the instance may reach, and Claire's browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.conf import settings
from django.test import Client

from casier.identity.redis_link import redis
from casier.kernel.arrived import FIELD, STREAM, Arrived, dumps
from engines.portal_scene import ORIGIN, state_of
from push_service import PushService, Subscribed

CLAIRE = "claire.lefevre@ac-rouen.fr"
HERE = "/api/push/here"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[PushService]:
    file = settings.CASIER_INSTANCE.root / "instance.toml"
    before = file.read_bytes()
    with PushService(tmp_path) as running:
        file.write_text(tomli_w.dumps(running.settings), "utf-8")
        yield running
        file.write_bytes(before)


def ask(browser: Client, method: str, path: str, body: Any = None, origin: str = ORIGIN) -> Any:
    data = "" if body is None else json.dumps(body)
    headers = {"Origin": origin} if origin else {}
    return browser.generic(method, path, data, content_type="application/json", secure=True, headers=headers)


def put(browser: Client, subscribed: Subscribed, **more: str) -> Any:
    return ask(browser, "PUT", HERE, subscribed.given(**more))


def session_of(browser: Client) -> str:
    from casier.identity import sessions
    from engines.portal_scene import COOKIE

    assert state_of(browser)
    return sessions.digest_of(browser.cookies[COOKIE].value)


def deliver(uids: str = "7", owner: str = CLAIRE, live: tuple[str, ...] = ()) -> None:
    """New mail, as the relay tells of it."""
    redis().xadd(STREAM, {FIELD: dumps([Arrived(owner, 1, uids, live)])})
