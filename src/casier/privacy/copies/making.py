"""Making a copy: table after table, then the mailbox, then the pages that list it all, then the seal."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casier.directory.models import Account
from casier.kernel.instance import Instance
from casier.kernel.words import Words
from casier.mailbox.transfer import exporting
from casier.privacy.copies import readable
from casier.privacy.copies.mail import FILES, add_files, add_mailbox
from casier.privacy.copies.masking import Mask
from casier.privacy.copies.more import MORE
from casier.privacy.copies.readable import Listed
from casier.privacy.copies.rows import Row, rows_of
from casier.privacy.copies.sealed import SealedZip
from casier.privacy.copies.sections import SECTIONS

FORMAT = "casier-person-1"
# What stands in the place of the mailbox where an office made the copy.
_LETTERS = (
    "Le courrier, les contacts et les agendas n’y sont pas : leur secret est celui de la personne, qui entre "
    "encore et les prend elle-même à « Mes données ».",
    "Mail, contacts and agendas are not here: they are the person’s secret, who still comes in and takes "
    "them themselves at “My data”.",
)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the digest of its sums, how many messages and rows."""

    digest: str
    messages: int
    rows: int


def make(
    part: Path, account: Account, instance: Instance, language: str, now: datetime,
    progress: exporting.Progress | None = None, *, mailbox: bool = True,
) -> Made:  # fmt: skip
    """Write all about ACCOUNT's person to PART. Raises Unavailable, and what PROGRESS.tell raises.

    MAILBOX: with what they wrote and received; else the copy says why it isn't there.
    """
    progress = progress or exporting.Progress()
    mask = Mask.of(account, language)
    with SealedZip(part) as into:
        listed = [
            _section(into, one.code, one.title, one.shown, rows, language, now)
            for one, rows in _everything(account, mask)
        ]
        files = 0
        if mailbox:
            files = add_files(into, account, instance)
            add_mailbox(into, account, instance, now, progress)
        name = account.person.full_name
        folders = [*([] if mailbox else [_LETTERS[language == "en"]]), *_folders(progress, files, language)]
        into.add("index.html", [readable.index(name, now, listed, folders, language)], now)
        into.add("donnees/contenu.json", [_contents(account, listed, now)], now)
        digest = into.seal(instance.key("journal"), now)
    return Made(digest, progress.done, sum(one.count for one in listed))


@dataclass(frozen=True, slots=True)
class _Named:
    code: str
    title: Words
    shown: tuple[str, ...]


def _everything(account: Account, mask: Mask) -> Iterator[tuple[_Named, Iterator[Row]]]:
    for section in SECTIONS:
        yield _Named(section.code, section.title, section.shown), rows_of(section, account, mask)
    for more in MORE:
        yield _Named(more.code, more.title, more.shown), more.rows(account, mask)


def _section(
    into: SealedZip, code: str, title: Words, shown: tuple[str, ...], rows: Iterable[Row], language: str,
    now: datetime,
) -> Listed:  # fmt: skip
    """One section twice: for a program, and to be read. Neither lies in memory."""
    count = 0
    with (
        tempfile.TemporaryFile(dir=into.file.parent) as lines,
        tempfile.TemporaryFile(dir=into.file.parent) as page,
    ):

        def kept() -> Iterator[Row]:
            nonlocal count
            for row in rows:
                lines.write(b"," if count else b"")
                lines.write(b"\n" + json.dumps(row, ensure_ascii=False, default=str).encode())
                count += 1
                yield row

        heading = title[1] if language == "en" else title[0]
        for piece in readable.table(heading, shown, kept(), language):
            page.write(piece)
        page.seek(0)
        lines.seek(0)
        into.add(f"donnees/{code}.json", _array(lines), now)
        if count:
            into.add_file(f"pages/{code}.html", page, now)
    return Listed(code, title, count)


def _array(lines: Iterable[bytes]) -> Iterator[bytes]:
    yield b"["
    yield from lines
    yield b"\n]\n"


def _folders(progress: exporting.Progress, files: int, language: str) -> Iterator[str]:
    french = language != "en"
    if progress.done:
        yield (
            f"Courrier : {progress.done} messages (.eml)"
            if french
            else f"Courrier: {progress.done} messages (.eml)"
        )
    if progress.collections:
        yield ("Contacts (.vcf) et Agendas (.ics)" if french else "Contacts (.vcf) and Agendas (.ics)")
    if files:
        yield f"{FILES} : {files}" if french else f"{FILES} (files sent by link): {files}"
    yield "donnees : JSON" if french else "donnees: JSON"


def _contents(account: Account, listed: Iterable[Listed], now: datetime) -> bytes:
    facts = {
        "format": FORMAT,
        "account": account.public_id,
        "made": now.isoformat(),
        "sections": [{"code": one.code, "title": one.title[0], "rows": one.count} for one in listed],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()
