"""What was deleted for good and is still in the spool: read and brought back on the store's own host.

Cyrus keeps a message that was expunged until `cyr_expire -X`: its record in the folder's index, its file
beside the others. Which ones there are is asked by IMAP (`deleted.py`); their headers and bytes no protocol
gives, and only Cyrus's own tool brings one back, as it was and with its flags, under a new UID.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from casier.engines.running import run_tool

_MBPATH = "/usr/lib/cyrus/bin/mbpath"
_UNEXPUNGE = "/usr/lib/cyrus/bin/unexpunge"
_FOLDER = re.compile(r"user/[^\x00-\x1f\x7f]{1,1000}")
_BROUGHT = re.compile(r"^Unexpunged .+: (\d+) => (\d+)$", re.MULTILINE)
_FIELDS = re.compile(rb"^(from|to|cc|subject|date|message-id)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.I | re.M)
_END = re.compile(rb"\r?\n\r?\n")
_HEAD_BYTES = 32_768
_FIELD_BYTES = 1_500
# One request's worth; a line of the agent's is no longer than that either.
MOST_AT_ONCE = 500
MOST_BYTES = 60_000_000
TOOL_SECONDS = 300


class Refused(Exception):
    """Not something that may be asked, or that there is."""


def folder_of(request: dict[str, Any]) -> str:
    """The folder that REQUEST names, as Cyrus's admin does; always one of its mailbox. Raises Refused."""
    mailbox, folder = str(request.get("mailbox", "")), request.get("folder")
    local, at, domain = mailbox.rpartition("@")
    if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
        raise Refused("folder: not a folder")
    inside, _, there = folder.rpartition("@") if at else (folder, "", domain)
    if there != domain or not f"{inside}/".startswith(f"user/{local}/"):
        raise Refused("folder: of another mailbox")
    return folder


def uids_of(request: dict[str, Any]) -> list[int]:
    """The UIDs that REQUEST names. Raises Refused."""
    uids = request.get("uids")
    if not isinstance(uids, list) or not 0 < len(uids) <= MOST_AT_ONCE:
        raise Refused("uids: not that many")
    if not all(type(uid) is int and 0 < uid < 1 << 32 for uid in uids):
        raise Refused("uids: not UIDs")
    return uids


def heads(request: dict[str, Any], config: Path) -> dict[str, Any]:
    """Of each message the few headers by which a person knows it; what has no file any more is left out."""
    folder, uids = _spool(folder_of(request), config), uids_of(request)
    return {"ok": True, "heads": [[uid, fields] for uid, fields in _heads(folder, uids)]}


def message(request: dict[str, Any], config: Path) -> dict[str, Any]:
    """One message, whole. Raises Refused where it is no more, or larger than anyone looks at here."""
    file = _spool(folder_of(request), config) / f"{uids_of(request)[0]}."
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Refused("message: too large")
        return {"ok": True, "content": b64encode(file.read_bytes()).decode("ascii")}
    except FileNotFoundError as error:
        raise Refused("message: gone") from error


def bring_back(request: dict[str, Any], config: Path) -> dict[str, Any]:
    """Have Cyrus put the messages back where they were: the old UID and the new one of each that came."""
    folder, uids = folder_of(request), uids_of(request)
    words = [_UNEXPUNGE, "-C", str(config), "-u", "-d", "-v", folder, *map(str, sorted(uids))]
    code, said = run_tool(words, seconds=TOOL_SECONDS)
    brought = [[int(old), int(new)] for old, new in _BROUGHT.findall(said)]
    if not brought and (code or "Failed to open" in said):
        raise Refused(said[-300:] or f"{_UNEXPUNGE} ended with {code}")
    return {"ok": True, "brought": brought}


def _spool(folder: str, config: Path) -> Path:
    """Where the files of FOLDER lie."""
    code, said = run_tool([_MBPATH, "-C", str(config), folder], seconds=20)
    path = Path(said.splitlines()[-1]) if said else Path()
    if code or not path.is_absolute() or not path.is_dir():
        raise Refused("folder: no such folder")
    return path


def _heads(folder: Path, uids: Sequence[int]) -> Iterator[tuple[int, dict[str, str]]]:
    for uid in uids:
        try:
            with (folder / f"{uid}.").open("rb", buffering=0) as file:
                start = file.read(_HEAD_BYTES)
        except OSError:
            continue
        yield uid, _fields(start)


def _fields(start: bytes) -> dict[str, str]:
    """Unfolded, undecoded; bytes as Latin-1, which loses none. Of a field that comes twice, the first."""
    end = _END.search(start)
    found: dict[str, str] = {}
    for name, value in _FIELDS.findall(start[: end.start()] if end else start):
        text = re.sub(rb"\r?\n[ \t]*", b" ", value).strip()[:_FIELD_BYTES]
        found.setdefault(name.decode("ascii").lower(), text.decode("latin-1"))
    return found
