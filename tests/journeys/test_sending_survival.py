"""Worker, store and transport are killed while what people sent is leaving: all of it leaves, once."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.doors import open_wide
from journeys.jmap import USING, Jmap
from journeys.running import RunningInstance, started
from waiting import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1500)]
MESSAGES = 40
JEAN, OTHER = "jean.martin@ac-normandie.fr", "karim.haddad@ac-rouen.fr"


@pytest.fixture(scope="module")
def platform() -> Iterator[RunningInstance]:
    """An instance of its own: what is killed here must not disturb other tests."""
    with started() as running:
        open_wide(running)
        yield running


class Browser:
    """What the web client does for the person signed in, with the session's cookie."""

    def __init__(self, platform: RunningInstance, address: str) -> None:
        person = platform.demo(address=address)
        host = f"{person['academy']}.localhost:{platform.port(Port.WEB)}"
        headers = {"Host": host, "Origin": f"https://{host}", "Sec-Fetch-Site": "same-origin"}
        url = f"https://localhost:{platform.port(Port.WEB)}"
        self.http = httpx.Client(base_url=url, headers=headers, verify=platform.tls, timeout=30)
        platform.clients.callback(self.http.close)
        self.address = address
        self._sign_in(person["signInName"], person["password"], f"https://{host}/connexion/")
        self.key = self.http.get("/api/me").json()["account"]["mailboxKey"]
        (boxes,) = self.jmap(("Mailbox/get", {"ids": None, "properties": ["role"]}))
        self.drafts = next(box["id"] for box in boxes["list"] if box["role"] == "drafts")

    def _sign_in(self, name: str, password: str, page: str) -> None:
        form = self.http.get("/connexion/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        values = {"identifiant": name, "mot_de_passe": password, "suite": "/courrier/"}
        values |= {"csrfmiddlewaretoken": token[1]} if token else {}
        self.http.post("/connexion/", data=values, headers={"Referer": page})
        assert "__Host-casier" in self.http.cookies

    def jmap(self, *methods: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        calls = [[name, {"accountId": self.key, **given}, str(n)] for n, (name, given) in enumerate(methods)]
        answer = self.http.post("/jmap/", json={"using": USING, "methodCalls": calls})
        return [body for _, body, _ in answer.raise_for_status().json()["methodResponses"]]

    def send(self, to: str, subject: str) -> None:
        """Save a draft and hand it to the queue, as the web client does."""
        draft = {
            "mailboxIds": {self.drafts: True},
            "keywords": {"$draft": True, "$seen": True},
            "messageId": [f"{subject}@essai.test"],
            "from": [{"email": self.address}],
            "to": [{"email": to}],
            "subject": subject,
            "bodyValues": {"text": {"value": "Bonjour.\n" * 2000}},
            "textBody": [{"partId": "text", "type": "text/plain"}],
        }
        (saved,) = self.jmap(("Email/set", {"create": {"d": draft}}))
        asked = {"emailId": saved["created"]["d"]["id"], "accountId": self.key, "identity": self.address}
        asked |= {"mailFrom": self.address, "rcptTo": [to]}
        self.http.post("/api/send", json=asked).raise_for_status()

    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.http.get("/api/send").raise_for_status().json())


def kill(platform: RunningInstance, name: str) -> None:
    part = next(part for part in platform.status()["parts"] if part["name"] == name)
    os.kill(int(part["pid"]), signal.SIGKILL)


def is_back(platform: RunningInstance, name: str) -> bool:
    part = next(part for part in platform.status()["parts"] if part["name"] == name)
    return bool(part["state"] == "running")


def accepted(platform: RunningInstance) -> Counter[str]:
    """How often the transport took each message. The store would hide that one was sent twice."""
    log = (platform.root / "log" / "postfix.log").read_text("utf-8", "replace")
    ids = dict(re.findall(r"(\w+): message-id=<(envoi-\d+)@essai\.test>", log))
    return Counter(ids[queued] for queued in re.findall(r"qmgr\[\d+\]: (\w+): from=<", log) if queued in ids)


def test_what_people_send_leaves_once_whatever_is_killed(platform: RunningInstance) -> None:
    browser = Browser(platform, JEAN)
    wanted = {f"envoi-{number:03d}" for number in range(MESSAGES)}
    for subject in sorted(wanted):
        browser.send(OTHER, subject)
    for name in ("worker", "postfix", "worker", "cyrus", "worker"):
        wait_until(f"something to be leaving, then {name}", lambda: browser.states()["sending"], 300)
        kill(platform, name)
        wait_until(f"{name} to come back", partial(is_back, platform, name), 60)
    wait_until("everything to have left", lambda: browser.states() == Counter(sent=MESSAGES), 900)
    reader = Jmap(platform, OTHER, Browser(platform, OTHER).key, platform.app_password(OTHER))
    writer = Jmap(platform, JEAN, browser.key, platform.app_password(JEAN))
    wait_until("everything to arrive", lambda: set(reader.subjects(contains="envoi-")) == wanted, 120)
    assert Counter(reader.subjects(contains="envoi-")) == Counter(wanted)
    assert Counter(writer.subjects("sent", contains="envoi-")) == Counter(wanted)
    assert writer.subjects("drafts", contains="envoi-") == []
    assert accepted(platform) == Counter(wanted)
