"""`/api/previews`: a document of one's own mail as pages, for oneself alone; and each refusal in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casier.directory.models import Account
from casier.engines.office.__main__ import Service
from casier.engines.office.bench import WAITING_EACH, Bench
from casier.engines.office.converting import NotConverted
from casier.engines.office.frames import office_socket
from casier.engines.office.kinds import Kind
from casier.engines.office.shelf import Shelf
from casier.mailbox.previews import actions
from casier.mailbox.sending.jmap import NoAnswer, NotReached
from engines.portal_scene import (
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
)
from journeys.preview_files import docx
from unit.identity_people import PASSWORD, person
from waiting import wait_until

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PAGES = b"%PDF-1.7 pages"


class Store:
    """Whose blobs there are: nobody else reads them."""

    def __init__(self) -> None:
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.failing: Exception | None = None
        self._person = ""

    @contextmanager
    def acting_for(self, person: str) -> Iterator[Store]:
        self._person = person
        yield self

    def blob(self, account: str, blob_id: str) -> Iterator[bytes]:
        self.must_hold(account, blob_id)
        content = self.blobs[account, blob_id]
        return iter([content[:100], content[100:]])

    def must_hold(self, account: str, blob_id: str) -> None:
        if self.failing:
            raise self.failing
        if account != self._person or (account, blob_id) not in self.blobs:
            raise NotReached(status=404)


class Converting:
    """In LibreOffice's place: converts when it is let."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.refusing = ""

    def __call__(self, kind: Kind, content: bytes) -> bytes:
        assert content
        assert self.may_go_on.wait(30)
        if self.refusing:
            raise NotConverted(self.refusing)
        return PAGES + kind.ending.encode()


@pytest.fixture
def converting(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Converting]:
    """The office part itself, with another converter."""
    path = office_socket(settings.CASIER_INSTANCE)
    path.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(actions, "chosen_options", lambda _instance: ("office",))
    converting, stopping = Converting(), threading.Event()
    bench = Bench(converting, Shelf(tmp_path))
    working = threading.Thread(target=bench.work, args=(stopping,), daemon=True)
    with Service(path, bench) as service:
        serving = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        working.start()
        yield converting
        stopping.set()
        converting.may_go_on.set()
        service.shutdown()
        serving.join()
        working.join()
    path.unlink(missing_ok=True)


