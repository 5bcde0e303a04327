"""Attachments in pieces: on from where the line broke, scanned, to the store; and what is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.directory.models import Account
from casier.engines.clamav.clamd import Finding
from casier.kernel.link_storage import attaching_folder
from casier.mailbox.attaching import coming, handing
from casier.mailbox.sending.jmap import NoAnswer, NotReached
from casier.policies.api import policy_for
from engines.links_scene import HEADERS, PIECES, Clamd, piece, sender
from engines.portal_scene import (
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
)
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server", "sender"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
CONTENT = b"releve de notes " * 100


class Store:
    """What was uploaded; `failing` is raised instead."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes, str]] = []
        self.failing: Exception | None = None

    @contextmanager
    def acting_for(self, person: str) -> Iterator[Any]:
        yield _Session(self, person)


class _Session:
    def __init__(self, store: Store, person: str) -> None:
        self._store, self._person = store, person

    def upload(self, account: str, content: IO[bytes], kind: str) -> str:
        if self._store.failing:
            raise self._store.failing
        self._store.taken.append((self._person, account, content.read(), kind))
        return "Gabc"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(handing, "store", lambda: store)
    monkeypatch.setattr(handing, "scanner", Clamd)
    return store


def begin(who: Client, size: int = len(CONTENT)) -> Any:
    headers = {"Upload-Length": str(size), **HEADERS}
    return who.post("/api/attachments", b"", content_type=PIECES, headers=headers, secure=True)


def hand_over(who: Client, path: str, account: str, kind: str = "text/plain") -> Any:
    asked, headers = {"accountId": account, "type": kind}, {"Origin": ORIGIN}
    return who.post(f"{path}/blob", asked, "application/json", headers=headers, secure=True)


def under_way(account: Account) -> list[str]:
    folder = attaching_folder(settings.CASIER_INSTANCE) / account.public_id
    return [path.name for path in folder.glob("*")]


def test_a_file_goes_on_where_the_line_broke_and_becomes_a_blob(
    claire: Account, sender: Client, store: Store
) -> None:
    where = begin(sender)["Location"]
    assert piece(sender, where, 0, CONTENT[:700])["Upload-Offset"] == "700"
    assert hand_over(sender, where, claire.mailbox_key).status_code == 409  # not whole
    head = sender.head(where, headers=HEADERS, secure=True)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("700", str(len(CONTENT)))
    assert piece(sender, where, 0, CONTENT[:700]).status_code == 409
    assert piece(sender, where, 700, CONTENT[700:])["Upload-Offset"] == str(len(CONTENT))
    for _ in range(2):  # the first answer was lost on the way
        answer = hand_over(sender, where, claire.mailbox_key)
        assert answer.status_code == 201
        assert answer.json()["blobId"] == "Gabc"
    assert store.taken[0] == (claire.mailbox_key, claire.mailbox_key, CONTENT, "text/plain")
    assert sender.delete(where, headers=HEADERS, secure=True).status_code == 204
    assert under_way(claire) == []
    assert sender.head(where, headers=HEADERS, secure=True).status_code == 404


def test_nobody_reaches_the_upload_of_another(claire: Account, sender: Client, store: Store) -> None:
    where = begin(sender)["Location"]
    piece(sender, where, 0, CONTENT)
    other = new_browser()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(other, "ali.benali")
    assert other.head(where, headers=HEADERS, secure=True).status_code == 404
    assert piece(other, where, 0, b"x").status_code == 404
    assert hand_over(other, where, "ali.benali@ac-rouen.fr").status_code == 404
    assert other.delete(where, headers=HEADERS, secure=True).status_code == 204
    assert len(under_way(claire)) == 1
    assert new_browser().head(where, headers=HEADERS, secure=True).status_code == 401
    for name in ("..", f"../{claire.public_id}", "0" * 32, "x" * 40, f"{'0' * 32}-0", f"{'0' * 32}-12/../x"):
        path = f"/api/attachments/{name}"
        assert sender.head(path, headers=HEADERS, secure=True).status_code == 404, name
    assert store.taken == []


def test_no_more_than_was_announced_and_allowed(claire: Account, sender: Client) -> None:
    limit = policy_for(claire.academy).mail.attachment_bytes
    for size, status in ((limit + 1, 413), (0, 413), (limit, 201)):
        assert begin(sender, size).status_code == status, size
    where = begin(sender, 10)["Location"]
    assert piece(sender, where, 0, b"x" * 11).status_code == 413
    assert sender.head(where, headers=HEADERS, secure=True)["Upload-Offset"] == "0"
    assert piece(sender, where, 0, b"x" * 10).status_code == 204
    assert begin(sender, limit).status_code == 201
    assert begin(sender, limit).status_code == 429  # three times the limit are under way
    for _ in range(coming.MOST_FILES - 3):
        assert begin(sender, 1).status_code == 201
    assert begin(sender, 1).status_code == 429
    headers = {"Upload-Length": "10", "Origin": "https://ailleurs.example", "Tus-Resumable": "1.0.0"}
    answer = sender.post("/api/attachments", b"", content_type=PIECES, headers=headers, secure=True)
    assert answer.status_code == 403


def test_what_the_antivirus_refuses_is_deleted_and_what_it_can_not_say_waits(
    claire: Account, sender: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = ((Finding.VIRUS, 422, "virus_found"), (Finding.NOT_SCANNABLE, 422, "not_scannable"))
    for finding, status, code in cases:
        where = begin(sender)["Location"]
        piece(sender, where, 0, CONTENT)
        monkeypatch.setattr(handing, "scanner", lambda finding=finding: Clamd(finding))
        answer = hand_over(sender, where, claire.mailbox_key)
        assert (answer.status_code, answer.json()["type"]) == (status, code)
        assert under_way(claire) == []
    where = begin(sender)["Location"]
    piece(sender, where, 0, CONTENT)
    monkeypatch.setattr(handing, "scanner", lambda: Clamd(Finding.UNKNOWN))
    assert hand_over(sender, where, claire.mailbox_key).status_code == 503
    assert store.taken == []
    monkeypatch.setattr(handing, "scanner", Clamd)
    assert hand_over(sender, where, claire.mailbox_key).status_code == 201


def test_the_store_says_whose_mailbox_it_is_and_may_be_away(
    claire: Account, sender: Client, store: Store
) -> None:
    where = begin(sender)["Location"]
    piece(sender, where, 0, CONTENT)
    for failure, status in (
        (NoAnswer(status=404), 404),
        (NoAnswer(status=403), 404),
        (NotReached(cause="ConnectionRefusedError"), 503),
        (NoAnswer(status=500), 503),
    ):
        store.failing = failure
        assert hand_over(sender, where, "autre@ac-rouen.fr").status_code == status
    store.failing = None
    assert hand_over(sender, where, claire.mailbox_key, 'x"\r\nX-A: 1').status_code == 201
    assert store.taken[-1][3] == "application/octet-stream"


def test_what_nothing_came_for_in_a_day_is_forgotten(claire: Account, sender: Client) -> None:
    begin(sender)
    (name,) = under_way(claire)
    begin(sender)
    day_ago = (timezone.now() - timedelta(hours=25)).timestamp()
    path = coming.path_of(claire, name)
    os.utime(path, (day_ago, day_ago))
    coming.forget_old(timezone.now())
    assert len(under_way(claire)) == 1
    assert name not in under_way(claire)
