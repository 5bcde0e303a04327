"""What the tests of means share: what was sent, read as the person would read it."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from queue import SimpleQueue

from django.utils import timezone
from msgspec.structs import replace

from casier.directory.models import Academy
from casier.identity.dispatch.gateways.outcome import Gateway, Message, Outcome, Taken
from casier.identity.dispatch.worker import Dispatching
from casier.policies.api import adopt, policy_for
from unit.identity_people import BY


class Telephones:
    """A gateway in the test's own hands."""

    harmless = False

    def __init__(self, name: str = "operateur", kinds: tuple[str, ...] = ("sms", "voice")) -> None:
        self.name, self.kinds = name, kinds
        self.answers: list[Outcome] = []
        self.sent: list[Message] = []

    def carries(self, kind: str) -> bool:
        return kind in self.kinds

    def send(self, message: Message) -> Outcome:
        self.sent.append(message)
        return self.answers.pop(0) if self.answers else Taken(f"ref-{len(self.sent)}")

    def close(self) -> None:
        return None


class Post:
    """What was handed to Postfix."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.failure: Exception | None = None

    def __call__(self, mail: EmailMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.mails.append(mail)


def lane(*gateways: Gateway, mail: Post | None = None, at: datetime | None = None) -> Dispatching:
    """The worker's lane on these gateways."""
    return Dispatching(list(gateways), SimpleQueue(), now=lambda: at or timezone.now(), mail=mail or Post())


def plain(mail: EmailMessage) -> str:
    """The text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def code_in(text: str) -> str:
    """The code in a message, without its space."""
    found = re.search(r"\b(\d{4}) (\d{4})\b|\b(\d{6})\b", text)
    assert found, text
    return "".join(part for part in found.groups() if part)


def want_means(academy: Academy) -> None:
    """The academy has means recorded, as the shipped sets do."""
    policy = policy_for(academy)
    wanting = replace(policy, activation=replace(policy.activation, record_recovery=True))
    adopt(academy, wanting, by=BY, reason="tests", now=timezone.now())
