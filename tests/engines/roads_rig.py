"""The mail roads with real daemons in one private folder: Redis, clamd, the edge, Rspamd and Postfix.

Cyrus and the outside world are small servers of this file: a test sees exactly what was handed to them.
"""

from __future__ import annotations

import contextlib
import grp
import json
import os
import pwd
import re
import signal
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import redis

from casier.engines.clamav.engine import Clamav
from casier.engines.engine import Engine, Facts, facts_file
from casier.engines.postfix.engine import Postfix
from casier.engines.redis.engine import Redis
from casier.engines.rspamd.engine import Rspamd
from casier.kernel import published
from casier.kernel.instance import Instance, Port
from casier.kernel.published import AccountState, AddressState, Delivery, Redirects
from engines.daemons import configure, environment, probed
from free_ports import free_offset, is_free
from waiting import wait_until

SOURCE = Path(__file__).parents[2] / "src"
# In two halves, so that a scanner on the developer's machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
DOMAINS = ("ac-deux.test", "ac-un.test")
OWN_DOMAIN = "ac-un.test"
HOST = "mail.ac-un.test"
ALICE, BOB, CAROL = "alice@ac-un.test", "bob@ac-un.test", "carol@ac-deux.test"
BOB_KEY = "robert.ancien@ac-un.test"  # a mailbox key that is nobody's address
PENDING = "bientot@ac-un.test"
OUTSIDER = "parent@dehors.example"


