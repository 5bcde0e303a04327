"""What the tests of the history share: a colleague, notices brought to people, the letters they hold."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from casier.audit.models import OutboxEvent
from casier.directory.actions.accounts import activate
from casier.directory.models import Academy, Account, Mandate, Office
from casier.identity.history import delivering
from casier.identity.history.api import Notice, tell
from casier.identity.history.telling import TOPIC
from casier.identity.means.actions import add, read_address, verify
from casier.identity.means.models import Means
from casier.mailbox import noticing
from unit.identity_people import BY, person

LINK = re.compile(r"/securite/([A-Za-z0-9_-]{43})/")


def active(account: Account) -> Account:
    """ACCOUNT after its first sign-in."""
    return activate(account, by=BY, reason="tests", now=timezone.now())


def officer(academy: Academy, office: Office = Office.SECURITY, given: str = "Odile") -> Account:
    """Someone who holds an office for the whole academy."""
    account = active(person(academy, given, "Garnier"))
    Mandate.objects.create(
        account=account, office=office, academy=academy, starts_at=timezone.now(), reason="tests"
    )
    return account


class Letters:
    """What was written to people, instead of sending it."""

    def __init__(self) -> None:
        self.mailbox: list[tuple[Account, Any]] = []
        self.backup: list[tuple[Account, Any, str, str]] = []

    def into_mailbox(self, account: Account, letter: Any, **_: Any) -> str:
        self.mailbox.append((account, letter))
        return "1"

    def to_means(self, account: Account, letter: Any, text: str, *, not_by: str = "", **_: Any) -> int:
        self.backup.append((account, letter, text, not_by))
        return 1

    def token(self, account: Account) -> str:
        """That of the last letter in ACCOUNT's mailbox which holds a link."""
        links = [
            found[1]
            for whose, letter in self.mailbox
            if whose == account and letter.link and (found := LINK.search(letter.link[1]))
        ]
        return links[-1]


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    kept = Letters()
    monkeypatch.setattr(delivering.dispatch, "put_into_mailbox", kept.into_mailbox)
    monkeypatch.setattr(delivering.means, "tell_means", kept.to_means)
    return kept


def bring_all() -> int:
    """What the worker does with the notices that wait; how many there were."""
    waiting = OutboxEvent.objects.filter(topic=TOPIC, done_at=None)
    keys = list(waiting.values_list("key", flat=True))
    for key in keys:
        noticing.bring(key, timezone.now())
    waiting.update(done_at=timezone.now())
    return len(keys)


def told(account: Account, letters: Letters, notice: Notice = Notice.NEW_DEVICE, **facts: str) -> str:
    """Tell ACCOUNT; the token of its link. What other rooms had to tell goes first."""
    bring_all()
    with transaction.atomic():
        tell(account, notice, {"device": "Firefox, Windows", "source": "203.0.113.9", **facts})
    bring_all()
    return letters.token(account)


def backup_address(account: Account, address: str, ago: timedelta = timedelta()) -> Means:
    """A backup address of ACCOUNT, verified some time AGO."""
    row = verify(add(account, read_address(address), BY), BY)
    then = timezone.now() - ago
    Means.objects.filter(pk=row.pk).update(added_at=then, verified_at=then)
    return row


@pytest.fixture
def way_back(claire: Account) -> Means:
    """Claire has a backup address, for months."""
    return backup_address(claire, "claire@laposte.net", timedelta(days=90))


def visit(browser: Client, token: str) -> Any:
    return browser.get(f"/securite/{token}/", secure=True)


def press(browser: Client, token: str) -> Any:
    return browser.post(f"/securite/{token}/", secure=True)
