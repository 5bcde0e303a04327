"""What journeys without a network share: a line that can be cut, a browser with its own profile, its disk."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from casier.kernel.instance import Port
from journeys.jmap import Jmap
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance


class Line:
    """A line to the web port that can be cut: what was under way breaks, what is new is refused."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self._listener: socket.socket | None = None
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.mend()

    def mend(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        if self._listener is not None:
            # A thread that waits in accept() holds the socket open otherwise.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for pair in list(self._pairs):
            self._end(pair)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self._pairs.add((near, far))
            threading.Thread(target=self._carry, args=((near, far),), daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        near, far = pair
        with selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            try:
                while True:
                    for key, _ in ready.select():
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not data:
                            return
                        key.data.sendall(data)
            except OSError:
                return
            finally:
                self._end(pair)

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self._pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def line(instance: RunningInstance) -> Iterator[Line]:
    one = Line(instance.port(Port.WEB))
    try:
        yield one
    finally:
        one.cut()


@contextmanager
def browser(
    playwright: Playwright, profile: Path, instance: RunningInstance, through: Line | None = None
) -> Iterator[BrowserContext]:
    """Chromium with its profile on disk, as a person has it; THROUGH a line where one is given."""
    arguments = [*CHROMIUM_ARGUMENTS]
    if through is not None:
        port = instance.port(Port.WEB)
        rules = [f"MAP {host}:{port} 127.0.0.1:{through.port}" for host in ("*.localhost", "localhost")]
        arguments.append("--host-resolver-rules=" + ",".join(rules))
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=[*arguments, "--ignore-certificate-errors"],
        viewport={"width": 1440, "height": 900},
        locale="fr-FR",
        ignore_https_errors=True,
    )
    try:
        yield context
    finally:
        # One that was killed is closed already.
        with suppress(Error):
            context.close()


def killed(profile: Path) -> None:
    """As if the power had gone: the browser of this PROFILE, with all its processes."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command:
            try:
                os.kill(int(entry.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def on_disk(profile: Path, *words: str) -> list[str]:
    """Files of a PROFILE that hold one of WORDS in clear, in either encoding of a browser."""
    found = []
    for path in profile.rglob("*"):
        if not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except OSError:
            continue
        for word in words:
            if word.encode() in content or word.encode("utf-16-le") in content:
                found.append(f"{path.relative_to(profile)}: {word}")
    return found


def kept(page: Page) -> dict[str, Any]:
    """What the origin of PAGE keeps: databases with how much is in them, local storage, caches."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
          const databases = {};
          for (const { name } of await indexedDB.databases()) {
            databases[name] = await new Promise((resolve, reject) => {
              const request = indexedDB.open(name);
              request.onerror = () => reject(request.error);
              request.onsuccess = async () => {
                const counts = {};
                for (const store of request.result.objectStoreNames) {
                  counts[store] = await new Promise((done) => {
                    const count = request.result.transaction(store).objectStore(store).count();
                    count.onsuccess = () => done(count.result);
                  });
                }
                request.result.close();
                resolve(counts);
              };
            });
          }
          const stored = { ...localStorage, ...sessionStorage };
          const cached = [];
          for (const name of await caches.keys()) {
            for (const { url } of await (await caches.open(name)).keys()) cached.push(new URL(url).pathname);
          }
          const workers = await navigator.serviceWorker.getRegistrations();
          return { databases, stored, cached, workers: workers.length };
        }"""
    )
    return found


def copied(page: Page, store: str, least: int) -> None:
    """Wait until this device keeps LEAST things in STORE."""
    for _ in range(150):
        if any(counts.get(store, 0) >= least for counts in kept(page)["databases"].values()):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never {least} in {store}: {kept(page)['databases']}")


def shell_kept(page: Page) -> None:
    """Wait until the worker keeps the whole page, and answers for it."""
    before = 0
    for _ in range(60):
        cached = kept(page)["cached"]
        controlled = page.evaluate("navigator.serviceWorker.controller !== null")
        if controlled and "/courrier/" in cached and len(cached) == before:
            return
        before = len(cached)
        page.wait_for_timeout(700)
    raise AssertionError(f"the page is never kept: {kept(page)}")


def offline_said(page: Page) -> None:
    expect(page.locator(".status-line")).to_be_visible(timeout=20_000)


def back_online(page: Page) -> None:
    expect(page.locator(".status-line")).to_have_count(0, timeout=40_000)


def mailbox_of(instance: RunningInstance, address: str) -> Jmap:
    key = instance.demo(address=address).get("mailboxKey", address)
    return Jmap(instance, address, key, instance.app_password(address))


def deliver(mail: Jmap, subject: str, text: str, picture: bytes = b"") -> None:
    """A message in the inbox of MAIL's person, as if it had come."""
    parts: dict[str, Any] = {
        "textBody": [{"partId": "t", "type": "text/plain"}],
        "bodyValues": {"t": {"value": text}},
    }
    mail.call(
        (
            "Email/set",
            {
                "create": {
                    "m": {
                        "mailboxIds": {mail.mailbox("inbox"): True},
                        "from": [{"name": "Yvette Ozanne", "email": "yvette.ozanne@exemple.fr"}],
                        "to": [{"email": mail.address}],
                        "subject": subject,
                        **parts,
                    }
                }
            },
        )
    )


def found(mail: Jmap, **condition: Any) -> list[dict[str, Any]]:
    """Messages that fulfil a CONDITION, with what tells whether they arrived as meant."""
    (query,) = mail.call(("Email/query", {"filter": condition}))
    (got,) = mail.call(
        ("Email/get", {"ids": query["ids"], "properties": ["subject", "keywords", "mailboxIds", "preview"]})
    )
    return list(got["list"])


def session_records(instance: RunningInstance, **changes: int) -> int:
    """Change the terms of all open sessions of an instance; how many there were."""
    from redis import Redis

    redis = Redis(unix_socket_path=str(instance.layout.socket("redis", "casier", "redis.sock")))
    count = 0
    for key in redis.scan_iter("casier:session:*"):
        record = json.loads(redis.get(key) or "{}")
        record.update({name: value for name, value in changes.items() if name in record})
        record["data"].get("terms", {}).update(changes)
        redis.set(key, json.dumps(record), keepttl=True)
        count += 1
    redis.close()
    return count
