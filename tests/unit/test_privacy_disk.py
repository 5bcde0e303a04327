"""A copy for which there is no room: nothing is begun, or nothing stays of what was, and it is said why."""

from __future__ import annotations

import errno
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from life_people import a_person, an_academy

from casier.mailbox.transfer import exporting
from casier.mailbox.transfer.places import RESERVE_BYTES
from casier.privacy import worker
from casier.privacy.copies import asking
from casier.privacy.copies.making import Made
from casier.privacy.models import ExportState, PersonExport
from casier.privacy.words import failed_words

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")
PIECE = 8_000_000


class Disk:
    """How much is free, which whoever writes makes less."""

    def __init__(self) -> None:
        self.free, self.written = 10 * RESERVE_BYTES, 0

    def usage(self, _where: object) -> Usage:
        return Usage(self.free, 0, self.free - self.written)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    there = Disk()
    monkeypatch.setattr(shutil, "disk_usage", there.usage)
    monkeypatch.setattr("casier.audit.wake.wake_worker", lambda _socket: None)
    monkeypatch.setattr(asking, "wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr(worker, "size_of", lambda _account: 40 * PIECE)
    return there


@pytest.fixture
def copy(disk: Disk) -> PersonExport:
    from casier.kernel.transfer_folders import exports_folder, imports_folder

    for folder in (exports_folder, imports_folder):
        folder(settings.CASIER_INSTANCE).mkdir(parents=True, exist_ok=True)
    jean = a_person(an_academy())
    return PersonExport.objects.create(
        account=jean, by=f"account:{jean.public_id}", own=True, created_at=timezone.now(),
        touched_at=timezone.now(),
    )  # fmt: skip


def made_of_large_messages(disk: Disk, until: int, wrong: Exception | None = None) -> Any:
    """A maker that writes messages of PIECE octets, and tells of each."""

    def make(
        part: Path, _account: object, _instance: object, _language: str, _now: object,
        progress: exporting.Progress, *, mailbox: bool,
    ) -> Made:  # fmt: skip
        part.write_bytes(b"PK")
        for _ in range(until):
            disk.written += PIECE
            progress.done += 1
            progress.octets = disk.written
            progress.tell(progress)
        if wrong:
            raise wrong
        return Made("", progress.done, 0)

    return make


def lane() -> worker.Privacy:
    return worker.Privacy(settings.CASIER_INSTANCE)


def gone(copy: PersonExport) -> bool:
    files = (asking.part_file, asking.whole_file)
    return not any(one(settings.CASIER_INSTANCE, copy).exists() for one in files)


def test_what_cannot_end_well_is_not_begun(
    copy: PersonExport, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.free = RESERVE_BYTES + 39 * PIECE
    monkeypatch.setattr(worker, "make", made_of_large_messages(disk, 1))
    assert lane().step() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.fault, disk.written) == (ExportState.FAILED, "transfer_no_disk", 0)
    assert copy.reference
    assert gone(copy)


def test_a_disk_that_fills_meanwhile_is_seen_between_large_messages(
    copy: PersonExport, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.free = RESERVE_BYTES + 41 * PIECE
    monkeypatch.setattr(worker, "make", made_of_large_messages(disk, 400))
    assert lane().step() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.fault) == (ExportState.FAILED, "transfer_no_disk")
    # Mail keeps its room but for what is written between two looks.
    assert disk.free - disk.written >= RESERVE_BYTES - worker.LOOK_EVERY - PIECE
    assert gone(copy)


@pytest.mark.parametrize(
    ("number", "fault"),
    [(errno.ENOSPC, "transfer_no_disk"), (errno.EDQUOT, "transfer_no_disk"), (errno.EIO, "")],
)
def test_what_the_disk_refuses_is_told_as_what_it_is(
    copy: PersonExport, disk: Disk, monkeypatch: pytest.MonkeyPatch, number: int, fault: str
) -> None:
    monkeypatch.setattr(worker, "make", made_of_large_messages(disk, 3, OSError(number, "no")))
    assert lane().step() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.fault) == (ExportState.FAILED, fault)
    assert ("place manque" in failed_words(copy.fault, "fr")) == (fault != "")
    assert gone(copy)
    assert lane().step() == 0  # it isn't tried again by itself: nothing has changed
