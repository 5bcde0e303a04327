"""How many people can sign in within a second, over HTTPS, through nginx.

sudo -E python bench/sign_ins.py INSTANCE [--people 120] [--seconds 20] [--together 8]

The instance runs; an academy `mesure` is made in it (policy by default, without second factor and backup
means; `./casier apply` then lets nginx know its host). A complete sign-in is: TLS handshake, the sign-in
page, name and password, the road's decisions, and the mailbox page with the new cookie. The client runs on
the same cores; its processor time is shown apart. A person comes again with the browser of the time before,
each time from another loopback address, since tries are counted by address.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import ssl
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
SLUG, DOMAIN, HOST = "mesure", "mesure.test", "mesure.localhost"
PASSWORD = "Banc-Mesure-Horloge-2048"
HERTZ = os.sysconf("SC_CLK_TCK")


def prepare(instance: Path, people: int) -> None:
    """The academy and its people, in the running instance."""
    os.environ["CASIER_INSTANCE"] = str(instance)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casier.boot.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.utils import timezone

    from casier.audit.api import Actor
    from casier.directory import actions
    from casier.directory.models import Academy, Address
    from casier.identity import hashers
    from casier.identity.activation.documents import accept_all
    from casier.identity.models import User
    from casier.policies.policy import Activation, Policy, SecondFactor

    by, now, why = Actor.system("bench"), timezone.now(), "measuring"
    activation = Activation(record_recovery=False)
    quiet = Policy(activation=activation, second_factor=SecondFactor(requirement="off"))
    academy = Academy.objects.filter(slug=SLUG).first() or actions.create_academy(
        actions.NewAcademy(SLUG, "Mesure", "#1B5E57", (DOMAIN,), (HOST,), quiet), by=by, reason=why, now=now
    )
    encoded = hashers.hashed(PASSWORD)
    for number in range(people):
        address = f"personne.{number}@{DOMAIN}"
        if Address.objects.filter(address=address).exists():
            continue
        new = actions.NewAccount(given_name="Personne", family_name=f"Numero{number}", address=address)
        account = actions.create_account(academy, new, by=by, reason=why, now=now)
        User.objects.create(account=account, password=encoded, password_changed_at=now)
        actions.activate(account, by=by, reason=why, now=now)
        accept_all(account, by, now)


class Browser:
    """One browser: a connection, its cookies."""

    def __init__(self, port: int, source: str) -> None:
        self.port, self.source = port, source
        self.cookies: dict[str, str] = {}
        self.bytes = 0

    async def open(self, context: ssl.SSLContext) -> None:
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=context, server_hostname=HOST, local_addr=(self.source, 0)
        )

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        body = urlencode(form or {}).encode()
        origin = f"https://{HOST}:{self.port}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nCookie: {cookies}\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
        )
        if form is not None:
            head += f"Origin: {origin}\r\nReferer: {origin}{path}\r\nContent-Length: {len(body)}\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
        self.writer.write(f"{head}\r\n".encode() + (body if form is not None else b""))
        status, headers = await self._head()
        text = await self._body(headers)
        return status, headers, text

    async def _head(self) -> tuple[int, dict[str, str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            elif name:
                headers[name.lower()] = value
        return int(lines[0].split()[1]), headers

    async def _body(self, headers: dict[str, str]) -> str:
        data = b""
        if headers.get("transfer-encoding") == "chunked":
            while size := int((await self.reader.readline()).strip(), 16):
                data += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readline()
        elif size := int(headers.get("content-length", 0)):
            data = await self.reader.readexactly(size)
        return data.decode("utf-8", "replace")


# What browsers keep between two sign-ins: that the device is known, the language. Sessions they don't.
_KEPT: dict[str, dict[str, str]] = {}
_FORGOTTEN = ("__Host-casier", "__Host-casier-csrf")


async def sign_in(port: int, source: str, name: str, context: ssl.SSLContext) -> list[str]:
    """One complete sign-in; the pages that it went over."""
    browser = Browser(port, source)
    browser.cookies.update(_KEPT.get(name, {}))
    await browser.open(context)
    _, _, page = await browser.ask("GET", "/connexion/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"identifiant": name, "mot_de_passe": PASSWORD, "suite": "/courrier/"}
    form["csrfmiddlewaretoken"] = token[1] if token else ""
    status, headers, page = await browser.ask("POST", "/connexion/", form)
    way = [headers.get("location", f"{status} {' '.join(re.findall('<p id=.refus.>(.*?)</p>', page))}")]
    if way[0] == "/courrier/":
        status, _, page = await browser.ask("GET", "/courrier/")
        way.append(str(status))
    browser.writer.close()
    _KEPT[name] = {key: value for key, value in browser.cookies.items() if key not in _FORGOTTEN}
    return way


def cpu_by_part(instance: Path) -> dict[str, float]:
    """Processor seconds so far: of the instance's processes by kind, and of this one."""
    spent: dict[str, float] = defaultdict(float)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            environ = (folder / "environ").read_bytes().decode("utf-8", "replace")
            numbers = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == os.getpid():
            kind = "this client"
        elif str(instance) in words or str(instance) in environ or "nginx" in words:
            known = ("boot.web", "boot.worker", "casier.edge", "relay", "redis", "nginx", "postfix", "cyrus")
            kind = next((name for name in known if name in words), "other parts")
        else:
            continue
        spent[kind] += (int(numbers[11]) + int(numbers[12])) / HERTZ
    return spent


async def measure(arguments: argparse.Namespace, port: int) -> None:
    """Sign people in, so many at a time, for so long."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    taken: list[float] = []
    ways: Counter[str] = Counter()
    until = time.perf_counter() + arguments.seconds
    turns = iter(range(10**9))

    async def lane() -> None:
        while time.perf_counter() < until:
            turn = next(turns)
            source = f"127.{1 + turn % 200}.{turn // 200 % 250}.9"
            began = time.perf_counter()
            way = await sign_in(port, source, f"personne.{turn % arguments.people}@{DOMAIN}", context)
            taken.append(time.perf_counter() - began)
            ways[" → ".join(way)] += 1

    before, began = cpu_by_part(arguments.instance), time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(arguments.together)))
    wall = time.perf_counter() - began
    after = cpu_by_part(arguments.instance)
    taken.sort()
    print(f"{len(taken) / wall:.1f} complete sign-ins a second, {arguments.together} at a time, {wall:.0f} s")
    print(
        f"  half within {statistics.median(taken):.3f} s, 95 % within {taken[int(len(taken) * 0.95)]:.3f} s"
    )
    for way, count in ways.most_common():
        print(f"  {count} × {way}")
    for kind, seconds in sorted(after.items()):
        spent = seconds - before.get(kind, 0)
        if spent > 0.05:
            each = spent / len(taken) * 1000
            print(f"  {kind:<12} {each:6.1f} ms of processor a sign-in, {spent / wall:.2f} cores")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("instance", type=Path)
    parser.add_argument("--people", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--together", type=int, default=8)
    parser.add_argument("--prepare", action="store_true", help="only make the academy and its people")
    arguments = parser.parse_args()
    if arguments.prepare:
        prepare(arguments.instance, arguments.people)
        return
    again = [sys.executable, __file__, str(arguments.instance), "--people", str(arguments.people)]
    subprocess.run([*again, "--prepare"], check=True)
    sys.path.insert(0, str(ROOT / "src"))
    from casier.kernel.instance import Instance, Port

    asyncio.run(measure(arguments, Instance.load(arguments.instance).port(Port.WEB)))


if __name__ == "__main__":
    main()
