"""What must happen on the store's own host, as the store's own user.

For the platform: end a mailbox's IMAP connections, and allow them again; tell which conversations databases
are torn (`torn.py`), and mend one; tell since when messages wait to be indexed; list what was expunged, and
bring it back (`expunged.py`). One JSON line in, one out, on a Unix socket: `{"do": "cut" | "restore" |
"mend", "mailbox": "<key>"}`, `{"do": "torn" | "indexing"}`, `{"do": "forget", "mark": "<mark>"}`,
`{"do": "sweep", "ids"}` (what erased folders left on the disk),
`{"do": "expunged" | "hashes" | "heads" | "message" | "bring-back", "mailbox", "folder", "uids"}`.
It stands apart from the worker so that a store can be another machine one day.

For Cyrus: look at each message that is being stored (`arriving`), which nobody else may read.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import uvloop

from casier.engines.cyrus import erasing, expunged
from casier.engines.cyrus.arriving.answer import Answers
from casier.engines.cyrus.arriving.callout import Callout
from casier.engines.cyrus.indexing import waiting_since
from casier.engines.cyrus.torn import Mark, Marks, Unreadable, listed, mailbox_of
from casier.engines.running import run_tool
from casier.kernel.instance import Instance

log = logging.getLogger(__name__)
_CYR_DENY = "/usr/lib/cyrus/bin/cyr_deny"
_CTL_CONVERSATIONSDB = "/usr/lib/cyrus/bin/ctl_conversationsdb"
# A mailbox key is an address; nothing that a command could take for an option or a path.
_MAILBOX = re.compile(r"[^\s/\"'\\%*\x00-\x1f-][^\s/\"'\\%*\x00-\x1f]{0,254}")
_MAX_LINE = 16_384
_SECONDS = 30.0
_TOOL_SECONDS = 20
_EXPUNGED = {
    "expunged": expunged.expunged,
    "hashes": expunged.hashes,
    "heads": expunged.heads,
    "message": expunged.message,
    "bring-back": expunged.bring_back,
}
# 13,000 messages a second; the largest mailboxes hold hundreds of thousands, on a machine that just started.
MEND_SECONDS = 600


class BadRequest(Exception):
    """The line asks for nothing that the agent does."""


def command(request: Any, config: Path) -> list[str]:
    """The command that REQUEST stands for. Raises BadRequest."""
    mailbox = request.get("mailbox") if isinstance(request, dict) else None
    if not isinstance(mailbox, str) or not _MAILBOX.fullmatch(mailbox):
        raise BadRequest("mailbox: not a mailbox key")
    match request.get("do"):
        case "cut":
            # only IMAP: mail goes on being delivered, and the web is shut at the edge
            return [_CYR_DENY, "-C", str(config), "-s", "imap", "-m", "suspended", mailbox]
        case "restore":
            return [_CYR_DENY, "-C", str(config), "-a", mailbox]
        case "mend":
            # counts anew from the folders' indexes, in one transaction: killed, it has done nothing
            return [_CTL_CONVERSATIONSDB, "-C", str(config), "-R", mailbox]
    raise BadRequest("do: nothing that is done here")


def answer(text: bytes, instance: Instance) -> dict[str, Any]:
    """Do what the line TEXT asks; failures are facts, not exceptions."""
    try:
        request = json.loads(text)
        if (said := _of_the_store(request, instance)) is not None:
            return {"ok": True, **said}
        match request:
            case {"do": str(what), "mailbox": str(key)} if what in _EXPUNGED:
                if not _MAILBOX.fullmatch(key):
                    raise BadRequest("mailbox: not a mailbox key")
                return _EXPUNGED[what](request, instance.etc / "cyrus" / "imapd.conf")
        return _run(command(request, instance.etc / "cyrus" / "imapd.conf"))
    except (BadRequest, OSError, Unreadable, ValueError, expunged.Refused) as error:
        return {"ok": False, "error": str(error)}


def _of_the_store(request: Any, instance: Instance) -> dict[str, Any] | None:
    """What REQUEST asks about the store as a whole, and the answer; None: it is about one mailbox."""
    match request:
        case {"do": "torn"}:
            return {"torn": _torn(instance)}
        case {"do": "forget", "mark": str(name)}:
            _forget(name, instance)
            return {}
        case {"do": "indexing"}:
            return {"since": waiting_since(instance)}
        case {"do": "sweep"}:
            return {"left": erasing.sweep(request, instance)}
    return None


def _run(words: list[str]) -> dict[str, Any]:
    mending = words[0] == _CTL_CONVERSATIONSDB
    code, said = run_tool(words, seconds=MEND_SECONDS if mending else _TOOL_SECONDS)
    return {"ok": True} if code == 0 else {"ok": False, "error": said or f"{words[0]} ended with {code}"}


def _torn(instance: Instance) -> list[dict[str, str | bool]]:
    """What is torn, of mailboxes that there are; a mark of one that was deleted since is removed."""
    marks = Marks.of(instance)
    found = marks.all()
    owners = {mark.owner: mailbox_of(mark.owner, instance) for mark in found}
    for mark in found:
        if owners[mark.owner] is None:
            log.warning("%s: torn, and no mailbox's; forgotten", mark)
            marks.remove(mark)
    return listed(found, {owner: key for owner, key in owners.items() if key is not None})


def _forget(name: str, instance: Instance) -> None:
    mark = Mark.parse(name)
    if mark is None:
        raise BadRequest("mark: not a mark")
    Marks.of(instance).remove(mark)


class _Orders(asyncio.Protocol):
    """One order of the platform, carried out beside: Cyrus's questions don't wait for it."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._received = bytearray()
        self._work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._limit = asyncio.get_running_loop().call_later(_SECONDS, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._work is None and (b"\n" in data or len(self._received) > _MAX_LINE):
            self._limit.cancel()  # from here on it is the order's own
            self._work = asyncio.ensure_future(self._obey(bytes(self._received[:_MAX_LINE])))

    async def _obey(self, line: bytes) -> None:
        said = await asyncio.to_thread(answer, line, self._instance)
        self._transport.write(json.dumps(said).encode() + b"\n")
        self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._limit.cancel()


async def serve(instance: Instance) -> None:
    """Serve until a signal to stop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    answers = Answers()
    questions = await _listen(instance.socket("agent", "cyrus", "callout"), lambda: Callout(answers))
    orders = await _listen(instance.socket("agent", "casier", "agent.sock"), lambda: _Orders(instance))
    async with questions, orders:
        await stop.wait()


async def _listen(path: Path, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    path.unlink(missing_ok=True)
    server = await asyncio.get_running_loop().create_unix_server(protocol, str(path), backlog=128)
    path.chmod(0o666)  # the folder is what protects it
    return server


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    uvloop.run(serve(Instance.load()))
