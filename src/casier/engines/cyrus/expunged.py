"""What was deleted for good and is still in the spool: listed, read and brought back on the store's own host.

Cyrus keeps a message that was expunged until `cyr_expire -X`: its record in the folder's index, its file
beside the others. No protocol shows them (3.6 has `SYNCGET FULLMAILBOX`, which takes minutes and the folder's
lock for 20,000 messages), so Cyrus's own tool is asked: it lists them from its cache in a fraction of a
second, and puts one back as it was, with its flags, under a new UID.
"""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64decode, b64encode
from calendar import timegm
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha1
from itertools import chain
from pathlib import Path
from typing import Any

from casier.engines.running import run_tool

_MBPATH = "/usr/lib/cyrus/bin/mbpath"
_UNEXPUNGE = "/usr/lib/cyrus/bin/unexpunge"
_FOLDER = re.compile(r"user/[^\x00-\x1f\x7f]{1,1000}")
_BROUGHT = re.compile(r"^Unexpunged .+: (\d+) => (\d+)$", re.MULTILINE)
_FIELDS = re.compile(rb"^(from|to|cc|subject|date|message-id)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.I | re.M)
_END = re.compile(rb"\r?\n\r?\n")
_SHIFT = re.compile(r"&([^-]*)-")
_LINE = re.compile(r"\t(Size|Recv|Expg|From|To  |Cc  |Subj): ?(.*)")
_LITERAL = re.compile(rb"(?<=: )\{(\d{1,6})\}\r?\n\Z")
_CTIME = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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


@dataclass(slots=True)
class Listed:
    """An expunged message as Cyrus's tool lists it. Moments are seconds since 1970."""

    uid: int
    size: int = 0
    received: int = 0
    deleted: int = 0
    sender: str = ""
    to: str = ""
    subject: str = ""


def expunged(request: dict[str, Any], config: Path) -> dict[str, Any]:
    """What was deleted from a folder and has its file still."""
    folder = folder_of(request)
    spool = _spool(folder, config)
    words = [_UNEXPUNGE, "-C", str(config), "-l", folder]
    # its moments are those of the process's own zone
    surroundings = {**os.environ, "TZ": "UTC0", "LC_ALL": "C"}
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings
    ) as tool:
        lines = iter(tool.stdout or ())
        first = next(lines, b"")
        there = [asdict(one) for one in listed(chain((first,), lines)) if _has_file(spool, one)]
    if tool.returncode or first.startswith(b"Failed to open"):
        raise Refused(f"{_UNEXPUNGE} ended with {tool.returncode}")
    return {"ok": True, "expunged": there}


def listed(lines: Iterable[bytes]) -> Iterator[Listed]:
    """Read what the tool prints. A message may say of itself what looks like a record: see `_has_file`."""
    one: Listed | None = None
    rest = iter(lines)
    for line in rest:
        text = _whole(line, rest).decode("utf-8", "replace").rstrip("\n")
        if text.startswith("UID: ") and text[5:].isdigit():
            if one:
                yield one
            one = Listed(int(text[5:]))
        elif one and (said := _LINE.fullmatch(text)):
            _note(one, said[1].strip(), said[2])
    if one:
        yield one


def _whole(line: bytes, rest: Iterator[bytes]) -> bytes:
    """LINE; where its value is a literal (`{12}`, what isn't ASCII is one), the value in its place."""
    found = _LITERAL.search(line)
    if found is None:
        return line
    octets, value = int(found[1]), b""
    while len(value) < octets and (more := next(rest, b"")):
        value += more
    return line[: found.start()] + b" ".join(value[:octets].split()) + b"\n"


def _note(one: Listed, name: str, value: str) -> None:
    match name:
        case "Size":
            one.size = int(value) if value.isdigit() else 0
        case "Recv":
            one.received = _moment(value)
        case "Expg":
            one.deleted = _moment(value)
        case "From":
            one.sender = value[:_FIELD_BYTES]
        case "To" | "Cc":
            one.to = ", ".join(filter(None, (one.to, value)))[:_FIELD_BYTES]
        case "Subj":
            one.subject = value[:_FIELD_BYTES]


def _moment(text: str) -> int:
    """`Sun Nov 22 10:04:38 2026`, in UTC; 0 where it is no such thing."""
    found = _CTIME.fullmatch(text.strip())
    if found is None or found[1] not in _MONTHS:
        return 0
    day, hour, minute, second, year = map(int, found.group(2, 3, 4, 5, 6))
    return timegm((year, _MONTHS.index(found[1]) + 1, day, hour, minute, second))


def _has_file(spool: Path, one: Listed) -> bool:
    try:
        return (spool / f"{one.uid}.").stat().st_size == one.size
    except OSError:
        return False


def hashes(request: dict[str, Any], config: Path) -> dict[str, Any]:
    """What Cyrus calls the content of each message: the first 24 digits of its hash, as in EMAILID."""
    spool, uids = _spool(folder_of(request), config), uids_of(request)
    return {"ok": True, "hashes": [[uid, found] for uid in uids if (found := _hash(spool / f"{uid}."))]}


def _hash(file: Path) -> str:
    total = sha1(usedforsecurity=False)
    try:
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                total.update(piece)
    except OSError:
        return ""
    return total.hexdigest()[:24]


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
    """Where the files of FOLDER lie. Of Cyrus's tools this one takes names as people write them."""
    for name in dict.fromkeys((decoded(folder), folder)):
        code, said = run_tool([_MBPATH, "-C", str(config), name], seconds=20)
        path = Path(said.splitlines()[-1]) if said else Path()
        if not code and path.is_absolute() and path.is_dir():
            return path
    raise Refused("folder: no such folder")


def decoded(name: str) -> str:
    """NAME, given in IMAP's modified UTF-7 (RFC 3501 §5.1.3), as people write it."""
    try:
        return _SHIFT.sub(lambda found: _decoded(found[1]), name)
    except (ValueError, UnicodeDecodeError):
        return name


def _decoded(coded: str) -> str:
    if not coded:
        return "&"
    text = coded.replace(",", "/")
    return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-16-be")


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
