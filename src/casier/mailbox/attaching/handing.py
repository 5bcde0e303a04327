"""A file that is here whole goes to the store, where messages take their attachments from: scanned first."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from casier.directory.models import Account
from casier.engines.clamav.clamd import Finding
from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.attaching.coming import announced_size, path_of
from casier.mailbox.links.checking import ClamdScanner, Scanner
from casier.mailbox.links.errors import NoSuchLink, WrongOffset
from casier.mailbox.links.pieces import end_of
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,100}")
UNKNOWN_TYPE = "application/octet-stream"
_NOT_THEIRS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class VirusFound(CasierError):
    """Deleted: nobody attaches it."""

    code = "virus_found"


class NotScannable(CasierError):
    """Deleted: the antivirus can't look into it."""

    code = "not_scannable"


def scanner() -> Scanner:
    """The instance's clamd."""
    return ClamdScanner(settings.CASIER_INSTANCE.socket("clamav", "rspamd", "clamd.sock"))


def store() -> Jmap:
    """The instance's Cyrus."""
    instance = settings.CASIER_INSTANCE
    return Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))


def hand_over(account: Account, name: str, into: str, media_type: str) -> str:
    """The id of the file as a blob of the mailbox INTO; asked again, the same id.

    Raises NoSuchLink (no such upload, or not this person's mailbox), WrongOffset (not whole yet), VirusFound,
    NotScannable, Unavailable.
    """
    path = path_of(account, name)
    if end_of(path) != announced_size(name):
        raise WrongOffset(end=end_of(path))
    _scan(path)
    kind = media_type.strip().lower()
    kind = kind if _MEDIA_TYPE.fullmatch(kind) else UNKNOWN_TYPE
    try:
        with path.open("rb") as file, store().acting_for(account.mailbox_key) as session:
            return session.upload(into, file, kind)
    except (NotReached, NoAnswer) as error:
        if error.facts.get("status") in _NOT_THEIRS:
            raise NoSuchLink(mailbox=into) from error
        raise Unavailable(f"cyrus: {error.facts}", part="cyrus") from error


def _scan(path: Path) -> None:
    """The same look as every upload gets. What is refused is deleted."""
    with path.open("rb") as file:
        report = scanner().scan_file(file)
    if report.finding is Finding.UNKNOWN:
        raise Unavailable(f"clamd: {report.detail}", part="clamav")
    if not report.clean:
        path.unlink(missing_ok=True)
        raise (VirusFound if report.finding is Finding.VIRUS else NotScannable)(detail=report.detail)
