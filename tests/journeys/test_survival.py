"""Each part in turn is killed while mail is sent: it comes back, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.jmap import Jmap, JmapFailure
from journeys.running import RunningInstance, started, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
MESSAGES = int(os.environ.get("CASIER_TEST_MESSAGES", "500"))
ROADS = ("jmap", "smtps", "smtp")


@pytest.fixture(scope="module")
def platform() -> Iterator[RunningInstance]:
    """An instance of its own: what is killed here must not disturb other tests."""
    with started("--no-demo") as running:
        running.casier("academy", "create", "essai", "--name", "Essai", "--domain", "essai.test")
        for name in ("Alice", "Bruno"):
            running.casier(
                "account",
                "create",
                "--academy",
                "essai",
                "--given-name",
                name,
                "--family-name",
                "Test",
                "--json",
            )
        running.casier("provision", "--repair")
        yield running


def message(sender: str, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{subject}@essai.test>"
    mail.set_content("Bonjour,\n\nun message ordinaire.\n")
    return mail


class Roads:
    """Sends by JMAP, 465 and 25; `accepted` holds what the platform has taken responsibility for."""

    def __init__(self, platform: RunningInstance) -> None:
        self.platform = platform
        self.sender, self.to = "alice.test@essai.test", "bruno.test@essai.test"
        self.password = platform.app_password(self.sender)
        self.jmap = Jmap(platform, self.sender, self.sender, self.password)
        self.accepted: set[str] = set()
        self.refused: Counter[str] = Counter()

    def by_jmap(self, subject: str) -> None:
        draft = self.jmap.draft(self.to, subject, messageId=[f"{subject}@essai.test"])
        self.jmap.submit(draft, self.to)

    def by_smtps(self, subject: str) -> None:
        port = self.platform.port(Port.SMTPS)
        with smtplib.SMTP_SSL("localhost", port, context=self.platform.tls, timeout=30) as smtp:
            smtp.login(self.sender, self.password)
            smtp.send_message(message(self.sender, self.to, subject))

    def by_smtp(self, subject: str) -> None:
        with smtplib.SMTP("localhost", self.platform.port(Port.SMTP), timeout=30) as smtp:
            smtp.send_message(message("dehors@ailleurs.test", self.to, subject))

    def send(self, road: str, subject: str) -> None:
        by: Callable[[str], None] = getattr(self, f"by_{road}")
        try:
            by(subject)
        except (smtplib.SMTPException, OSError, httpx.HTTPError, JmapFailure):
            self.refused[road] += 1
        else:
            self.accepted.add(subject)

    def send_all(self, road: str, count: int, stop: threading.Event) -> None:
        for number in range(count):
            if stop.is_set():
                return
            self.send(road, f"{road}-{number:04d}")
            stop.wait(0.02)


def parts(platform: RunningInstance) -> dict[str, dict[str, object]]:
    return {part["name"]: part for part in platform.status()["parts"]}


def kill_and_wait(platform: RunningInstance, name: str) -> None:
    before = parts(platform)[name]
    os.kill(int(str(before["pid"])), signal.SIGKILL)

    def is_back() -> bool:
        now = parts(platform).get(name, {})
        return now.get("state") == "running" and now.get("pid") != before["pid"]

    wait_until(f"{name} to come back", is_back, 60)


def test_each_part_killed_while_mail_is_sent(platform: RunningInstance) -> None:
    roads = Roads(platform)
    stop = threading.Event()
    threads = [
        threading.Thread(target=roads.send_all, args=(road, -(-MESSAGES // len(ROADS)), stop))
        for road in ROADS
    ]
    for thread in threads:
        thread.start()
    try:
        for name in parts(platform):
            kill_and_wait(platform, name)
        for thread in threads:
            thread.join(timeout=600)
    finally:
        stop.set()

    reader = Jmap(platform, roads.to, roads.to, platform.app_password(roads.to))

    def arrived() -> Counter[str]:
        return Counter(reader.subjects())

    wait_until("every accepted message", lambda: roads.accepted <= set(arrived()), 120)
    doubled = {subject: times for subject, times in arrived().items() if times > 1}
    print(f"accepted {len(roads.accepted)}, refused and told {dict(roads.refused)}")
    assert not doubled
    assert len(roads.accepted) > MESSAGES / 2, roads.refused
