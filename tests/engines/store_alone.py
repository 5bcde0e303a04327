"""A real Cyrus without the rest of the platform: every login is right, and nothing is behind it."""

from __future__ import annotations

import imaplib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from casier.engines.cyrus.imap import StoreRefused
from casier.engines.cyrus.store import Store
from casier.engines.engine import Facts
from casier.engines.parts import part_named
from casier.kernel.instance import Instance, Port
from casier.kernel.secret import Secret
from engines.daemons import supervised
from engines.private_instance import private_instance

PARTS = [part_named(name) for name in ("syslog", "cyrus", "agent")]


@contextmanager
def store_alone() -> Iterator[Instance]:
    """An instance of which only the store, its log and its agent run."""
    with private_instance() as instance:
        login = AcceptAll(instance)
        login.start()
        with supervised(instance, PARTS, Facts(domains=("essai.test",))):
            yield instance
        login.server.close()


@contextmanager
def store_of(instance: Instance, *mailboxes: str) -> Iterator[Store]:
    """The platform's road to it; MAILBOXES (their keys) are made first."""
    store = Store.of(instance, lambda _user: Secret("a-token"))
    for key in mailboxes:
        store.ensure_mailbox(key, 100_000_000)
    yield store
    store.close()


def deleted(store: Store, key: str) -> None:
    """Delete KEY. Cyrus names what it keeps of it by the second: the same mailbox twice in one is refused."""
    until = time.monotonic() + 30
    while True:
        try:
            return store.delete_mailbox(key)
        except StoreRefused:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def signed_in(store: Instance, who: str) -> imaplib.IMAP4:
    imap = imaplib.IMAP4("127.0.0.1", store.port(Port.STORE_IMAP), timeout=20)
    try:
        imap.login(who, "a-token")
    except imaplib.IMAP4.error:
        imap.shutdown()
        raise
    return imap


class AcceptAll(threading.Thread):
    """Stands in for the edge: every login is right (saslauthd: four counted strings in, one out)."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(daemon=True)
        path = instance.socket("edge", "cyrus", "mux")
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        path.chmod(0o666)
        self.server.listen(20)

    def run(self) -> None:
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(struct.pack("!H", 2) + b"OK")
