"""Push through real nginx, edge, relay and Redis, with Cyrus's own datagrams written by the test."""

from __future__ import annotations

import http.client
import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from casier.kernel import published
from casier.kernel.published import CHANNEL_ENDED, CHANNEL_PUSH, ENDED_CONNECTIONS, Access
from engines.edge_rig import ACCOUNT, KEY, Rig, start_python, start_redis
from engines.edge_scene import rig, running
from waiting import wait_until, within

pytestmark = pytest.mark.engines
COLLEAGUE = "colleague@ac-rouen.test"


__all__ = ["rig", "running"]  # fixtures


class Listening:
    """A browser with its stream open."""

    def __init__(self, rig: Rig, cookie: str) -> None:
        self.connection: http.client.HTTPSConnection = rig.open(10)
        host = rig.origin.removeprefix("https://")
        self.connection.request("GET", "/events", headers={"Host": host, "Cookie": cookie})
        self.response = self.connection.getresponse()

    def event(self) -> tuple[str, dict[str, object]]:
        """The next event; ("end", {}) when the stream is over."""
        name = ""
        while line := self.response.readline().decode():
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            elif line.startswith("data: "):
                found: dict[str, object] = json.loads(line.removeprefix("data: "))
                return name, found
        return "end", {}


@contextmanager
def listening(rig: Rig, cookie: str) -> Iterator[Listening]:
    """A stream that has said `ready`."""
    browser = Listening(rig, cookie)
    with closing(browser.connection):
        assert browser.response.status == 200
        assert browser.event() == ("ready", {})
        yield browser


def notify(rig: Rig, owner: str, *readers: str) -> None:
    """Tell the relay of an appended message as Cyrus does."""
    local, _, domain = owner.partition("@")
    acl = "".join(f"{name}\tlrs\t" for name in (owner, *readers))
    event = {"event": "MessageAppend", "uri": f"imap://h/user/{local}/INBOX%40{domain};UIDVALIDITY=1/;UID=1"}
    text = json.dumps({**event, "vnd.cmu.mbtype": "e", "vnd.cmu.mailboxACL": acl})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        path = str(rig.instance.socket("relay", "cyrus", "notify"))
        sender.sendto(f"relay\0EVENT\0\0\0\x000\0{text}\0".encode(), path)


def test_new_mail_is_told_at_once_and_to_nobody_else(rig: Rig) -> None:
    with listening(rig, rig.sign_in()) as browser:

        def told() -> float:
            start = time.monotonic()
            notify(rig, "stranger@ac-rouen.test")
            notify(rig, KEY)
            assert browser.event() == ("changed", {"account": KEY, "types": ["Email", "Mailbox", "Thread"]})
            return time.monotonic() - start

        within(1, told)
        notify(rig, COLLEAGUE, KEY)  # a folder that a colleague shares
        assert browser.event()[1]["account"] == COLLEAGUE


def test_what_the_platform_pushes(rig: Rig) -> None:
    with listening(rig, rig.sign_in()) as browser:
        message = {"account": KEY, "type": "send", "id": "1", "state": "sent"}
        rig.store.publish(CHANNEL_PUSH, json.dumps({**message, "account": COLLEAGUE}))
        rig.store.publish(CHANNEL_PUSH, b"noise")
        rig.store.publish(CHANNEL_PUSH, json.dumps(message))
        assert browser.event() == ("send", {"id": "1", "state": "sent"})


def test_no_session_no_stream(rig: Rig) -> None:
    browser = Listening(rig, "__Host-casier=" + "x" * 43)
    with closing(browser.connection):
        assert browser.response.status == 401


def test_signing_out_ends_that_browsers_stream_within_a_second(rig: Rig) -> None:
    def sign_out() -> float:
        here, there = rig.sign_in(), rig.sign_in()
        with listening(rig, here) as gone, listening(rig, there) as stays:
            start = time.monotonic()
            rig.store.delete(published.session_key(rig.digest(here)))
            rig.store.publish(CHANNEL_ENDED, ACCOUNT)
            assert gone.event() == ("signed-out", {"reason": "sign_in_required"})
            assert gone.event() == ("end", {})
            took = time.monotonic() - start
            notify(rig, KEY)
            assert stays.event()[0] == "changed"
            return took

    within(1, sign_out)


def test_a_session_that_ends_unheard_is_noticed(rig: Rig) -> None:
    cookie = rig.sign_in()
    with listening(rig, cookie) as browser:
        rig.store.delete(published.session_key(rig.digest(cookie)))
        assert browser.event()[0] == "signed-out"  # at the next look, five seconds at most


