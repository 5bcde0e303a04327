"""The import between its two ends: what is appended, skipped, left out; and how it stops."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, cast

import pytest

from casier.engines.clamav.clamd import Report as ScanReport
from casier.engines.clamav.clamd import read_answer
from casier.kernel.errors import Unavailable
from casier.mailbox.importing import normal, words
from casier.mailbox.importing.appending import Entry, StoreRefused, StoreTroubled, fingerprint
from casier.mailbox.importing.found import Found, Message, Origin, Reason, Unreadable
from casier.mailbox.importing.run import BATCH_BYTES, BATCH_MESSAGES, Import, Report, Ways


@dataclass
class Shelf:
    """A store that keeps what it is given; it refuses what holds `refuse`, stumbles over `trouble`."""

    boxes: dict[str, list[Entry]] = field(default_factory=lambda: {"INBOX": [], "Sent": []})
    appends: int = 0
    broken_after: int = 10**9
    full: bool = False
    lock: Any = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def folders(self) -> dict[str, str]:
        return {name: "\\Sent" if name == "Sent" else "" for name in self.boxes}

    def fingerprints(self, folder: str) -> Iterator[str]:
        return (fingerprint(entry.content) for entry in self.boxes[folder])

    def create(self, folder: str) -> None:
        self.boxes[folder] = []

    def append(self, folder: str, entries: Sequence[Entry]) -> None:
        with self.lock:
            self.appends += 1
            if self.appends > self.broken_after:
                raise Unavailable("store: hung up", part="cyrus")
            if self.full:
                raise StoreRefused("NO [OVERQUOTA] Over quota")
            if any(b"refuse" in entry.content for entry in entries):
                raise StoreRefused("NO Message contains invalid header")
            if any(b"trouble" in entry.content for entry in entries):
                raise StoreTroubled("NO System I/O error")
            self.boxes[folder] += entries

    @property
    def subjects(self) -> dict[str, list[str]]:
        return {
            box: sorted(
                entry.content.split(b"\r\n")[0].removeprefix(b"Subject: ").decode() for entry in entries
            )
            for box, entries in self.boxes.items()
            if entries
        }


@dataclass
class Scan:
    """A scanner that knows one virus and may be down."""

    down: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def scan_message(self, content: bytes) -> ScanReport:
        if self.down:
            raise Unavailable("clamd: no answer", part="clamav")
        return read_answer(b"1: stream: Eicar FOUND" if b"virus" in content else b"1: stream: OK")


def message(subject: str, folder: tuple[str, ...] = (), **more: Any) -> Message:
    content = f"Subject: {subject}\nDate: Tue, 03 Mar 2026 09:12:00 +0100\n\nBonjour.\n".encode()
    return Message(Origin("x.mbox", subject), more.pop("content", content), folder, **more)


def run(shelf: Shelf, *found: Found, scan: Scan | None = None, dry_run: bool = False) -> Report:
    ways = Ways(
        cast(Any, lambda: shelf), cast(Any, lambda: scan or Scan()), datetime(2026, 11, 21, tzinfo=UTC)
    )
    return Import(ways).run(found, dry_run)


def test_messages_go_where_they_belong() -> None:
    shelf = Shelf()
    report = run(shelf, message("un"), message("deux", ("Éléments envoyés",)), message("trois", ("A", "B")))
    assert shelf.subjects == {"INBOX": ["un"], "Sent": ["deux"], "A/B": ["trois"]}
    assert (report.imported, report.known, report.left_out) == (3, 0, [])


def test_a_second_run_imports_nothing_wherever_the_mail_is_now() -> None:
    shelf = Shelf()
    run(shelf, message("un"), message("deux"))
    shelf.boxes["Archive"] = [shelf.boxes["INBOX"].pop()]
    assert run(shelf, message("un"), message("deux")).known == 2
    assert shelf.subjects == {"INBOX": ["un"], "Archive": ["deux"]}


def test_twice_in_one_folder_is_once_and_in_two_folders_twice() -> None:
    shelf = Shelf()
    report = run(shelf, message("un"), message("un"), message("un", ("A",)))
    assert (report.imported, report.known) == (2, 1)


def test_a_dry_run_writes_nothing_and_counts_the_same() -> None:
    shelf = Shelf()
    found = (message("un"), message("deux", ("A",)), Unreadable(Origin("x"), Reason.EMPTY))
    planned = run(shelf, *found, dry_run=True)
    assert shelf.subjects == {}
    done = run(shelf, *found)
    assert (planned.imported, planned.folders, planned.left_out) == (
        done.imported,
        done.folders,
        done.left_out,
    )


def test_one_that_the_store_refuses_costs_its_neighbours_nothing() -> None:
    shelf = Shelf()
    report = run(shelf, message("un"), message("refuse"), message("trois"))
    assert shelf.subjects == {"INBOX": ["trois", "un"]}
    assert [(one.reason, one.origin.position) for one in report.left_out] == [(Reason.REFUSED, "refuse")]


def test_one_that_the_store_always_stumbles_over_is_left_out_and_the_rest_goes_on() -> None:
    shelf = Shelf()
    report = run(shelf, message("un"), message("trouble"), message("trois"))
    assert shelf.subjects == {"INBOX": ["trois", "un"]}
    assert [(one.reason, one.detail) for one in report.left_out] == [(Reason.REFUSED, "NO System I/O error")]


def test_a_store_that_can_take_nothing_stops_the_import_and_nothing_counts_as_refused() -> None:
    with pytest.raises(Unavailable, match="I/O error"):
        run(Shelf(), message("trouble un"), message("trouble deux"))


def test_a_virus_is_reported_and_not_stored() -> None:
    shelf = Shelf()
    report = run(shelf, message("un"), message("virus"))
    assert shelf.subjects == {"INBOX": ["un"]}
    assert [(one.reason, one.detail) for one in report.left_out] == [(Reason.VIRUS, "Eicar")]


def test_nothing_is_stored_unscanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    shelf = Shelf()
    with pytest.raises(Unavailable) as caught:
        run(shelf, message("un"), scan=Scan(down=True))
    assert shelf.subjects == {}
    assert "L'antivirus ne répond pas" in words.stopped(caught.value)
    assert run(shelf, message("un")).imported == 1


def test_a_store_that_hangs_up_stops_the_import_and_the_next_run_goes_on() -> None:
    shelf = Shelf(broken_after=2)
    found = [message(f"{number:04d}") for number in range(6 * BATCH_MESSAGES)]
    with pytest.raises(Unavailable):
        run(shelf, *found)
    there = len(shelf.boxes["INBOX"])
    assert 0 < there < len(found)
    shelf.broken_after = 10**9
    report = run(shelf, *found)
    assert (report.known, report.imported) == (there, len(found) - there)
    assert len(shelf.subjects["INBOX"]) == len(set(shelf.subjects["INBOX"])) == len(found)


def test_a_full_mailbox_stops_the_import() -> None:
    with pytest.raises(StoreRefused, match="OVERQUOTA"):
        run(Shelf(full=True), message("un"))


def test_batches_are_bounded_in_number_and_size() -> None:
    shelf = Shelf()
    large = b"Subject: grand\n\n" + b"x" * (BATCH_BYTES // 2)
    run(shelf, *[message(str(n)) for n in range(BATCH_MESSAGES + 1)], message("a", content=large))
    assert shelf.appends == 2 + (len(large) + BATCH_MESSAGES > BATCH_BYTES)


def test_flags_dates_and_the_attachment_keyword_are_given_to_the_store() -> None:
    shelf = Shelf()
    pdf = b"Subject: a\nDate: Tue, 03 Mar 2026 09:12:00 +0100\nContent-Type: application/pdf\n\n%PDF\n"
    run(shelf, message("a", content=pdf, flags=frozenset({"\\Seen"})))
    (entry,) = shelf.boxes["INBOX"]
    assert entry.flags == ("$HasAttachment", "\\Seen")
    assert entry.date == " 3-Mar-2026 09:12:00 +0100"
    assert entry.content == normal.normalise(pdf).content


def test_the_report_speaks_english_where_the_terminal_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    report = run(Shelf(), message("un"), Unreadable(Origin("x"), Reason.EMPTY))
    assert list(words.lines(report, dry_run=True)) == [
        "– x: the file is empty",
        "        1 INBOX",
        "1 imported, 0 there already, 1 left out. Nothing was written.",
    ]


def test_the_report_says_everything_in_french_typography(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    report = run(
        Shelf(), message("un"), message("refuse"), message("virus"), Unreadable(Origin("x"), Reason.BOMB)
    )
    lines = list(words.lines(report, dry_run=False))
    assert len([line for line in lines if line.startswith("–")]) == 3
    assert lines[-1].startswith("1 importés, 0 déjà là, 3 laissés.")
    assert not any(" :" in line or " ;" in line for line in lines)
    assert all(reason in words._REASONS for reason in Reason)
    assert all(repair in words._REPAIRS for repair in normal.Repair)
