"""Out within a second, on every road: suspended, closed, signed out everywhere; each road is measured.

Counted from the moment that the journal has for the fact, not from when the command answered. A road that
was late is tried anew, three times at most (`within_a_second`).
"""

from __future__ import annotations

import imaplib
import logging
import re
import smtplib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.doors import open_wide
from journeys.running import RunningInstance
from waiting import wait_until

LOG = logging.getLogger("journeys.suspending")
pytestmark = [pytest.mark.journey, pytest.mark.alone]

SECOND = 1.0
OUT = {401, 403}
PROPFIND = '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
QUERY = {"using": ["urn:ietf:params:jmap:core"], "methodCalls": [["Core/echo", {}, "0"]]}


@dataclass
class Person:
    """A demo account: a browser that is in, and the programs of a telephone."""

    instance: RunningInstance
    row: dict[str, str]
    password: str = ""
    browser: httpx.Client = field(init=False)
    programs: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.host = f"{self.row['academy']}.localhost:{self.instance.port(Port.WEB)}"
        self.password = self.instance.app_password(self.address, "essai de suspension")
        self.browser = self._client()
        self.programs = self._client(auth=(self.address, self.password))
        if "signInName" in self.row:
            self.sign_in()

    @property
    def address(self) -> str:
        return self.row["address"]

    def _client(self, **more: object) -> httpx.Client:
        client = httpx.Client(
            base_url=f"https://localhost:{self.instance.port(Port.WEB)}",
            verify=self.instance.tls,
            headers={"Host": self.host},
            timeout=20,
            **more,  # type: ignore[arg-type]
        )
        self.instance.clients.callback(client.close)
        return client

    def sign_in(self) -> None:
        page = self.browser.get("/connexion/").text
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        origin = f"https://{self.host}"
        fields = {
            "csrfmiddlewaretoken": token[1],
            "identifiant": self.row["signInName"],
            "mot_de_passe": self.row["password"],
        }
        headers = {"Origin": origin, "Referer": f"{origin}/connexion/"}
        answer = self.browser.post("/connexion/", data=fields, headers=headers)
        assert (answer.status_code, answer.headers.get("location")) == (302, "/courrier/")

    # Each road: whether it is still open.
    def web(self) -> bool:
        headers = {"X-Casier-Background": "1"}
        return self.browser.get("/api/me", headers=headers).status_code not in OUT

    def page(self) -> bool:
        return self.browser.get("/courrier/").status_code == 200

    def jmap_of_the_page(self) -> bool:
        headers = {"Origin": f"https://{self.host}", "X-Casier-Background": "1"}
        return self.browser.post("/jmap/", json=QUERY, headers=headers).status_code not in OUT

    def jmap_of_a_program(self) -> bool:
        return self.programs.post("/jmap/", json=QUERY).status_code not in OUT

    def dav(self) -> bool:
        answer = self.programs.request(
            "PROPFIND", "/dav/principals/", content=PROPFIND, headers={"Depth": "0"}
        )
        return answer.status_code not in OUT

    def imap_again(self) -> bool:
        try:
            self._imap().logout()
        except imaplib.IMAP4.error:
            return False
        return True

    def smtp(self) -> bool:
        port = self.instance.port(Port.SMTPS)
        try:
            with smtplib.SMTP_SSL("localhost", port, context=self.instance.tls) as connection:
                connection.login(self.address, self.password)
        except smtplib.SMTPException:
            return False
        return True

    def _imap(self) -> imaplib.IMAP4_SSL:
        port = self.instance.port(Port.IMAPS)
        connection = imaplib.IMAP4_SSL("localhost", port, ssl_context=self.instance.tls)
        try:
            connection.login(self.address, self.password)
        except imaplib.IMAP4.error:
            connection.shutdown()
            raise
        return connection

    def idle_imap(self) -> Callable[[], bool]:
        """A connection that is open before: whether it still answers."""
        connection = self._imap()
        self.instance.clients.callback(connection.shutdown)
        connection.select("INBOX", readonly=True)

        def answers() -> bool:
            try:
                return bool(connection.noop()[0] == "OK")
            except (imaplib.IMAP4.error, OSError):
                return False

        return answers


class Watch(threading.Thread):
    """Looks at a road until it is shut; when somebody set out on it last and got through.

    A busy machine makes a refusal slow: that is no time in which the road was open.
    """

    def __init__(self, name: str, is_open: Callable[[], bool]) -> None:
        super().__init__(name=name, daemon=True)
        self.is_open, self.shut_at = is_open, 0.0
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            set_out = time.time()
            if not self.is_open():
                return
            self.shut_at = set_out
            self.stop.wait(0.05)


