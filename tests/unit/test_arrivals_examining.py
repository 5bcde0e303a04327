"""Looking at a folder: what is settled, what stays open when the scanner is away or unsure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from casier.engines.clamav.clamd import Finding, Report
from casier.engines.cyrus.imap import Answer, StoreRefused
from casier.kernel.errors import Unavailable
from casier.kernel.stored import Road, Stored
from casier.mailbox.arrivals import marks
from casier.mailbox.arrivals.examining import UNKNOWN_AGAIN, Ways, examine
from casier.mailbox.arrivals.models import Quarantined, WatchedFolder
from casier.mailbox.arrivals.quarantine import Quarantine

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WHO = "camille@ac-exemple.fr"


@dataclass
class Shelf:
    """A store with one folder; its owner may be shut out."""

    messages: dict[int, bytes]
    shut_out: bool = False
    granted_times: int = 0
    notes: list[bytes] = field(default_factory=list)

    @contextmanager
    def person(self, _key: str) -> Iterator[Shelf]:
        if self.shut_out:
            raise Unavailable("login refused", part="cyrus")
        yield self

    @contextmanager
    def granted(self, _key: str, _folder: str) -> Iterator[Shelf]:
        self.granted_times += 1
        yield self

    def run(self, command: str) -> Answer:
        lines: list[bytes] = []
        if command.startswith(("EXAMINE", "SELECT")):
            lines = [b"* OK [UIDVALIDITY 7] Ok\r\n"]
        elif found := re.match(r"UID FETCH (\S+) \((.*)\)$", command):
            lines = [self._fetched(uid, found[2]) for uid in self._chosen(found[1]) if uid in self.messages]
        elif found := re.match(r"UID EXPUNGE (\d+)", command):
            del self.messages[int(found[1])]
        elif command.startswith("UID SEARCH"):
            lines = [b"* SEARCH\r\n"]
        return Answer("OK", "", tuple(lines))

    def run_patiently(self, command: bytes) -> Answer:
        self.notes.append(command)
        return Answer("OK", "", ())

    def _chosen(self, text: str) -> Iterable[int]:
        first, _, last = text.partition(":")
        return range(int(first), int(last) + 1) if last else map(int, text.split(","))

    def _fetched(self, uid: int, what: str) -> bytes:
        content = self.messages[uid]
        if what == "RFC822.SIZE":
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, len(content))
        start = int((re.search(r"<(\d+)\.", what) or ["", "0"])[1])
        return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(content), content[start:])


class Scanner:
    """Finds a virus in `malade`, nothing certain in `incertain`, and may be away."""

    away = False

    def scan_message(self, content: bytes | Iterable[bytes]) -> Report:
        if self.away:
            raise Unavailable("clamd", part="clamav")
        data = content if isinstance(content, bytes) else b"".join(content)
        if b"malade" in data:
            return Report(Finding.VIRUS, "Essai")
        return Report(Finding.UNKNOWN if b"incertain" in data else Finding.CLEAN)


def mail(subject: str) -> bytes:
    return f"Subject: {subject}\r\n\r\nBonjour.\r\n".encode()


def folder(shelf: Shelf) -> WatchedFolder:
    """The shelf's folder, all of it open."""
    last = max(shelf.messages)
    marks.note([Stored(Road.APPENDED, WHO, "INBOX", 7, f"1:{last}", last)], NOW)
    return WatchedFolder.objects.get(owner=WHO)


def ways(shelf: Shelf, scanner: Scanner, tmp_path: Path) -> Ways:
    return Ways(cast("Any", shelf), scanner, Quarantine(tmp_path / "quarantine"), lambda: NOW, lambda: 0.0)


def left_open() -> str:
    return str(WatchedFolder.objects.get(owner=WHO).open_uids)


def test_the_clean_stay_and_the_infected_go(tmp_path: Path) -> None:
    shelf = Shelf({1: mail("bon"), 2: mail("malade"), 3: mail("bon aussi")})
    examine(folder(shelf), ways(shelf, Scanner(), tmp_path))
    assert sorted(shelf.messages) == [1, 3]
    assert left_open() == ""
    taken = Quarantined.objects.get()
    file = tmp_path / "quarantine" / f"{taken.reference}.eml"
    assert file.read_bytes() == mail("malade")
    assert file.stat().st_mode & 0o077 == 0
    assert taken.reference.encode() in shelf.notes[0]


def test_while_the_scanner_is_away_all_stays_open(tmp_path: Path) -> None:
    shelf, scanner = Shelf({1: mail("bon"), 2: mail("malade")}), Scanner()
    scanner.away = True
    found = folder(shelf)
    with pytest.raises(Unavailable):
        examine(found, ways(shelf, scanner, tmp_path))
    assert left_open() == "1:2"
    scanner.away = False
    examine(found, ways(shelf, scanner, tmp_path))
    assert sorted(shelf.messages) == [1]


def test_what_the_scanner_can_not_say_is_asked_again_and_holds_up_nothing_else(tmp_path: Path) -> None:
    shelf = Shelf({1: mail("incertain"), 2: mail("malade"), 3: mail("bon")})
    examine(folder(shelf), ways(shelf, Scanner(), tmp_path))
    assert sorted(shelf.messages) == [1, 3]
    assert left_open() == "1"
    assert WatchedFolder.objects.get(owner=WHO).due_at == NOW + UNKNOWN_AGAIN


def test_where_its_owner_is_shut_out_the_platform_looks(tmp_path: Path) -> None:
    shelf = Shelf({1: mail("malade")}, shut_out=True)
    examine(folder(shelf), ways(shelf, Scanner(), tmp_path))
    assert shelf.messages == {}
    assert shelf.granted_times == 1


def test_broken_off_half_way_it_is_done_again_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf({1: mail("malade")})
    found, how = folder(shelf), ways(shelf, Scanner(), tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(Shelf, "run_patiently", lambda *_: (_ for _ in ()).throw(StoreRefused("NO broken")))
        broken.setattr(Shelf, "granted", lambda shelf, key, _folder: shelf.person(key))
        broken.setattr("casier.mailbox.arrivals.examining.look", lambda *_: None)
        examine(found, how)
    assert left_open() == "1"
    assert sorted(shelf.messages) == [1]
    assert marks.postpone_where_stuck(found, NOW, NOW + UNKNOWN_AGAIN)
    examine(found, how)
    assert not marks.postpone_where_stuck(found, NOW, NOW + UNKNOWN_AGAIN)
    assert shelf.messages == {}
    assert Quarantined.objects.count() == 1