@dataclass(frozen=True)
class Delivered:
    """A message as it was handed to a store or to the outside."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)


class _Session(socketserver.StreamRequestHandler):
    """One SMTP or LMTP conversation, as far as Postfix needs it."""

    server: Sink

    def handle(self) -> None:
        self.sender, self.recipients = "", []
        self._say("220 sink")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline():
                if self._command(line.decode("latin-1").strip()) == "QUIT":
                    return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _command(self, line: str) -> str:
        verb = line[:4].upper()
        address = re.search(r"<(.*?)>", line)
        if verb in ("EHLO", "LHLO"):
            self._say("250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
        elif verb == "MAIL":
            self.sender, self.recipients = address[1] if address else "", []
            self._say("250 2.1.0 ok")
        elif verb == "RCPT" and address:
            refusal = self.server.refusals.get(address[1], "")
            if not refusal:
                self.recipients.append(address[1])
            self._say(refusal or "250 2.1.5 ok")
        elif verb == "DATA":
            self._data()
        else:
            self._say("221 2.0.0 bye" if verb == "QUIT" else "250 2.0.0 ok")
        return verb

    def _data(self) -> None:
        if not self.recipients:
            self._say("503 5.5.1 no recipients")
            return
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.delivered.append(Delivered(self.sender, tuple(self.recipients), b"".join(lines)))
        for _ in self.recipients if self.server.lmtp else [""]:
            self._say("250 2.0.0 taken")


class Sink(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """What is delivered here, in order; `refusals` says which recipients get which answer."""

    daemon_threads = True
    lmtp = False

    def start(self) -> None:
        self.delivered: list[Delivered] = []
        self.refusals: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def with_subject(self, subject: str) -> list[Delivered]:
        return [one for one in list(self.delivered) if one.message["Subject"] == subject]

    def arrived(self, subject: str, seconds: float = 30) -> Delivered:
        """The message called SUBJECT, once it is there."""
        return wait_until(f"« {subject} » to arrive", lambda: self.with_subject(subject), seconds)[0]


class Store(Sink, socketserver.UnixStreamServer):
    lmtp = True


class Outside(Sink, socketserver.TCPServer):
    allow_reuse_address = True


@dataclass
class Rig:
    """Everything running; one per test session."""

    instance: Instance
    facts: Facts
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    engines: dict[str, Engine] = field(default_factory=dict)

    def port(self, port: Port) -> int:
        return self.instance.port(port)

    def log(self, part: str) -> str:
        return (self.instance.log / f"{part}.log").read_text("utf-8", "replace")

    def prepare(self) -> None:
        for name in ("etc", "data", "log", "run", "secrets", "tls"):
            (self.instance.root / name).mkdir(mode=0o755)
        for name in ("header", "internal", "token", "srs", "jwt", "app-password", "session"):
            (self.instance.secrets / f"{name}.key").write_text(os.urandom(32).hex())
        facts_file(self.instance).parent.mkdir(parents=True)
        names = {"domains": DOMAINS, "public_host": HOST, "attachment_bytes": self.facts.attachment_bytes}
        facts_file(self.instance).write_text(json.dumps(names))
        _certificate(self.instance.tls)
        for server, client, group in SOCKET_FOLDERS:
            folder = self.instance.run / f"{server}-{client}"
            folder.mkdir()
            os.chown(folder, pwd.getpwnam(USERS.get(server, "root")).pw_uid, grp.getgrnam(group).gr_gid)
            folder.chmod(0o2750)

    def configure(self, engine: Engine) -> None:
        configure(engine, self.instance, self.facts)
        self.engines[engine.name] = engine

    def start(self, name: str) -> None:
        """Start part NAME and wait until it answers."""
        engine = self.engines.get(name)
        command = engine.command(self.instance) if engine else [sys.executable, "-m", "casier.edge"]
        log = (self.instance.log / f"{name}.log").open("ab")
        account = pwd.getpwnam(engine.user if engine else "root")
        self.processes[name] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[account.pw_gid],
            start_new_session=True,
            cwd=self.instance.root,
            env=environment(self.instance),
        )
        log.close()
        wait_until(f"{name} to answer (log: {self.log(name)[-2000:]})", lambda: self.answers(name), 180)

    def answers(self, name: str) -> bool:
        assert self.processes[name].poll() is None, f"{name} ended: {self.log(name)[-3000:]}"
        if name in self.engines:
            return probed(self.engines[name], self.instance)
        return self.instance.socket("edge", "postfix", "map").exists() and not is_free(
            self.port(Port.EDGE_INTERNAL)
        )

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how) if how == signal.SIGKILL else process.send_signal(how)
        process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def stopped(self, name: str) -> contextlib.AbstractContextManager[None]:
        """Without part NAME, which runs again afterwards."""

        @contextlib.contextmanager
        def without() -> Iterator[None]:
            self.stop(name)
            try:
                yield
            finally:
                self.start(name)
                if name == "edge":
                    self.recover()

        return without()

    def recover(self) -> None:
        """Wait until recipients are known: smtpd remembers a failed lookup as long as it is busy."""
        self.engines["postfix"].reload(self.instance)
        wait_until("Postfix to ask the edge again", self.recipients_are_known, 60)

    def recipients_are_known(self) -> bool:
        """Whether the roads of people take an address: Postfix remembers a lookup that failed for a while."""
        with self.client(ALICE) as client, self.trusted(Port.POSTFIX_JMAP) as jmap:
            jmap.ehlo()
            return all(smtp.mail(ALICE)[0] == smtp.rcpt(BOB)[0] == 250 for smtp in (client, jmap))

    def publish(self, attachment_bytes: int = 20_000_000) -> None:
        """Three people, two of one academy, and an address whose mailbox is still being made."""
        client = redis.Redis(unix_socket_path=str(self.instance.socket("redis", "casier", "redis.sock")))
        with client:
            client.sadd(published.DOMAINS, *DOMAINS)
            client.sadd(published.academy_domains_key("un"), OWN_DOMAIN)
            client.set(published.COMPLETE, "1")
            for at, (key, addresses) in enumerate(PEOPLE.items()):
                account = AccountState(
                    f"{at:032x}", key, "store1", "un", addresses=addresses, attachment_bytes=attachment_bytes
                )
                if key == ALICE:  # her rules may send on anywhere; Bob's and Carol's may not
                    account = replace(account, redirects=Redirects.ANYWHERE, redirect_addresses=100)
                client.set(published.account_key(account.id), account.dumps())
                client.set(published.mailbox_owner_key(key), account.id)
                for address in addresses:
                    state = AddressState(key, "store1", Delivery.READY)
                    client.set(published.address_key(address), state.dumps())
            client.set(published.address_key(PENDING), AddressState("bientot@ac-un.test", "store1").dumps())

    # Clients ----------------------------------------------------------------------------------
    def public(self) -> smtplib.SMTP:
        """Someone outside, on port 25."""
        return smtplib.SMTP("127.0.0.1", self.port(Port.SMTP), "dehors.example", timeout=60)

    def client(self, login: str) -> smtplib.SMTP:
        """A mail program of LOGIN (a mailbox key), as nginx hands it over."""
        smtp = smtplib.SMTP("127.0.0.1", self.port(Port.POSTFIX_CLIENTS), "nginx", timeout=60)
        try:
            smtp.ehlo()
            code, text = smtp.docmd(f"XCLIENT ADDR=192.0.2.7 NAME=[UNAVAILABLE] LOGIN={login}")
            assert code == 220, text
            smtp.ehlo("[192.0.2.7]")
        except Exception:
            smtp.close()
            raise
        return smtp

    def hand_in(self, road: str, message: bytes, recipient: str = BOB) -> None:
        """Give MESSAGE, which is Alice's own or an outsider's, to ROAD. Raises smtplib.SMTPDataError."""
        if road == "public":
            with self.public() as smtp:
                smtp.sendmail(OUTSIDER, [recipient], message)
        elif road == "clients":
            with self.client(ALICE) as smtp:
                smtp.sendmail(ALICE, [recipient], message)
        else:
            port = Port.POSTFIX_JMAP if road == "jmap" else Port.POSTFIX_REDIRECT
            sender = ALICE if road == "jmap" else OUTSIDER
            with self.trusted(port) as smtp:
                smtp.sendmail(sender, [recipient], message, mail_options=[f"AUTH={ALICE}"])

    def trusted(self, port: Port) -> smtplib.SMTP:
        """Cyrus httpd, Cyrus lmtpd or the platform, on a private port."""
        return smtplib.SMTP("127.0.0.1", self.port(port), "store1", timeout=60)


USERS = {"clamav": "clamav", "redis": "redis"}
SOCKET_FOLDERS = (
    ("clamav", "rspamd", "_rspamd"),
    ("redis", "casier", "root"),
    ("edge", "nginx", "www-data"),
    ("edge", "cyrus", "mail"),
    ("edge", "postfix", "postfix"),
    ("cyrus", "postfix", "postfix"),
)
PEOPLE = {
    ALICE: [ALICE, "a.martin@ac-un.test"],
    BOB_KEY: [BOB],
    CAROL: [CAROL],
}


def _certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "3"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_roads() -> Iterator[tuple[Rig, Store, Outside]]:
    """All of it, ended without a trace."""
    with tempfile.TemporaryDirectory(prefix="casier-roads-", dir="/tmp") as folder:
        root = Path(folder)
        root.chmod(0o755)
        outside = Outside(("127.0.0.1", 0), _Session)
        outside.start()
        text = f'port_offset = {free_offset()}\nrelayhost = "[127.0.0.1]:{outside.server_address[1]}"\n'
        (root / "instance.toml").write_text(text)
        settings = tomllib.loads(text)
        rig = Rig(
            Instance(root, settings["port_offset"], settings=settings),
            Facts(domains=DOMAINS, public_host=HOST, attachment_bytes=20_000_000),
        )
        rig.prepare()
        socket_path = rig.instance.socket("cyrus", "postfix", "lmtp.sock")
        store = Store(str(socket_path), _Session)
        socket_path.chmod(0o666)
        store.start()
        try:
            for engine in (Redis(), Clamav(), Rspamd(), Postfix()):
                rig.configure(engine)
            for name in ("redis", "clamav", "edge", "rspamd", "postfix"):
                rig.start(name)
                if name == "redis":
                    rig.publish()
            yield rig, store, outside
        finally:
            for name in reversed(list(rig.processes)):
                rig.stop(name)
            for sink in (store, outside):
                sink.shutdown()
                sink.server_close()