@pytest.fixture
def store(claire: Account, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    store.blobs[claire.mailbox_key, "Gdoc"] = docx("Bonjour")
    monkeypatch.setattr(actions, "_store", lambda: store)
    return store


@pytest.fixture
def reader(claire: Account, browser: Client) -> Client:
    sign_in(browser)
    return browser


def ask(who: Client, account: str, blob: str = "Gdoc", name: str = "note.docx", **headers: str) -> Any:
    body = {"accountId": account, "blobId": blob, "name": name, "type": "application/octet-stream"}
    more = {"Origin": ORIGIN, **headers}
    return who.post("/api/previews", body, "application/json", headers=more, secure=True)


def ended(who: Client, ticket: str) -> dict[str, Any]:
    def told() -> dict[str, Any]:
        found: dict[str, Any] = who.get(f"/api/previews/{ticket}", secure=True).json()
        return found if found["state"] in {"ready", "failed"} else {}

    return wait_until("the end of the conversion", told, 60)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def test_a_document_becomes_pages_that_nothing_runs_in(
    claire: Account, reader: Client, store: Store, converting: Converting
) -> None:
    converting.may_go_on.clear()
    answer = ask(reader, claire.mailbox_key)
    assert answer.status_code == 202
    ticket = answer.json()["id"]
    assert answer.json()["state"] in {"queued", "working"}
    early = reader.get(f"/api/previews/{ticket}/pages", secure=True)
    assert code(early) == (422, "preview_gone")
    converting.may_go_on.set()
    assert ended(reader, ticket)["state"] == "ready"
    pages = reader.get(f"/api/previews/{ticket}/pages", secure=True)
    assert pages.content == PAGES + b"docx"
    assert pages["Content-Type"] == "application/pdf"
    assert pages["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert pages["Content-Disposition"].startswith("attachment")
    assert "no-store" in pages["Cache-Control"]
    assert ask(reader, claire.mailbox_key).json()["state"] == "ready"


def test_the_document_of_another_is_nobody_else_s(
    claire: Account, reader: Client, store: Store, converting: Converting
) -> None:
    ticket = ask(reader, claire.mailbox_key).json()["id"]
    assert ended(reader, ticket)["state"] == "ready"
    ali = new_browser()
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(ali, "ali.benali")
    assert code(ask(ali, claire.mailbox_key)) == (422, "preview_gone")
    assert code(ask(ali, "ali.benali@ac-rouen.fr")) == (422, "preview_gone")
    for path in (f"/api/previews/{ticket}", f"/api/previews/{ticket}/pages"):
        assert code(ali.get(path, secure=True)) == (422, "preview_gone")
        assert new_browser().get(path, secure=True).status_code == 401
    assert new_browser().post("/api/previews", {}, "application/json", secure=True).status_code == 401
    assert ask(reader, claire.mailbox_key, Origin="https://ailleurs.example").status_code == 403


def test_who_may_not_read_the_message_any_more_sees_no_pages_of_it(
    claire: Account, reader: Client, store: Store, converting: Converting
) -> None:
    ticket = ask(reader, claire.mailbox_key).json()["id"]
    ended(reader, ticket)
    store.blobs.clear()
    assert code(reader.get(f"/api/previews/{ticket}/pages", secure=True)) == (422, "preview_gone")
    for forged in (ticket[:-1], ticket[::-1], "x", "a" * 3000):
        assert code(reader.get(f"/api/previews/{forged}", secure=True)) == (422, "preview_gone")


def test_what_is_no_document_or_too_large_is_refused(
    claire: Account, reader: Client, store: Store, converting: Converting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("note.exe", "note", "docx", "note.docx.html"):
        assert code(ask(reader, claire.mailbox_key, name=name)) == (422, "not_a_document"), name
    monkeypatch.setattr(actions, "DOCUMENT_BYTES", 200)
    answer = ask(reader, claire.mailbox_key)
    assert code(answer) == (422, "document_too_large")
    assert "Téléchargez" in answer.json()["detail"]


@pytest.mark.parametrize("reason", ["encrypted", "damaged", "too_slow", "too_large", "not_convertible"])
def test_why_it_could_not_be_converted_is_told_and_not_tried_again_at_once(
    claire: Account, reader: Client, store: Store, converting: Converting, reason: str
) -> None:
    converting.refusing = reason
    ticket = ask(reader, claire.mailbox_key).json()["id"]
    assert ended(reader, ticket)["reason"] == reason
    converting.refusing = ""
    assert ask(reader, claire.mailbox_key).json()["reason"] == reason


def test_one_person_can_not_fill_the_queue(
    claire: Account, reader: Client, store: Store, converting: Converting
) -> None:
    converting.may_go_on.clear()
    for at in range(WAITING_EACH + 2):
        store.blobs[claire.mailbox_key, f"G{at}"] = docx(f"Document {at}")
    first = ask(reader, claire.mailbox_key, "G0").json()["id"]
    wait_until(
        "the first to be at work",
        lambda: reader.get(f"/api/previews/{first}", secure=True).json()["state"] == "working",
        10,
    )
    told = [ask(reader, claire.mailbox_key, f"G{at}").json() for at in range(1, WAITING_EACH + 2)]
    assert [one["ahead"] for one in told[:-1]] == list(range(1, WAITING_EACH + 1))
    assert (told[-1]["state"], told[-1]["reason"]) == ("failed", "busy")


def test_without_the_part_or_with_what_it_needs_away(
    claire: Account, reader: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(reader, claire.mailbox_key)
    assert code(answer) == (422, "office_absent")
    assert "n’est pas installé" in answer.json()["detail"]
    monkeypatch.setattr(actions, "chosen_options", lambda _instance: ("office",))
    assert ask(reader, claire.mailbox_key).status_code == 503  # chosen, and not running
    for failure in (NotReached(cause="refused"), NotReached(status=503), NoAnswer(cause="timeout")):
        store.failing = failure
        assert ask(reader, claire.mailbox_key).status_code == 503
