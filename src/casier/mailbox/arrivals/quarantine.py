"""Where messages lie that were taken out: files that only the platform reads, each with a row."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.access import journal_name, owner_of
from casier.engines.clamav.clamd import Report
from casier.kernel.errors import new_reference
from casier.kernel.instance import Instance
from casier.mailbox.arrivals.models import Quarantined, WatchedFolder
from casier.mailbox.arrivals.words import KEPT_DAYS

SCANNER = Actor.system("scan")


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The folder of one instance."""

    path: Path

    @classmethod
    def of(cls, instance: Instance) -> Quarantine:
        return cls(instance.data / "platform" / "quarantine")

    def file(self, taken: Quarantined) -> Path:
        return self.path / f"{taken.reference}.eml"

    def keep(self, taken: Quarantined, pieces: Iterable[bytes]) -> None:
        """Write the message down, whole or not at all; it is on the disk before it leaves the mailbox."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        target, part = self.file(taken), self.path / f"{taken.reference}.part"
        if target.exists():
            return
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)

    def forget_old(self, now: datetime) -> int:
        """Delete what was taken out longer than KEPT_DAYS ago; the journal keeps that it was."""
        old = Quarantined.objects.filter(taken_at__lt=now - timedelta(days=KEPT_DAYS))
        for taken in old:
            self.file(taken).unlink(missing_ok=True)
        return old.delete()[0]


def entered(folder: WatchedFolder, uid: int, report: Report, octets: int, now: datetime) -> Quarantined:
    """The row of a message that is being taken out, and the journal's: once, however often it is tried."""
    with transaction.atomic():
        taken, new = Quarantined.objects.get_or_create(
            owner=folder.owner,
            uid_validity=folder.uid_validity,
            uid=uid,
            defaults={
                "reference": new_reference(),
                "folder": folder.name,
                "finding": report.finding,
                "detail": report.detail[:200],
                "octets": octets,
                "taken_at": now,
            },
        )
        if new:
            target, academy = in_journal(folder.owner)
            record(
                SCANNER, "message.quarantined", target, taken.finding, academy=academy, at=now,
                reference=taken.reference, folder=folder.name, detail=taken.detail, octets=octets,
            )  # fmt: skip
    return taken


def in_journal(mailbox_key: str) -> tuple[str, str]:
    """Whose mailbox it is, as the journal names them, and their academy."""
    owner = owner_of(mailbox_key)
    return (journal_name(owner), owner.academy.slug) if owner else (f"mailbox:{mailbox_key}", "")
