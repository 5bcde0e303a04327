"""An attack on the sign-in page of a running instance, and what genuine people notice of it.

PYTHONPATH=src python bench/attack_the_door.py --instance FOLDER [--scale 0.1] [--together 40] [--rate 2]
PYTHONPATH=src python bench/attack_the_door.py --instance FOLDER --sign-ins 20

At scale 1: 100,000 guesses over 10,000 accounts from 1,000 addresses (127.20.x.y: nginx sees each as a
client of its own), by real HTTPS, as fast as TOGETHER connections get answers. Meanwhile people sign in
from known and from unknown devices, RATE times a second, and one more source guesses as fast as it can.
Says whether any account opened, how long fifty guesses of that source took, when the security officer had
the alert and how many, and how long genuine sign-ins took. `--sign-ins SECONDS` counts complete sign-ins a
second without an attack.

Makes its own accounts in the academy `rouen` (no mailboxes), so take an instance that can be thrown away.
Runs as root: it writes to the instance's database as the platform's user.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import pwd
import re
import ssl
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, takewhile
from pathlib import Path
from urllib.parse import urlencode

from casier.kernel.instance import Instance, Port

PASSWORD = "Encrier-Cartable-Marelle-77"
GENUINE = 40
OFFICER = "sentinelle.essai"


# The instance's side: a process of the platform's user ------------------------------------------------------
def prepare(accounts: int) -> None:
    """People that can sign in but have no mailbox; the officer; nothing between a password and the mail."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "casier.boot.settings"
    django.setup()
    from django.db import transaction
    from django.utils import timezone
    from msgspec.structs import replace

    from casier.audit.api import Actor
    from casier.directory.models import Academy, Account, Address, Mandate, Office, Person, Store
    from casier.identity import hashers
    from casier.identity.activation.api import accept_all
    from casier.identity.guard.models import AttackWave
    from casier.identity.models import User
    from casier.identity.redis_link import redis
    from casier.policies.api import adopt, policy_for

    # What an earlier run left.
    AttackWave.objects.filter(closed_at=None).update(closed_at=timezone.now())
    for key in redis().scan_iter("casier:guard:*"):
        redis().delete(key)
    academy, now, by = Academy.objects.get(slug="rouen"), timezone.now(), Actor.system("bench")
    policy = policy_for(academy)
    wide = replace(
        policy,
        activation=replace(policy.activation, record_recovery=False),
        second_factor=replace(policy.second_factor, requirement="off", contexts=(), enrolment_days=0),
        lock=replace(policy.lock, on_unusual="ignore"),
        recovery=replace(policy.recovery, check_days=0),
    )
    adopt(academy, wide, by=by, reason="bench", now=now)
    domain, store = academy.domains.get(is_primary=True), Store.objects.get(is_default=True)
    encoded = hashers.hashed(PASSWORD)
    names = [f"victime{number}.essai" for number in range(accounts)]
    names += [f"collegue{number}.essai" for number in range(GENUINE)] + [OFFICER]
    known = set(Address.objects.filter(domain=domain).values_list("address", flat=True))
    with transaction.atomic():
        for name in names:
            address = f"{name}@{domain.name}"
            if address in known:
                continue
            person = Person.objects.create(
                academy=academy, given_name=name, family_name="Essai", created_at=now
            )
            account = Account.objects.create(
                academy=academy, person=person, mailbox_key=address, store=store, state="active",
                created_at=now, provisioned_at=now,
            )  # fmt: skip
            Address.objects.create(
                address=address, domain=domain, account=account, is_primary=True, created_at=now
            )
            User.objects.create(account=account, password=encoded, password_changed_at=now)
            if not name.startswith("victime"):
                accept_all(account, by, now)
            if name == OFFICER:
                Mandate.objects.create(
                    account=account, office=Office.SECURITY, academy=academy, starts_at=now
                )