class Stream(threading.Thread):
    """`/events` in a page: when it was told to go."""

    def __init__(self, person: Person) -> None:
        super().__init__(name="push", daemon=True)
        self.person, self.shut_at, self.reason = person, 0.0, ""
        self.ready, self.stop = threading.Event(), threading.Event()

    def run(self) -> None:
        with self.person.browser.stream("GET", "/events", timeout=60) as answer:
            said = ""
            for line in answer.iter_lines():
                self.ready.set()
                if line.startswith("event: "):
                    said = line.removeprefix("event: ")
                elif said == "signed-out" and line.startswith("data: "):
                    self.reason = line
                    break
        self.shut_at = time.time()


@contextmanager
def watching(person: Person, *names: str) -> Iterator[list[Watch | Stream]]:
    """Watch these roads; each is seen open before."""
    roads: dict[str, Callable[[], bool]] = {
        "web": person.web,
        "page": person.page,
        "JMAP, page": person.jmap_of_the_page,
        "JMAP, program": person.jmap_of_a_program,
        "DAV": person.dav,
        "IMAP, new": person.imap_again,
        "SMTP": person.smtp,
        "IMAP, open": person.idle_imap(),
    }
    for name in names:
        assert roads[name](), name
    watches: list[Watch | Stream] = [Watch(name, roads[name]) for name in names]
    if "web" in names:
        watches.append(Stream(person))
    for watch in watches:
        watch.start()
        if isinstance(watch, Stream):
            assert watch.ready.wait(10)
    yield watches
    for watch in watches:
        watch.join(15)
        assert not watch.is_alive(), f"{watch.name} is still open"
        watch.stop.set()


def noted(instance: RunningInstance, action: str) -> float:
    """When it was done, as the journal has it; a command would tell the second only."""
    file = instance.layout.data / "platform" / "casier.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        query = "SELECT at FROM audit_journalentry WHERE action = ? ORDER BY id DESC LIMIT 1"
        (at,) = database.execute(query, (action,)).fetchone()
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def late(watches: list[Watch | Stream], since: float) -> dict[str, float]:
    """Roads that were open for longer than a second, or still are."""
    took = {watch.name: round(watch.shut_at - since, 2) for watch in watches}
    LOG.info("seconds until each road was shut: %s", took)
    return {name: seconds for name, seconds in took.items() if seconds > SECOND}


def within_a_second(attempt: Callable[[], dict[str, float]]) -> None:
    """What ATTEMPT finds late must be on time when tried anew: a machine that stood still proves nothing.

    Whether every road is shut at all, and what is said there, is asked of each try.
    """
    tries = [attempt()]
    while tries[-1] and len(tries) < TRIES:
        tries.append(attempt())
    assert tries[-1] == {}, tries


TRIES = 3
PROGRAMS = ("JMAP, program", "DAV", "IMAP, new", "IMAP, open", "SMTP")
EVERYWHERE = ("web", "page", "JMAP, page", *PROGRAMS)


@pytest.fixture(scope="module", autouse=True)
def wide(instance: RunningInstance) -> None:
    open_wide(instance)


def test_a_suspension_is_everywhere_within_a_second(instance: RunningInstance) -> None:
    def suspend() -> dict[str, float]:
        person = Person(instance, instance.demo(academy="rouen", name="Karim Haddad"))
        try:
            with watching(person, *EVERYWHERE) as watches:
                instance.casier("account", "suspend", person.address, "--reason", "essai")
            stream = watches[-1]
            assert isinstance(stream, Stream)
            assert "account_suspended" in stream.reason
            return late(watches, noted(instance, "account.suspended"))
        finally:
            instance.casier("account", "resume", person.address, "--reason", "essai")

    within_a_second(suspend)


def test_signing_out_everywhere_is_so_within_a_second(instance: RunningInstance) -> None:
    """Browsers, that is; the programs of a telephone have passwords of their own."""

    def sign_out() -> dict[str, float]:
        person = Person(instance, instance.demo(academy="rouen", name="Karim Haddad"))
        with watching(person, "web", "page", "JMAP, page") as watches:
            instance.casier("identity", "sign-out", person.address, "--reason", "essai")
        assert person.jmap_of_a_program()
        return late(watches, noted(instance, "identity.sessions_ended"))

    within_a_second(sign_out)


def test_closing_is_everywhere_within_a_second(instance: RunningInstance) -> None:
    def close() -> dict[str, float]:
        names = ("--given-name", "Éphémère", "--family-name", f"Passant {uuid4().hex[:6]}")
        new = instance.json("account", "create", "--academy", "rouen", *names, "--reason", "essai")
        person = Person(instance, {"academy": "rouen", "address": new["address"]})
        wait_until("the mailbox", person.imap_again)
        with watching(person, *PROGRAMS) as watches:
            instance.casier("account", "close", person.address, "--reason", "essai")
        return late(watches, noted(instance, "account.closed"))

    within_a_second(close)
