"""Parts or all of it are killed, or the disk is full, while mail is sent: nothing is lost or doubled."""

from __future__ import annotations

import imaplib
import os
import re
import signal
import smtplib
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import localtime
from pathlib import Path
from typing import Any

import httpx
import pytest

from casier.kernel.instance import Port
from journeys.jmap import Jmap, JmapFailure
from journeys.running import RunningInstance, started
from waiting import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
MESSAGES = int(os.environ.get("CASIER_TEST_MESSAGES", "500"))
ROADS = ("jmap", "smtps", "smtp")
TELLING = re.compile("error|status=|torn|delivered again|recovery", re.IGNORECASE)


@pytest.fixture(scope="module")
def platform() -> Iterator[RunningInstance]:
    """An instance of its own: what is killed here must not disturb other tests."""
    with started("--no-demo") as running:
        yield with_two_people(running)


@pytest.fixture(scope="module")
def cramped() -> Iterator[RunningInstance]:
    """An instance on a small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="casier-t-", dir="/tmp"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700m,mode=755", "casier", folder], check=True)
    try:
        with started("--no-demo", folder=folder) as running:
            yield with_two_people(running)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def with_two_people(running: RunningInstance) -> RunningInstance:
    names = ["--name", "Essai", "--domain", "essai.test", "--host", "essai.localhost"]
    running.casier("academy", "create", "essai", *names)
    for name in ("Alice", "Bruno"):
        names = ["--given-name", name, "--family-name", "Test"]
        running.casier("account", "create", "--academy", "essai", *names, "--json")
    wait_until("two mailboxes", lambda: running.casier("provision", "--check", check=False), 30)
    return running


def message_id(subject: str) -> str:
    return f"{subject.encode().hex()}@essai.test"


def message(sender: str, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = localtime()
    mail["Message-ID"] = f"<{message_id(subject)}>"
    mail.set_content("Bonjour,\n\nun message ordinaire.\n")
    return mail


class Roads:
    """Sends by JMAP, 465 and 25; `accepted` holds what the platform has taken responsibility for."""

    def __init__(self, platform: RunningInstance, tag: str) -> None:
        self.platform = platform
        self.tag = tag
        self.sender, self.to = "alice.test@essai.test", "bruno.test@essai.test"
        self.password = platform.app_password(self.sender)
        self.jmap = Jmap(platform, self.sender, self.sender, self.password)
        self.accepted: set[str] = set()
        self.refused: Counter[str] = Counter()

    def by_jmap(self, subject: str) -> None:
        draft = self.jmap.draft(self.to, subject, messageId=[message_id(subject)])
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
            self.send(road, f"{self.tag}-{road}-{number:04d}")
            stop.wait(0.02)


@contextmanager
def while_sending(platform: RunningInstance, messages: int, tag: str) -> Iterator[Roads]:
    """Send MESSAGES over three roads during the block; then each accepted one must be there exactly once."""
    roads = Roads(platform, tag)
    stop = threading.Event()
    each = -(-messages // len(ROADS))
    threads = [threading.Thread(target=roads.send_all, args=(road, each, stop)) for road in ROADS]
    for thread in threads:
        thread.start()
    try:
        yield roads
        for thread in threads:
            thread.join(timeout=600)
    finally:
        stop.set()
    every_accepted_message_arrived_once(platform, roads)


def every_accepted_message_arrived_once(platform: RunningInstance, roads: Roads) -> None:
    reader = Jmap(platform, roads.to, roads.to, platform.app_password(roads.to))

    def by_jmap() -> Counter[str]:
        return Counter(reader.subjects(contains=roads.tag))

    def by_imap() -> Counter[str]:
        return seen_by_imap(platform, roads.to, reader.password, roads.tag)

    def once_each() -> bool:
        """Nothing missing, nothing twice, the same by both: what was torn or came again is mended by then."""
        found = by_jmap()
        return roads.accepted <= set(found) and max(found.values()) == 1 and found == by_imap()

    print(f"{roads.tag}: accepted {len(roads.accepted)}, refused and told {dict(roads.refused)}")
    assert roads.accepted, "nothing was accepted at all"
    try:
        wait_until("every accepted message once", once_each, 300)
    except AssertionError:
        tell_what_is_wrong(platform, roads.accepted, {"JMAP": by_jmap(), "IMAP": by_imap()})
        raise


def seen_by_imap(platform: RunningInstance, address: str, password: str, tag: str) -> Counter[str]:
    """How often each subject that contains TAG stands in the inbox."""
    port = platform.port(Port.IMAPS)
    with imaplib.IMAP4_SSL("localhost", port, ssl_context=platform.tls) as client:
        client.login(address, password)
        client.select("INBOX", readonly=True)
        headers = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
    read = [message_from_bytes(item[1], policy=default) for item in headers if isinstance(item, tuple)]
    return Counter(str(message["Subject"]) for message in read if tag in str(message["Subject"]))


def tell_what_is_wrong(platform: RunningInstance, accepted: set[str], found: dict[str, Counter[str]]) -> None:
    """Print what isn't there once, and what tells why: marks of what is torn, the queue, the logs."""
    for road, subjects in found.items():
        print(road, "missing:", sorted(accepted - set(subjects)))
        print(road, "more than once:", sorted(subject for subject, times in subjects.items() if times > 1))
    print("torn:", sorted(path.name for path in (platform.root / "data" / "cyrus" / "torn").iterdir()))
    folder = platform.root / "etc" / "postfix"
    print(
        subprocess.run(["postqueue", "-c", folder, "-p"], capture_output=True, text=True, check=False).stdout
    )
    for part in ("postfix", "worker", "cyrus"):
        lines = (platform.root / "log" / f"{part}.log").read_text("utf-8", "replace").splitlines()
        print(part, *[line for line in lines if TELLING.search(line)][-15:], sep="\n  ")


