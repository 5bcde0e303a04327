"""The journal is searched page by page, and goes out as a file that tells every change made to it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from casier.audit.api import (
    Actor,
    NotAnExport,
    Query,
    against,
    check,
    erase,
    export,
    public_key,
    record,
    seal,
    search,
)
from casier.audit.models import JournalBatch, JournalEntry

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
HEAD, DESK = Actor.account("head", "192.0.2.1"), Actor.account("desk", "192.0.2.2")


@pytest.fixture
def written(db: None) -> list[JournalEntry]:
    """Six facts, the first four sealed."""
    with transaction.atomic():
        rows = [
            record(HEAD, "account.closed", "account:a", "retraite", academy="rouen", at=NOW, name="A"),
            record(
                DESK, "account.suspended", "account:a", "vol", academy="rouen", at=NOW + timedelta(days=1)
            ),
            record(
                DESK, "identity.unlocked", "account:b", "appel", academy="rouen", at=NOW + timedelta(days=2)
            ),
            record(DESK, "account.closed", "account:c", "Retraite anticipée", academy="amiens", at=NOW),
        ]
    seal(NOW)
    with transaction.atomic():
        rows.append(
            record(Actor.account("a"), "identity.signed_in", "account:a", "", academy="rouen", at=NOW)
        )
        rows.append(record(Actor.system("start"), "instance.upgraded", "instance", "", at=NOW))
    return rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), [5, 4, 3, 2, 1, 0]),
        (Query(actor="account:desk"), [3, 2, 1]),
        (Query(target="account:a"), [4, 1, 0]),
        (Query(about="account:a"), [4, 1, 0]),
        (Query(about="account:head"), [0]),
        (Query(action="account."), [3, 1, 0]),
        (Query(action="account.closed"), [3, 0]),
        (Query(text="retraite"), [3, 0]),
        (Query(origin="192.0.2.1"), [0]),
        (Query(since=NOW + timedelta(days=1)), [2, 1]),
        (Query(since=NOW, until=NOW + timedelta(days=1)), [5, 4, 3, 0]),
        (Query(academies=("amiens",)), [3]),
        (Query(academies=()), []),
    ],
)
def test_search(written: list[JournalEntry], query: Query, found: list[int]) -> None:
    assert [entry.id for entry in search(query).entries] == [written[place].pk for place in found]


def test_an_entry_of_no_academy_is_for_who_may_see_everything(written: list[JournalEntry]) -> None:
    within = search(Query(academies=("rouen", "amiens"))).entries
    assert "instance.upgraded" not in {entry.action for entry in within}


def test_pages_hold_each_entry_once(written: list[JournalEntry]) -> None:
    seen, before = [], None
    for _page in range(4):
        page = search(Query(), limit=2, before=before)
        seen += [entry.id for entry in page.entries]
        before = page.older
        if before is None:
            break
    assert seen == [entry.pk for entry in reversed(written)]


def exported(folder: Path, query: Query | None = None) -> Path:
    path = folder / "journal.zip"
    export(path, query or Query(), by=DESK, reason="audit", now=NOW, key=KEY)
    return path


def test_an_export_is_whole_and_names_who_asked(written: list[JournalEntry], tmp_path: Path) -> None:
    path = exported(tmp_path, Query(academies=("rouen",)))
    assert list(check(path, public_key(KEY))) == []
    assert list(against(path)) == []
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        entries = [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]
    assert (manifest["by"], manifest["reason"], manifest["entries"]) == ("account:desk", "audit", 4)
    assert [entry["id"] for entry in entries] == [written[place].pk for place in (0, 1, 2, 4)]
    assert entries[0]["facts"] == {"name": "A"}


def test_what_was_erased_is_not_in_the_file_and_breaks_nothing(
    written: list[JournalEntry], tmp_path: Path
) -> None:
    erase(written[0])
    path = exported(tmp_path)
    assert list(check(path)) == []
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("entries.jsonl").splitlines()[0])["facts"] is None


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("entries.jsonl", lambda content: content.replace(b"retraite", b"faute")),
        ("entries.jsonl", lambda content: content.split(b"\n", 1)[1]),
        ("entries.jsonl", lambda _content: b"not json\n"),
        ("batches.jsonl", lambda content: content.replace(b'"count":4', b'"count":3')),
        ("manifest.json", lambda content: content.replace(b'"audit"', b'"other"')),
        ("manifest.sig", lambda _content: b"AAAA"),
        ("manifest.sig", lambda _content: b"\xff not base64"),
    ],
)
def test_every_change_to_the_file_is_told(
    written: list[JournalEntry], tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    path = exported(tmp_path)
    changed(path, name, change)
    assert list(check(path)) != []


def test_a_file_signed_by_somebody_else_is_told(written: list[JournalEntry], tmp_path: Path) -> None:
    path = tmp_path / "theirs.zip"
    export(path, Query(), by=DESK, reason="", now=NOW, key=OTHER_KEY)
    assert list(check(path)) == []
    assert len(list(check(path, public_key(KEY)))) == 1


def test_a_journal_sealed_anew_is_not_the_one_that_was_exported(
    written: list[JournalEntry], tmp_path: Path
) -> None:
    """Whoever holds the database can change an entry and make the whole chain again: only a copy tells."""
    path = exported(tmp_path)
    JournalEntry.objects.filter(pk=written[1].pk).update(reason="rien")
    JournalEntry.objects.update(batch=None)
    JournalBatch.objects.all().delete()
    assert len(list(against(path))) == 1
    seal(NOW)
    assert len(list(against(path))) == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"hello"])
def test_another_file_is_no_export(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(NotAnExport):
        list(check(path))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("entries.jsonl", "")
    with pytest.raises(NotAnExport):
        list(check(path))
