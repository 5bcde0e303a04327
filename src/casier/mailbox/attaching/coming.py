"""Files on their way to be attached: a folder for each person, a file for each upload.

A file is called by a number drawn for it and by the size that was announced, and what it holds is the offset:
there is nothing else to keep, and nothing that could differ from it.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from casier.directory.models import Account
from casier.kernel.errors import CasierError
from casier.kernel.link_storage import attaching_folder
from casier.mailbox.links.errors import NoSuchLink
from casier.mailbox.links.pieces import Source, append_to, begin_file, end_of
from casier.mailbox.links.receiving import RESERVE_BYTES, free_bytes
from casier.policies.api import policy_for

# An upload that nothing came for is forgotten after this.
PATIENCE = timedelta(hours=24)
# What one person may have under way: a few messages' worth.
MOST_FILES = 20
MOST_LIMITS = 3
_NAME = re.compile(r"[0-9a-f]{32}-([1-9][0-9]{0,11})")


class AttachmentTooLarge(CasierError):
    """Larger than the academy lets anybody attach."""

    code = "attachment_too_large"


class TooMuchComing(CasierError):
    """Too many files of this person are under way, or the disk is short."""

    code = "attachment_no_room"


def begin(account: Account, size: int) -> str:
    """The name of an upload of SIZE bytes that may begin. Raises AttachmentTooLarge, TooMuchComing."""
    limit = policy_for(account.academy).mail.attachment_bytes
    if not 0 < size <= limit:
        raise AttachmentTooLarge(limit=limit, size=size)
    with _alone_in(_folder(account)) as folder:
        announced = [announced_size(path.name) for path in folder.iterdir()]
        room = MOST_LIMITS * limit - sum(announced)
        if len(announced) >= MOST_FILES or size > room or free_bytes() < size + RESERVE_BYTES:
            raise TooMuchComing(files=len(announced), size=size)
        name = f"{secrets.token_hex(16)}-{size}"
        begin_file(folder / name)
    return name


@contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """One after the other for each person, so that many at once don't pass the limits together."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(held)


def _folder(account: Account) -> Path:
    return attaching_folder(settings.CASIER_INSTANCE) / account.public_id


def announced_size(name: str) -> int:
    """How large the file will be. Raises NoSuchLink for what is no name of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NoSuchLink(upload=name[:60])
    return int(found[1])


def path_of(account: Account, name: str) -> Path:
    """Where this person's upload is. Raises NoSuchLink."""
    announced_size(name)
    return _folder(account) / name


def offset_of(account: Account, name: str) -> int:
    """How much of it is here. Raises NoSuchLink."""
    return end_of(path_of(account, name))


def append(account: Account, name: str, offset: int, source: Source) -> int:
    """The next piece; where the file ends then. Raises NoSuchLink, WrongOffset, FileTooLarge."""
    return append_to(path_of(account, name), offset, source, announced_size(name))


def forget(account: Account, name: str) -> None:
    """Delete what came; nothing happens when there is nothing."""
    path_of(account, name).unlink(missing_ok=True)


def forget_old(now: datetime) -> None:
    """Delete uploads that nothing came for in a day."""
    oldest = (now - PATIENCE).timestamp()
    for folder in attaching_folder(settings.CASIER_INSTANCE).glob("*"):
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
