"""Making an export. Killed anywhere, it is begun again: the file is there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from casier.mailbox.arrivals.folders import Moved
from casier.mailbox.importing.appending import StoreConnection
from casier.mailbox.transfer import archive, mail
from casier.mailbox.transfer.archive import Zip
from casier.mailbox.transfer.dav import Collection, Dav
from casier.mailbox.transfer.names import file_name, unique
from casier.mailbox.transfer.words import readme


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes into an export. FOLDERS as people write them; None: all."""

    mailbox_key: str
    folders: tuple[str, ...] | None = None
    mail: bool = True
    contacts: bool = False
    agendas: bool = False
    mbox: bool = False
    language: str = "fr"


@dataclass(slots=True)
class Progress:
    """How far it is: messages (cards and agendas aren't counted), octets on the disk."""

    done: int = 0
    total: int = 0
    octets: int = 0
    collections: int = 0
    tell: Callable[[Progress], None] = field(default=lambda _: None, repr=False)


def write(
    part: Path, wanted: Wanted, store: Callable[[], StoreConnection], dav: Dav | None, now: datetime,
    progress: Progress,
) -> None:  # fmt: skip
    """Write all that is WANTED to PART. Raises Unavailable, and what PROGRESS.tell raises."""
    with Zip(part) as into:
        into.add("LISEZ-MOI.txt", [readme(wanted.mailbox_key, now, wanted.language).encode()], now)
        fill(into, wanted, store, dav, now, progress)


def fill(
    into: Zip, wanted: Wanted, store: Callable[[], StoreConnection], dav: Dav | None, now: datetime,
    progress: Progress,
) -> None:  # fmt: skip
    """Add all that is WANTED to a zip that others write to as well. Raises as `write`."""
    folders: list[dict[str, object]] = []
    if wanted.mail:
        with store() as own:
            folders = list(_mail(into, own, wanted, now, progress))
    if dav is not None:
        _collections(into, dav, wanted, now, progress)
    known = {
        "format": archive.FORMAT,
        "mailbox": wanted.mailbox_key,
        "made": now.isoformat(),
        "folders": folders,
    }
    into.add(archive.MANIFEST, [json.dumps(known, ensure_ascii=False, indent=1).encode()], now)


def chosen(there: dict[str, str], folders: tuple[str, ...] | None) -> list[str]:
    """Those of the folders THERE that are wanted, INBOX first."""
    wanted = there if folders is None else [name for name in there if name in folders]
    return sorted(wanted, key=lambda name: (name != "INBOX", name))


def _mail(
    into: Zip, own: StoreConnection, wanted: Wanted, now: datetime, progress: Progress
) -> Iterator[dict[str, object]]:
    there = own.folders()
    names = chosen(there, wanted.folders)
    progress.total = sum(mail.count(own, name) for name in names)
    taken: set[str] = set()
    add = archive.add_mbox if wanted.mbox else archive.add_folder
    for name in names:
        directory = unique("/".join(file_name(step) for step in name.split("/")), taken)
        before = progress.done
        with suppress(Moved):
            for _ in add(into, directory, mail.messages(own, name), now):
                progress.done += 1
                progress.octets = into.octets
                progress.tell(progress)
        yield {
            "path": name,
            "directory": directory,
            "use": there[name],
            "messages": progress.done - before,
        }


def _collections(into: Zip, dav: Dav, wanted: Wanted, now: datetime, progress: Progress) -> None:
    kinds: list[tuple[str, str, list[Collection]]] = []
    if wanted.contacts:
        kinds.append((archive.CONTACTS, "vcf", dav.address_books()))
    if wanted.agendas:
        kinds.append((archive.AGENDAS, "ics", dav.agendas()))
    for directory, ending, found in kinds:
        taken: set[str] = set()
        for one in found:
            name = unique(file_name(one.name), taken)
            into.add(f"{directory}/{name}.{ending}", dav.read(one.path), now)
            progress.collections += 1
            progress.octets = into.octets
            progress.tell(progress)
