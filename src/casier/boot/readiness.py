"""Ready means: a message sent by JMAP was scanned and delivered. Not: processes run."""

from __future__ import annotations

import http.client
import imaplib
import json
import secrets
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from casier.edge.bearer import make_jwt
from casier.edge.tokens import Tokens
from casier.engines.cyrus.spec import ADMIN
from casier.engines.engine import NotReady
from casier.kernel import published
from casier.kernel.addresses import PLATFORM_DOMAIN
from casier.kernel.instance import OWN_STORE, Instance, Port

ADDRESS = f"sonde@{PLATFORM_DOMAIN}"
ACCOUNT = "50" * 16
ACADEMY = "casier"
_LIMIT_SECONDS = 20.0
_CAPABILITIES = [
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:mail",
    "urn:ietf:params:jmap:submission",
]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The probe's message arrived, SECONDS after it was given to JMAP."""

    seconds: float
    scanned: str


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class Probe:
    """One account that belongs to the platform and writes to itself."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def prepare(self) -> None:
        """Make the mailbox and publish the account where either is missing. Raises NotReady."""
        self._publish()
        port = self._instance.port(Port.STORE_IMAP)
        token = Tokens(self._instance.key("token")).make(ADMIN, time.time())
        try:
            with imaplib.IMAP4("127.0.0.1", port, timeout=10) as admin:
                admin.login(ADMIN, token.reveal())
                status, rows = admin.list('""', f'"user/{ADDRESS}"')
                if not any(rows):
                    status, rows = admin.create(f'"user/{ADDRESS}"')
                    if status != "OK":
                        raise NotReady(f"{ADDRESS}: {rows!r}")
        except (OSError, imaplib.IMAP4.error) as error:
            raise NotReady(f"imap: {error}") from error

    def _publish(self) -> None:
        import redis

        account = published.AccountState(ACCOUNT, ADDRESS, OWN_STORE, ACADEMY, addresses=[ADDRESS])
        address = published.AddressState(ADDRESS, OWN_STORE, published.Delivery.READY)
        path = str(self._instance.socket("redis", "casier", "redis.sock"))
        try:
            with redis.Redis(unix_socket_path=path, socket_timeout=5) as store:
                store.set(published.account_key(ACCOUNT), account.dumps())
                store.set(published.mailbox_owner_key(ADDRESS), ACCOUNT)
                store.set(published.address_key(ADDRESS), address.dumps())
                store.sadd(published.DOMAINS, PLATFORM_DOMAIN)
        except redis.RedisError as error:
            raise NotReady(f"redis: {error}") from error

    def send(self) -> Delivered:
        """Send one message by JMAP, wait until it is back in the inbox, and destroy it. Raises NotReady."""
        begun = time.monotonic()
        subject = f"sonde {secrets.token_hex(8)}"
        self._forget_old()
        self._submit(subject)
        while time.monotonic() - begun < _LIMIT_SECONDS:
            scanned = self._take(subject)
            if scanned is not None:
                return Delivered(time.monotonic() - begun, scanned)
            time.sleep(0.1)
        raise NotReady(f"a message sent by JMAP did not arrive within {_LIMIT_SECONDS:.0f} s")

    def _submit(self, subject: str) -> None:
        inbox = self._inbox()
        email = {
            "mailboxIds": {inbox: True},
            "keywords": {"$draft": True},
            "from": [{"email": ADDRESS}],
            "to": [{"email": ADDRESS}],
            "subject": subject,
            "bodyValues": {"text": {"value": "Sonde de la plateforme.\n"}},
            "textBody": [{"partId": "text", "type": "text/plain"}],
        }
        envelope = {"mailFrom": {"email": ADDRESS}, "rcptTo": [{"email": ADDRESS}]}
        submission = {"emailId": "#m", "identityId": ADDRESS, "envelope": envelope}
        created, sent, *_ = self._call(
            ["Email/set", {"accountId": ADDRESS, "create": {"m": email}}, "0"],
            [
                "EmailSubmission/set",
                {"accountId": ADDRESS, "create": {"s": submission}, "onSuccessDestroyEmail": ["#s"]},
                "1",
            ],
        )
        for answer, name in ((created, "m"), (sent, "s")):
            if name not in (answer[1].get("created") or {}):
                raise NotReady(f"{answer[0]}: {answer[1].get('notCreated') or answer[1]}")

    def _forget_old(self) -> None:
        """Destroy what probes that failed half-way left; messages of a probe at work now are left alone."""
        before = datetime.now(UTC) - timedelta(minutes=10)
        query = {"accountId": ADDRESS, "filter": {"before": f"{before:%Y-%m-%dT%H:%M:%SZ}"}, "limit": 200}
        (answer,) = self._call(["Email/query", query, "0"])
        old = answer[1].get("ids") or []
        if old:
            self._call(["Email/set", {"accountId": ADDRESS, "destroy": old}, "0"])

    def _inbox(self) -> str:
        (answer,) = self._call(["Mailbox/query", {"accountId": ADDRESS, "filter": {"role": "inbox"}}, "0"])
        ids = answer[1].get("ids") or []
        if not ids:
            raise NotReady(f"{ADDRESS} has no inbox")
        return str(ids[0])

    def _take(self, subject: str) -> str | None:
        query = {
            "accountId": ADDRESS,
            "sort": [{"property": "receivedAt", "isAscending": False}],
            "limit": 20,
        }
        wanted = ["subject", "keywords", "header:X-Spamd-Result:asText", "header:X-Virus-Scanned:asText"]
        reference = {"resultOf": "0", "name": "Email/query", "path": "/ids"}
        _, answer = self._call(
            ["Email/query", query, "0"],
            ["Email/get", {"accountId": ADDRESS, "#ids": reference, "properties": wanted}, "1"],
        )
        for email in answer[1].get("list") or []:
            if email["subject"] == subject and "$draft" not in email["keywords"]:
                self._call(["Email/set", {"accountId": ADDRESS, "destroy": [email["id"]]}, "0"])
                return str(email.get("header:X-Spamd-Result:asText") or "")
        return None

    def _call(self, *calls: list[Any]) -> list[Any]:
        token = make_jwt(ADDRESS, self._instance.key("jwt"), time.time())
        body = json.dumps({"using": _CAPABILITIES, "methodCalls": calls})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = _Unix(self._instance.socket("cyrus", "nginx", "http.sock"))
        try:
            connection.request("POST", "/jmap/", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotReady(f"jmap: {error}") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise NotReady(f"jmap: {answer.status} {text[:200]!r}")
        return list(json.loads(text)["methodResponses"])


def check_ready(instance: Instance) -> Delivered:
    """Prove that the platform is ready, or raise NotReady with what failed."""
    probe = Probe(instance)
    probe.prepare()
    return probe.send()
