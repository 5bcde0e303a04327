"""Exports and imports over `/api/transfer`: whose they are, their limits, pieces; real Redis and database."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.engines.cyrus.deleted import DeletedMail
from casier.kernel.transfer_folders import exports_folder, imports_folder
from casier.mailbox.notifications.models import Notification
from casier.mailbox.transfer import exporting, places
from casier.mailbox.transfer.models import Export, ExportState, Import, ImportState
from casier.mailbox.transfer.worker import Exports
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PIECES = "application/offset+octet-stream"
HEADERS = {"Origin": ORIGIN, "Tus-Resumable": "1.0.0"}
MAIL = b"From: a@b.fr\r\nSubject: x\r\n\r\nBonjour\r\n"


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (exports_folder, imports_folder):
        folder(settings.CASIER_INSTANCE).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(places, "RESERVE_BYTES", 0)


@pytest.fixture
def owner(claire: Account, browser: Client) -> Client:
    sign_in(browser)
    return browser


@pytest.fixture
def stranger(claire: Account) -> Client:
    person(claire.academy, "Zoé", "Petit", PASSWORD)
    other = new_browser()
    sign_in(other, "zoe.petit")
    return other


def ask(who: Client, method: str, path: str, body: Any = None) -> Any:
    act = getattr(who, method)
    more = {"headers": {"Origin": ORIGIN}, "secure": True}
    return act(path, **more) if body is None else act(path, body, "application/json", **more)


def wanted(account: Account, **more: Any) -> dict[str, Any]:
    return {"accountId": account.mailbox_key, **more}


def begin(who: Client, size: int = len(MAIL), name: str = "x.eml", **more: str) -> Any:
    said = {"filename": name, **more}
    told = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    headers = {"Upload-Length": str(size), "Upload-Metadata": told, **HEADERS}
    return who.post("/api/transfer/uploads", b"", content_type=PIECES, headers=headers, secure=True)


def piece(who: Client, path: str, offset: int, content: bytes) -> Any:
    headers = {"Upload-Offset": str(offset), **HEADERS}
    return who.patch(path, content, content_type=PIECES, headers=headers, secure=True)


def made(monkeypatch: pytest.MonkeyPatch, content: bytes = b"PK zip", steps: int = 1) -> None:
    """Instead of reading a store: a file of CONTENT, told in STEPS."""

    def write(part: Path, _wanted: Any, _store: Any, _dav: Any, _now: Any, progress: Any) -> None:
        part.write_bytes(content)
        for _ in range(steps):
            progress.done, progress.total, progress.octets = progress.done + 1, steps, len(content)
            progress.tell(progress)

    monkeypatch.setattr(exporting, "write", write)


def work() -> None:
    ticks = iter(range(0, 10**6, 5))  # told at each step
    while Exports(settings.CASIER_INSTANCE, clock=lambda: float(next(ticks))).step():
        pass


def test_an_export_is_made_told_fetched_by_its_owner_alone_and_expires(
    owner: Client, stranger: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(monkeypatch)
    begun = ask(owner, "post", "/api/transfer/exports", wanted(claire, contacts=True))
    assert begun.status_code == 202, begun.content
    path = f"/api/transfer/exports/{begun.json()['id']}"
    assert ask(owner, "get", f"{path}/file").status_code == 409
    work()
    assert Notification.objects.get(account=claire).title == "Votre export est prêt"
    fetched = ask(owner, "get", f"{path}/file")
    file = exports_folder(settings.CASIER_INSTANCE) / fetched["X-Accel-Redirect"].rpartition("/")[2]
    assert file.read_bytes() == b"PK zip"
    assert fetched["Content-Disposition"].startswith('attachment; filename="courrier-')
    # nobody else, signed in or not
    assert ask(stranger, "get", f"{path}/file").status_code == 404
    assert ask(stranger, "delete", path).status_code == 404
    assert ask(new_browser(), "get", f"{path}/file").status_code == 401
    assert ask(stranger, "get", "/api/transfer").json()["exports"] == []
    assert file.exists()
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(owner, "get", f"{path}/file").status_code == 409
    work()
    assert not file.exists()
    assert Export.objects.get().state == ExportState.EXPIRED
    assert (
        JournalEntry.objects.filter(action__in=["export.begun", "export.ready", "export.fetched"]).count()
        == 3
    )


def test_one_at_a_time_and_something_to_take(owner: Client, claire: Account) -> None:
    nothing = wanted(claire, mail=False)
    assert ask(owner, "post", "/api/transfer/exports", nothing).json()["type"] == "transfer_nothing"
    assert ask(owner, "post", "/api/transfer/exports", wanted(claire, folders=[])).status_code == 422
    first = ask(owner, "post", "/api/transfer/exports", wanted(claire))
    assert first.status_code == 202
    assert (
        ask(owner, "post", "/api/transfer/exports", wanted(claire)).json()["type"] == "transfer_one_at_a_time"
    )
    assert ask(owner, "delete", f"/api/transfer/exports/{first.json()['id']}").status_code == 204
    assert ask(owner, "post", "/api/transfer/exports", wanted(claire)).status_code == 202


@pytest.mark.parametrize("key", ["zoe.petit@ac-rouen.fr", "personne@ac-rouen.fr", "", "casier-admin", "*"])
def test_nobody_takes_out_or_brings_into_anothers_mailbox(
    owner: Client, stranger: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casier.engines.cyrus.store import Store

    monkeypatch.setattr(Store, "rights", lambda _self, keys: {one: {} for one in keys})
    refused = ask(owner, "post", "/api/transfer/exports", {"accountId": key})
    assert (refused.status_code, Export.objects.count()) == (403, 0)
    assert begin(owner, account=key).status_code == 403
    assert Import.objects.count() == 0


def test_given_up_while_it_is_made_nothing_is_left(
    owner: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(monkeypatch, steps=5)
    begun = ask(owner, "post", "/api/transfer/exports", wanted(claire))
    whole = Exports._tell

    def given_up(self: Exports, export: Export, progress: Any) -> None:
        Export.objects.filter(state=ExportState.WORKING).update(state=ExportState.CANCELLED)
        whole(self, export, progress)

    monkeypatch.setattr(Exports, "_tell", given_up)
    work()
    export = Export.objects.get(pk=begun.json()["id"])
    assert export.state == ExportState.CANCELLED
    assert not list(exports_folder(settings.CASIER_INSTANCE).glob(f"{export.pk.hex}*"))
    assert not list(imports_folder(settings.CASIER_INSTANCE).glob(f"{export.pk.hex}*"))


def test_a_killed_worker_begins_again_and_a_full_disk_is_told(
    owner: Client, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(owner, "post", "/api/transfer/exports", wanted(claire))
    export = Export.objects.get()
    Export.objects.update(state=ExportState.WORKING, tries=1)  # as a killed worker leaves it
    places.part_file(settings.CASIER_INSTANCE, export).write_bytes(b"half")
    made(monkeypatch)
    work()
    assert Export.objects.get().state == ExportState.READY
    Export.objects.all().delete()
    monkeypatch.setattr(places, "RESERVE_BYTES", 1 << 60)
    assert ask(owner, "post", "/api/transfer/exports", wanted(claire)).json()["type"] == "transfer_no_disk"
    monkeypatch.setattr(places, "RESERVE_BYTES", 0)
    ask(owner, "post", "/api/transfer/exports", wanted(claire))
    monkeypatch.setattr(places, "RESERVE_BYTES", 1 << 60)
    work()
    failed = ask(owner, "get", "/api/transfer").json()["exports"][0]
    assert (failed["state"], failed["reason"]) == ("failed", "no_disk")
    assert failed["reference"].startswith("R-")


def test_a_file_comes_in_pieces_and_only_its_owner_decides(
    owner: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(owner, name="../../lettre.eml")
    assert begun.status_code == 201, begun.content
    where = begun["Location"]
    assert piece(owner, where, 0, MAIL[:10])["Upload-Offset"] == "10"
    assert owner.head(where, headers=HEADERS, secure=True)["Upload-Offset"] == "10"
    assert piece(owner, where, 0, MAIL).status_code == 409
    assert piece(stranger, where, 10, MAIL[10:]).status_code == 404
    assert piece(owner, where, 10, MAIL[10:] + b"more").status_code == 413
    assert begin(owner).json()["type"] == "transfer_one_at_a_time"
    assert piece(owner, where, 10, MAIL[10:])["Upload-Offset"] == str(len(MAIL))
    taken = Import.objects.get()
    assert (taken.state, "/" in taken.name) == (ImportState.LOOKING, False)
    start = f"/api/transfer/imports/{taken.id}/start"
    Import.objects.update(state=ImportState.LOOKED, found={"octets": 5_000, "messages": 1})
    assert ask(stranger, "post", start, {}).status_code == 404
    assert ask(stranger, "delete", f"/api/transfer/imports/{taken.id}").status_code == 404
    monkeypatch.setattr(DeletedMail, "room", lambda _self: (9_000, 10_000))
    assert ask(owner, "post", start, {}).json()["type"] == "transfer_no_room"
    monkeypatch.setattr(DeletedMail, "room", lambda _self: (1_000, 10_000))
    assert ask(owner, "post", start, {"folder": "../A\r\nB/C"}).status_code == 202
    assert Import.objects.get().folder == "A_B/C"
    assert ask(owner, "post", start, {}).json()["type"] == "transfer_not_now"
    assert ask(owner, "post", f"/api/transfer/imports/{taken.id}/undo", {}).status_code == 409
    assert ask(owner, "delete", f"/api/transfer/imports/{taken.id}").status_code == 204
    assert not places.import_file(settings.CASIER_INSTANCE, taken).exists()


@pytest.mark.parametrize("size", [0, 10**14])
def test_what_is_empty_or_too_large_is_refused_before_a_byte_came(owner: Client, size: int) -> None:
    assert begin(owner, size).status_code == 413
    assert not list(imports_folder(settings.CASIER_INSTANCE).iterdir())
