"""Casier as a target of a webmail cost rig (a driver that takes `--target-file`; see docs/develop/costs.md).

The driver's modules `targets`, `peers`, `httpc` and `load` are on the path when it loads this file. Each part
of the instance is started as a server of its own, so that its cost is seen apart; what is asked of it
stands in bench/rig_session.py.

Two targets: `casier` asks for a page of the list until it shows; `casier-whole` also for what the rows need
afterwards (the other messages of their conversations).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import load as loader
from peers import Server, Stack
from targets import Target

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))
sys.path.append(str(PROJECT / "bench"))

from rig_session import DOMAIN, CasierSession

from casier.edge.tokens import Tokens
from casier.kernel.instance import Instance, Port
from casier.mailbox.importing.appending import Entry, StoreConnection

ROOT = Path(os.environ.get("CASIER_RIG_INSTANCE", "/tmp/casier-rig"))
OFFSET = int(os.environ.get("CASIER_RIG_OFFSET", "9000"))


def python() -> str:
    """The Python of the environment that the launcher made: the one that the instance's parts run with."""
    rows = json.loads((ROOT / "rig-programs.json").read_text())
    return next(row["argv"][row["argv"].index("--") + 1] for row in rows if row["name"] == "web")


def casier(*arguments: str) -> str:
    command = [str(PROJECT / "casier"), *arguments, "--instance", str(ROOT)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _entry(corpus, message):
    flags = (["\\Seen"] if message["seen"] else []) + (["\\Flagged"] if message["flagged"] else [])
    date = loader.internaldate(message["date"]).strip('"')
    return Entry((Path(corpus) / message["file"]).read_bytes(), date, tuple(flags))


def _wait_for_scans() -> None:
    """What was appended is scanned in the background, and would be seen in the first operations' cost."""
    until = time.time() + 600
    while time.time() < until:
        with closing(sqlite3.connect(ROOT / "data" / "platform" / "casier.sqlite3")) as database:
            (still_open,) = database.execute(
                "SELECT count(*) FROM arrivals_watchedfolder WHERE due_at IS NOT NULL"
            ).fetchone()
        if not still_open:
            return
        time.sleep(1)


class Casier(Target):
    name, engine, threaded, page_rows, whole = "casier", "casier", True, 50, False
    web_port, imap_port = int(Port.WEB) + OFFSET, int(Port.STORE_IMAP) + OFFSET

    def __init__(self):
        self.uids, self.ids, self.threads = {}, {}, {}

    @property
    def instance(self) -> Instance:
        return Instance.load(ROOT)

    def imap(self, user):
        key = f"{user}@{DOMAIN}"
        token = Tokens(self.instance.key("token")).make(key, time.time()).reveal()
        return loader.Imap("127.0.0.1", self.imap_port, key, token)

    # Filling it, once ----------------------------------------------------------------------------
    def load(self, corpus, man, users, per_user):
        for message in man["messages"]:
            content = (Path(corpus) / message["file"]).read_bytes()
            mark = "M" + hashlib.sha1(content, usedforsecurity=False).hexdigest()[:24]
            self.uids[mark], self.ids[str(message["i"])] = str(message["i"]), mark
        done = ROOT / "rig-loaded.json"
        wanted = {"n": man["n"], "seed": man["seed"], "users": users, "per": per_user}
        if done.exists() and json.loads(done.read_text())["wanted"] == wanted:
            return json.loads(done.read_text())["figures"]
        if not (ROOT / "rig-programs.json").exists():
            casier("start", "--port-offset", str(OFFSET), "--detach", "--no-demo")
            status = json.loads(casier("status", "--json"))
            web = next(part["pid"] for part in status["parts"] if part["name"] == "web")
            interpreter = Path(f"/proc/{web}/cmdline").read_bytes().split(b"\0")[0].decode()
        else:
            interpreter = python()
            casier("start", "--port-offset", str(OFFSET), "--detach", "--no-demo")
        environment = {**os.environ, "CASIER_INSTANCE": str(ROOT)}
        helper = str(PROJECT / "bench" / "rig_instance.py")
        as_casier = ["setpriv", "--reuid=casier", "--regid=casier", "--clear-groups", interpreter, helper]
        subprocess.run(
            [*as_casier, "accounts", *users], check=True, env={**environment, "PYTHONDONTWRITEBYTECODE": "1"}
        )
        casier("apply")
        began = time.time()
        self._append(corpus, man, users, per_user)
        self._wait_for_index(man)
        figures = {
            "total_s": round(time.time() - began, 1),
            "messages": man["n"] + per_user * (len(users) - 2),
        }
        _wait_for_scans()
        casier("stop")
        rows = subprocess.run(
            [interpreter, helper, "programs"], check=True, capture_output=True, text=True, env=environment
        )
        (ROOT / "rig-programs.json").write_text(rows.stdout.splitlines()[-1])
        done.write_text(json.dumps({"wanted": wanted, "figures": figures}))
        return figures

    def _append(self, corpus, man, users, per_user):
        step = max(1, (man["n"] - per_user) // max(1, len(users) - 2))
        spans = {"bench": (0, man["n"])}
        spans |= {user: (number * step, per_user) for number, user in enumerate(users[2:])}
        for user, (first, count) in spans.items():
            messages = man["messages"][first : first + count]
            with self._store(f"{user}@{DOMAIN}") as store:
                if sum(1 for _ in store.fingerprints("INBOX")) == len(messages):
                    continue
                for start in range(0, len(messages), 50):
                    store.append("INBOX", [_entry(corpus, one) for one in messages[start : start + 50]])

    def _store(self, key):
        token = Tokens(self.instance.key("token")).make(key, time.time())
        return StoreConnection(self.imap_port, key, token)

    def _wait_for_index(self, man):
        imap = self.imap("bench")
        imap.cmd("SELECT INBOX")
        until = time.time() + 600
        while time.time() < until:
            found = {
                word: len(
                    b" ".join(imap.cmd("UID SEARCH CHARSET UTF-8 FUZZY BODY", word.encode()))
                    .split(b"* SEARCH")[-1]
                    .split(b"\r")[0]
                    .split()
                )
                for word in man["body_queries"]
            }
            if found == man["body_queries"]:
                break
            time.sleep(3)
        imap.close()

    # Running it ----------------------------------------------------------------------------------
    def stack(self):
        environment = {**os.environ, "CASIER_INSTANCE": str(ROOT)}
        helper = str(PROJECT / "bench" / "rig_instance.py")
        rows = subprocess.run(
            [python(), helper, "programs"], check=True, capture_output=True, text=True, env=environment
        )
        servers = []
        for row in json.loads(rows.stdout.splitlines()[-1]):
            named = {"port": self.web_port} if row["name"] == "nginx" else {"sock": row["ready"] or None}
            one = Server(
                f"casier-{row['name']}",
                row["group"],
                row["argv"],
                chroot=False,
                env=row["env"],
                cwd=row["cwd"],
                **named,
            )
            servers.append(one)
        return Stack(self.name, servers)

    def ready(self, _users):
        """Wait until a person can sign in, then learn the conversation of each message (untimed)."""
        until = time.time() + 60
        while True:
            try:
                session = self.session("bench")
                session.login()
                break
            except (AssertionError, OSError):
                if time.time() > until:
                    raise
                time.sleep(1)
        threads = {}
        emails = list(self.ids.values())
        for start in range(0, len(emails), 1000):
            arguments = {
                "accountId": session.key,
                "ids": emails[start : start + 1000],
                "properties": ["threadId"],
            }
            (got,) = session.jmap(["Email/get", arguments])
            threads |= {self.uids[email["id"]]: email["threadId"] for email in got["list"]}
        self.threads[session.key] = threads
        session.close()

    def session(self, user):
        return CasierSession(self, user)


class CasierWhole(Casier):
    """The same page with everything that its rows need afterwards."""

    name, whole = "casier-whole", True


TARGETS = [Casier, CasierWhole]