def parts(platform: RunningInstance) -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in platform.status()["parts"]}


def kill_and_wait(platform: RunningInstance, name: str) -> None:
    before = parts(platform)[name]["pid"]
    os.kill(int(before), signal.SIGKILL)

    def is_back() -> bool:
        now = parts(platform).get(name, {})
        return now.get("state") == "running" and now.get("pid") != before

    wait_until(f"{name} to come back", is_back, 60)


def processes(platform: RunningInstance) -> list[int]:
    """Every process of the instance: the supervisor and all below it."""
    tree: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            tree.setdefault(parent, []).append(int(stat.parent.name))
    first = int(next(iter(parts(platform).values()))["pid"])
    supervisor = next(parent for parent, children in tree.items() if first in children)
    found, waiting = [supervisor], [supervisor]
    while waiting:
        children = tree.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def test_each_part_killed_while_mail_is_sent(platform: RunningInstance) -> None:
    with while_sending(platform, MESSAGES, "chacune") as roads:
        for name in parts(platform):
            kill_and_wait(platform, name)
    assert len(roads.accepted) > MESSAGES / 2, roads.refused


def test_a_service_that_its_master_has_given_up_comes_back(platform: RunningInstance) -> None:
    """Cyrus disables what dies five times within ten seconds; mail must not wait for somebody who notices."""
    roads = Roads(platform, "abandonné")
    log = platform.root / "log" / "cyrus.log"
    before = log.read_text("utf-8", "replace").count("too many failures for service lmtp")

    def given_up() -> bool:
        for process in processes(platform):
            with suppress(OSError):
                if (Path("/proc") / str(process) / "comm").read_text().strip() == "lmtpd":
                    os.kill(process, signal.SIGKILL)
        return log.read_text("utf-8", "replace").count("too many failures for service lmtp") > before

    wait_until("Cyrus to give lmtpd up", given_up, 60)
    wait_until("it to be ready again", lambda: platform.status()["ready"], 180)
    roads.send("smtp", f"{roads.tag}-0000")
    every_accepted_message_arrived_once(platform, roads)


def test_power_off_while_mail_is_sent(platform: RunningInstance) -> None:
    with while_sending(platform, MESSAGES // 5, "coupure") as roads:
        wait_until("some mail to be under way", lambda: len(roads.accepted) > MESSAGES / 50)
        for process in processes(platform):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        platform.start("--no-demo")


def test_stopped_and_started_while_mail_is_sent(platform: RunningInstance) -> None:
    with while_sending(platform, MESSAGES // 5, "arrêt") as roads:
        wait_until("some mail to be under way", lambda: len(roads.accepted) > MESSAGES / 50)
        platform.stop()
        platform.start("--no-demo")


def test_a_full_disk_loses_nothing(cramped: RunningInstance) -> None:
    ballast = cramped.root / "ballast"
    with while_sending(cramped, MESSAGES // 5, "plein") as roads:
        wait_until("some mail to be under way", lambda: len(roads.accepted) > MESSAGES / 50)
        fill(ballast)
        wait_until("a sender to be told", lambda: sum(roads.refused.values()) > 3, 60)
        ballast.unlink()
    wait_until("mail to pass again", lambda: cramped.status()["ready"], 60)


def fill(path: Path) -> None:
    """Take all the room that is left on the disk of PATH."""
    # Without a buffer, which would have to be emptied once more when the file is closed.
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
