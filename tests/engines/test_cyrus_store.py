"""A real Cyrus under the supervisor: its log is caught, who is suspended is out at once, no orphan stays."""

from __future__ import annotations

import imaplib
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from casier.engines.cyrus.engine import Cyrus
from casier.engines.cyrus.spec import ADMIN
from casier.engines.engine import NotReady
from casier.engines.supervise import prelude
from casier.engines.supervise.control import Control
from casier.engines.supervise.programs import log_file
from casier.kernel.instance import Instance
from engines.store_alone import signed_in, store_alone
from waiting import within

pytestmark = pytest.mark.engines
PERSON = "a.person@essai.test"


@pytest.fixture(scope="module")
def store() -> Iterator[Instance]:
    with store_alone() as instance:
        with signed_in(instance, ADMIN) as admin:
            assert admin.create(f'"user/{PERSON}"')[0] == "OK"
        yield instance


def ask_agent(store: Instance, **request: str) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(store.socket("agent", "casier", "agent.sock")))
        client.sendall(json.dumps(request).encode() + b"\n")
        answer: dict[str, object] = json.loads(client.makefile().readline())
        return answer


def test_first_messages_that_come_at_once_are_all_taken(store: Instance) -> None:
    """Cyrus would make the folder in which it receives them with the first of all, and refuse the others."""
    stage = store.data / "cyrus" / "spool" / "stage."
    assert (stage.stat().st_mode & 0o7777, stage.owner()) == (0o700, "cyrus")
    Cyrus().prepare(store)  # once more changes nothing
    clients = [signed_in(store, PERSON) for _ in range(6)]
    together = threading.Barrier(len(clients))

    def append(client: imaplib.IMAP4) -> str:
        together.wait()
        return client.append("INBOX", None, None, b"Subject: x\r\n\r\nBonjour\r\n")[0]

    with ThreadPoolExecutor(len(clients)) as pool:
        assert set(pool.map(append, clients)) == {"OK"}
    for client in clients:
        client.shutdown()


def test_what_it_logs_is_caught(store: Instance) -> None:
    with signed_in(store, PERSON):
        pass
    until = time.monotonic() + 30
    while f"{PERSON} plaintext User logged in" not in log_file(store, "syslog").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_suspended_person_is_out_within_a_second_and_may_come_back(store: Instance) -> None:
    def suspend() -> float:
        imap = signed_in(store, PERSON)
        imap.select("INBOX")
        imap.send(b"x IDLE\r\n")
        assert imap.readline().startswith(b"+")
        asked = threading.Thread(target=ask_agent, args=(store,), kwargs={"do": "cut", "mailbox": PERSON})
        begun = time.monotonic()
        asked.start()
        while imap.readline():
            pass  # whatever it says before the end of the connection
        took = time.monotonic() - begun
        imap.shutdown()
        with pytest.raises(imaplib.IMAP4.error):
            signed_in(store, PERSON).select("INBOX")
        asked.join()
        assert ask_agent(store, do="restore", mailbox=PERSON) == {"ok": True}
        with signed_in(store, PERSON) as again:
            assert again.select("INBOX")[0] == "OK"
        return took

    within(1, suspend)


def test_killed_it_comes_back_and_answers(store: Instance) -> None:
    control = Control(store)
    before = next(state.pid for state in control.states() if state.name == "cyrus")
    os.kill(before, signal.SIGKILL)
    until = time.monotonic() + 60
    while True:
        now = next(state for state in control.states() if state.name == "cyrus")
        try:
            # its predecessor's orphans answer too, until the prelude has ended them
            assert prelude.command_line(now.pid).startswith(b"/usr/sbin/cyrmaster")
            assert now.pid != before
            Cyrus().probe(store)
            break
        except (AssertionError, NotReady):
            assert time.monotonic() < until, now
            time.sleep(0.05)
    with signed_in(store, PERSON) as imap:
        assert imap.select("INBOX")[0] == "OK"


def test_the_log_goes_on_when_its_reader_was_killed(store: Instance) -> None:
    control = Control(store)
    before = next(state.pid for state in control.states() if state.name == "syslog")
    os.kill(before, signal.SIGKILL)
    log, until = log_file(store, "syslog"), time.monotonic() + 60
    start = log.stat().st_size
    while b"logged in" not in log.read_bytes()[start:]:
        assert time.monotonic() < until
        with signed_in(store, PERSON):
            time.sleep(0.1)
