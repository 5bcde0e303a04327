"""A small JMAP client for journeys: one person, by application password, with the certificate checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from casier.kernel.instance import Port
from journeys.running import RunningInstance

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:submission"]


class JmapFailure(AssertionError):
    """The server answered a method with an error; the sender was told."""


@dataclass
class Jmap:
    """Speaks for ADDRESS; KEY is the person's JMAP account id."""

    instance: RunningInstance
    address: str
    key: str
    password: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=f"https://localhost:{self.instance.port(Port.WEB)}",
            verify=self.instance.tls,
            auth=(self.address, self.password),
            timeout=30,
        )
        self.instance.clients.callback(self.http.close)

    def call(self, *methods: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers of METHODS, in order; raises JmapFailure on the first error."""
        calls = [[name, {"accountId": self.key, **args}, str(n)] for n, (name, args) in enumerate(methods)]
        answer = self.http.post("/jmap/", json={"using": USING, "methodCalls": calls})
        if answer.status_code != 200:
            raise JmapFailure(f"{answer.status_code} {answer.text[:300]}")
        responses = answer.json()["methodResponses"]
        for name, body, _ in responses:
            if name == "error":
                raise JmapFailure(str(body))
        return [body for _, body, _ in responses]

    def mailbox(self, role: str) -> str:
        (boxes,) = self.call(("Mailbox/get", {"ids": None, "properties": ["role"]}))
        return next(str(box["id"]) for box in boxes["list"] if box["role"] == role)

    def draft(self, to: str, subject: str, body: str = "Bonjour.", **extra: Any) -> dict[str, Any]:
        """The Email object of a plain message in Drafts."""
        return {
            "mailboxIds": {self.mailbox("drafts"): True},
            "keywords": {"$draft": True},
            "from": [{"email": self.address}],
            "to": [{"email": to}],
            "subject": subject,
            "bodyValues": {"text": {"value": body}},
            "textBody": [{"partId": "text", "type": "text/plain"}],
            **extra,
        }

    def submit(self, email: dict[str, Any], to: str, sender: str = "") -> None:
        """Create EMAIL and submit it; raises JmapFailure when it was refused."""
        (identities,) = self.call(("Identity/get", {"ids": None}))
        submission = {
            "identityId": identities["list"][0]["id"],
            "emailId": "#m",
            "envelope": {"mailFrom": {"email": sender or self.address}, "rcptTo": [{"email": to}]},
        }
        created, sent = self.call(
            ("Email/set", {"create": {"m": email}}), ("EmailSubmission/set", {"create": {"s": submission}})
        )[:2]
        if not created.get("created"):
            raise JmapFailure(str(created["notCreated"]))
        if not sent.get("created"):
            raise JmapFailure(str(sent["notCreated"]))

    def subjects(self, role: str = "inbox", contains: str = "") -> list[str]:
        """Subjects in the folder of ROLE that contain CONTAINS."""
        box = self.mailbox(role)
        (found,) = self.call(
            ("Email/query", {"filter": {"inMailbox": box}, "limit": 5000, "collapseThreads": False})
        )
        subjects: list[str] = []
        ids = found["ids"]
        for start in range(0, len(ids), 400):
            (emails,) = self.call(("Email/get", {"ids": ids[start : start + 400], "properties": ["subject"]}))
            subjects += [email["subject"] or "" for email in emails["list"]]
        return [subject for subject in subjects if contains in subject]