def alerts() -> None:
    """Print when the officer was told of waves."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "casier.boot.settings"
    django.setup()
    from casier.identity.history.models import NoticeSent

    told = NoticeSent.objects.filter(notice="attack_wave", account__mailbox_key__startswith=OFFICER)
    print(json.dumps([row.at.timestamp() for row in told]))


def as_platform(instance: Instance, *words: str) -> str:
    user = pwd.getpwnam("casier")

    def become() -> None:
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    code = {"CASIER_INSTANCE": str(instance.root), "PYTHONPATH": str(instance.app / "src")}
    environment = {**os.environ, **code}
    # The platform's user can't read this file everywhere, so the program is handed over.
    done = subprocess.run(
        [sys.executable, "-", *words], input=Path(__file__).read_text("utf-8").replace("__file__", "'bench'"),
        env=environment, preexec_fn=become, check=True, stdout=subprocess.PIPE, text=True, cwd="/",
    )  # fmt: skip
    return done.stdout


# The web's side -------------------------------------------------------------------------------------------
@dataclass
class Browser:
    """A client on an address of its own; one connection, kept."""

    port: int
    tls: ssl.SSLContext
    source: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        for again in (False, True):
            try:
                return await self._ask(method, path, body)
            except (asyncio.IncompleteReadError, OSError):
                self.close()
                if again:
                    raise
        raise AssertionError

    async def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        if self.lines is None:
            self.lines = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=self.tls, server_hostname="rouen.localhost",
                local_addr=(self.source, 0),
            )  # fmt: skip
        reader, writer = self.lines
        origin = f"https://rouen.localhost:{self.port}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        writer.write(
            (
                f"{method} {path} HTTP/1.1\r\nHost: rouen.localhost:{self.port}\r\nOrigin: {origin}\r\n"
                f"Referer: {origin}/connexion/\r\nUser-Agent: Mozilla/5.0 (X11; Linux) Firefox/140\r\n"
                f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        for name, value in re.findall(r"(?i)\r\nset-cookie: ([^=]+)=([^;\r]*)", head):
            self.cookies[name] = value
        text = await self._body(reader, head)
        if re.search(r"(?i)\r\nconnection: close", head):
            self.close()
        return int(head.split(" ", 2)[1]), text

    async def _body(self, reader: asyncio.StreamReader, head: str) -> str:
        if length := re.search(r"(?i)\r\ncontent-length: (\d+)", head):
            return (await reader.readexactly(int(length[1]))).decode("utf-8", "replace")
        parts = []
        while size := int((await reader.readline()).strip() or b"0", 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts).decode("utf-8", "replace")

    async def open_page(self) -> int:
        """Fetch the sign-in page and keep its token; 0, or the status of a page without one."""
        status, page = await self.ask("GET", "/connexion/")
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        self.token = found[1] if found else ""
        return 0 if found else status

    async def try_to_enter(self, name: str, password: str) -> int:
        if not self.token and (status := await self.open_page()):
            return status
        fields = {"csrfmiddlewaretoken": self.token, "identifiant": name, "mot_de_passe": password}
        return (await self.ask("POST", "/connexion/", urlencode(fields)))[0]

    def close(self) -> None:
        if self.lines is not None:
            self.lines[1].close()
            self.lines = None

    def forget(self) -> None:
        """As if its session were over; the device's cookie stays."""
        self.cookies.pop("__Host-casier", None)
        self.token = ""


@dataclass
class Scene:
    port: int
    tls: ssl.SSLContext
    together: int
    rate: float
    statuses: Counter[int] = field(default_factory=Counter)
    known: list[float] = field(default_factory=list)
    unknown: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    over: bool = False
    until: float = float("inf")  # of the monotonic clock: what wasn't tried by then isn't

    def browser(self, network: int, number: int) -> Browser:
        return Browser(self.port, self.tls, f"127.{network}.{number // 250}.{number % 250 + 1}")


