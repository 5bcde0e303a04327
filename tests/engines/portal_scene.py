"""What the tests of the portal share: a real Redis, Claire, Django's own client as her browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.published import SessionState
from engines.daemons import own_redis
from unit.identity_people import PASSWORD, academy, person

HOST = "rouen.localhost:8443"
ORIGIN = f"https://{HOST}"
COOKIE = "__Host-casier"


@pytest.fixture(scope="module", autouse=True)
def redis_server() -> Iterator[None]:
    """A Redis on the throwaway instance's socket."""
    path = settings.REDIS_SOCKET
    path.parent.mkdir(parents=True, exist_ok=True)
    with own_redis(path):
        yield
        redis().close()


@pytest.fixture(autouse=True)
def emptied(redis_server: None) -> None:
    redis().flushdb()


@pytest.fixture
def claire() -> Account:
    return person(academy(), password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    return new_browser()


def new_browser(host: str = HOST) -> Client:
    return Client(headers={"Host": host, "X-Real-IP": "192.0.2.7"}, raise_request_exception=False)


def sign_in(browser: Client, name: str = "claire.lefevre", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/connexion/", {"identifiant": name, "mot_de_passe": password, **more}, secure=True)


def signed_in(browser: Client) -> bool:
    return bool(browser.get("/api/me", secure=True).status_code == 200)


def state_of(browser: Client) -> SessionState:
    record = redis().get(published.session_key(sessions.digest_of(browser.cookies[COOKIE].value)))
    return SessionState.loads(str(record))
