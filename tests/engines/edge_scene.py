"""What the tests of the web's door share: the running doors, Camille signed in, one JMAP request."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest

from engines.edge_rig import APP_PASSWORD, CAMILLE, Answer, Rig, running_doors

JSON = "application/json"
BASIC = "Basic " + base64.b64encode(f"{CAMILLE}:{APP_PASSWORD}".encode()).decode()
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def running() -> Iterator[Rig]:
    with running_doors() as rig:
        yield rig


@pytest.fixture
def rig(running: Rig) -> Rig:
    running.account()
    running.cyrus.seen.clear()
    running.cyrus.answers.clear()
    running.web.seen.clear()
    return running


@pytest.fixture
def cookie(rig: Rig) -> str:
    return rig.sign_in()


def jmap(rig: Rig, cookie: str, **headers: str) -> Answer:
    given = {"Cookie": cookie, "Origin": rig.origin, "Content_Type": JSON, **headers}
    return rig.ask("POST", "/jmap/", b'{"using":[]}', **{name: text for name, text in given.items() if text})


def claims(authorization: str) -> dict[str, object]:
    payload = authorization.removeprefix("Bearer ").split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return found