async def attack(scene: Scene, guesses: int, accounts: int, sources: int) -> None:
    """GUESSES spread over ACCOUNTS and SOURCES, a different password each time."""
    browsers = [scene.browser(20, number) for number in range(sources)]
    order = takewhile(lambda _number: time.monotonic() < scene.until, range(guesses))

    # Each worker has browsers of its own, so that no connection is shared.
    step = max(1, sources // scene.together)
    parts = [browsers[start : start + step] for start in range(0, step * scene.together, step)]

    async def own(mine: list[Browser]) -> None:
        turns = cycle(mine)
        for number in order:
            status = await next(turns).try_to_enter(f"victime{number % accounts}.essai", f"Essai-{number}")
            scene.statuses[status] += 1

    await asyncio.gather(*(own(part) for part in parts if part))
    for browser in browsers:
        browser.close()


async def one_source(scene: Scene) -> float:
    """Seconds until fifty guesses of one source were looked at, each at a name that isn't locked yet."""
    browser, looked_at, number, start = scene.browser(21, 0), 0, 0, time.monotonic()
    while looked_at < 50:
        number += 1
        status = await browser.try_to_enter(f"autre{number}.essai", "Essai")
        looked_at += status == 422
        if status != 422:
            await asyncio.sleep(0.2)
    return time.monotonic() - start


async def people(scene: Scene) -> None:
    """Genuine sign-ins, every other one from a device that was in before."""
    devices = [scene.browser(22, number) for number in range(GENUINE // 2)]
    for number, device in enumerate(devices):
        await device.try_to_enter(f"collegue{number}.essai", PASSWORD)
        device.forget()

    async def sign_in(browser: Browser, name: str, taken: list[float]) -> None:
        # The page is there already when its button is pressed.
        await browser.open_page()
        start = time.monotonic()
        status = await browser.try_to_enter(name, PASSWORD)
        if status == 302:
            taken.append(time.monotonic() - start)
        else:
            scene.refused[status] += 1
        browser.forget()

    running, turn = set(), 0
    while not scene.over:
        turn += 1
        number = turn // 2 % (GENUINE // 2)
        if turn % 2:
            work = sign_in(devices[number], f"collegue{number}.essai", scene.known)
        else:
            fresh = scene.browser(23, turn % 5000)
            work = sign_in(fresh, f"collegue{GENUINE // 2 + number}.essai", scene.unknown)
        task = asyncio.create_task(work)
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(1 / scene.rate)
    await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def with_people(scene: Scene) -> AsyncIterator[None]:
    task = asyncio.create_task(people(scene))
    await asyncio.sleep(5)
    yield
    scene.over = True
    await task


def p95(taken: list[float]) -> str:
    if len(taken) < 2:
        return "–"
    return f"median {statistics.median(taken):.2f} s, p95 {statistics.quantiles(taken, n=20)[-1]:.2f} s"


async def under_attack(scene: Scene, instance: Instance, scale: float) -> None:
    guesses, accounts = int(100_000 * scale), int(10_000 * scale)
    sources = max(scene.together, int(1000 * scale))
    async with with_people(scene):
        quiet = len(scene.known), len(scene.unknown)
        begun, clock = time.time(), time.monotonic()
        fifty, _ = await asyncio.gather(one_source(scene), attack(scene, guesses, accounts, sources))
        seconds = time.monotonic() - clock
    guesses = sum(scene.statuses.values())
    told = [at - begun for at in json.loads(as_platform(instance, "alerts")) if at > begun - 60]
    rate = guesses / seconds
    print(f"{guesses} guesses, {accounts} accounts, {sources} sources in {seconds:.0f} s ({rate:.0f}/s)")
    print(f"answers: {dict(scene.statuses)}; opened: {scene.statuses[302]}")
    print(f"fifty guesses of one source: {fifty:.1f} s")
    print(f"alerts: {len(told)}, after {[round(at, 1) for at in told]} s")
    print(f"genuine, known device: {len(scene.known) - quiet[0]}, {p95(scene.known[quiet[0] :])}")
    print(f"genuine, unknown device: {len(scene.unknown) - quiet[1]}, {p95(scene.unknown[quiet[1] :])}")
    print(f"genuine, not let in: {dict(scene.refused)}")


async def sign_ins(scene: Scene, seconds: float) -> None:
    """Complete sign-ins a second, eight at a time, each from the page to the open session."""
    until, done, taken = time.monotonic() + seconds, 0, []

    async def one(worker: int) -> None:
        nonlocal done
        browser = scene.browser(24, worker)
        while time.monotonic() < until:
            start = time.monotonic()
            status = await browser.try_to_enter(f"collegue{worker}.essai", PASSWORD)
            taken.append(time.monotonic() - start)
            done += status == 302
            browser.forget()

    await asyncio.gather(*(one(worker) for worker in range(8)))
    print(f"{done / seconds:.1f} complete sign-ins a second, {p95(taken)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--together", type=int, default=40)
    parser.add_argument("--rate", type=float, default=2.0)
    parser.add_argument(
        "--longest", type=float, default=float("inf"), help="end the attack after so many seconds"
    )
    parser.add_argument("--sign-ins", type=float, default=0.0)
    asked = parser.parse_args()
    instance = Instance.load(asked.instance)
    as_platform(instance, "prepare", str(int(10_000 * asked.scale)))
    tls = ssl.create_default_context(cafile=str(instance.tls / "ca.pem"))
    scene = Scene(instance.port(Port.WEB), tls, asked.together, asked.rate)
    scene.until = time.monotonic() + asked.longest
    if asked.sign_ins:
        asyncio.run(sign_ins(scene, asked.sign_ins))
    else:
        asyncio.run(under_attack(scene, instance, asked.scale))


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        prepare(int(sys.argv[2]))
    elif sys.argv[1:2] == ["alerts"]:
        alerts()
    else:
        main()