class _Agent(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.asked.append(json.loads(self.rfile.readline()))
        self.wfile.write(b'{"ok": true}\n')


@contextmanager
def agent(rig: Rig) -> Iterator[list[dict[str, str]]]:
    """A stand-in for the store's agent; what it was asked."""
    path = rig.instance.socket("agent", "casier", "agent.sock")
    path.unlink(missing_ok=True)
    with socketserver.ThreadingUnixStreamServer(str(path), _Agent) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.asked
        server.shutdown()


def test_a_suspended_account_is_out_and_comes_back(rig: Rig) -> None:
    def suspend() -> float:
        with agent(rig) as asked, listening(rig, rig.sign_in()) as browser:
            rig.account(access=Access.SUSPENDED)
            start = time.monotonic()
            rig.store.publish(CHANNEL_ENDED, ACCOUNT)
            assert browser.event() == ("signed-out", {"reason": "account_suspended"})
            wait_until("the agent to be told", lambda: asked)
            took = time.monotonic() - start
            assert asked == [{"do": "cut", "mailbox": KEY}]
            rig.account()
            wait_until("IMAP to be given back", lambda: len(asked) == 2)
            assert asked[1] == {"do": "restore", "mailbox": KEY}
            return took

    within(1, suspend)


def test_whose_sessions_went_with_a_suspension_is_told_of_that(rig: Rig) -> None:
    cookie = rig.sign_in()
    with agent(rig), listening(rig, cookie) as browser:
        rig.account(access=Access.SUSPENDED)
        rig.store.delete(published.session_key(rig.digest(cookie)))
        rig.store.publish(CHANNEL_ENDED, ACCOUNT)
        assert browser.event() == ("signed-out", {"reason": "account_suspended"})
        rig.account()


def test_a_revoked_password_cuts_connections_and_leaves_browsers(rig: Rig) -> None:
    with agent(rig) as asked, listening(rig, rig.sign_in()) as browser:
        rig.store.publish(CHANNEL_ENDED, ACCOUNT)
        rig.store.publish(CHANNEL_ENDED, f"{ACCOUNT} {ENDED_CONNECTIONS}")
        wait_until("the cut and the restore", lambda: len(asked) == 2)
        assert [one["do"] for one in asked] == ["cut", "restore"]
        notify(rig, KEY)
        assert browser.event()[0] == "changed"


def test_what_was_cut_is_given_back_by_another_relay_too(rig: Rig) -> None:
    with agent(rig) as asked:
        rig.account(access=Access.SUSPENDED)
        rig.store.publish(CHANNEL_ENDED, ACCOUNT)
        wait_until("the cut", lambda: asked)
        rig.stop("relay")
        rig.account()
        start_python(rig, "relay")
        wait_until("IMAP to be given back", lambda: {"do": "restore", "mailbox": KEY} in asked)


def test_a_cut_that_failed_is_tried_again(rig: Rig) -> None:
    rig.account(access=Access.SUSPENDED)
    rig.store.publish(CHANNEL_ENDED, ACCOUNT)
    wait_until("the failure to be logged", lambda: "cut" in rig.log("relay").rpartition("does not answer")[0])
    with agent(rig) as asked:
        wait_until("the cut", lambda: {"do": "cut", "mailbox": KEY} in asked)
        rig.account()
        wait_until("IMAP to be given back", lambda: {"do": "restore", "mailbox": KEY} in asked)


def test_streams_survive_redis_and_hear_again_after_it(rig: Rig) -> None:
    with listening(rig, rig.sign_in()) as browser:
        rig.stop("redis")
        notify(rig, KEY)
        assert browser.event()[0] == "changed"
        start_redis(rig)
        message = json.dumps({"account": KEY, "type": "send", "id": "2", "state": "sent"})
        wait_until("the relay to follow again", lambda: rig.store.publish(CHANNEL_PUSH, message))
        assert browser.event()[0] == "send"


def test_a_relay_stands_noise(rig: Rig) -> None:
    with listening(rig, rig.sign_in()) as browser:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            for noise in (b"", b"x", b"\0" * 9, b"relay\0EVENT\0\0\0\x000\0{not json\0"):
                sender.sendto(noise, str(rig.instance.socket("relay", "cyrus", "notify")))
        notify(rig, KEY)
        assert browser.event()[0] == "changed"
