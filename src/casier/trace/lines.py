"""What a line of an engine's log says of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from casier.engines.cyrus.expunged import decoded
from casier.trace.logs import Line


class Kind(StrEnum):
    """What happened to a message, or to one of its copies, in the order in which things happen."""

    CAME = "came"  # by which road, from where, who was signed in
    SCANNED = "scanned"
    PUT_OFF = "put_off"  # at the door, for now: who brought it comes again by itself
    REFUSED = "refused"  # at the door: nothing of it was kept
    DELIVERED = "delivered"  # to our store
    RULED = "ruled"  # a rule of the mailbox, or its absence, held for it
    FILED = "filed"  # into a folder of a mailbox
    SENT = "sent"  # to another server, which took it
    WAITS = "waits"  # another try follows
    RETURNED = "returned"  # given up: its sender was told


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. FACTS: addresses, names of folders and rules, an engine's words."""

    at: datetime
    kind: Kind
    facts: Mapping[str, str] = field(default_factory=dict)


_POSTFIX = re.compile(r"\S+ +\d+ \S+ \S+ postfix/(?:(?P<road>[a-z]+)/)?(?P<part>[a-z]+)\[\d+\]: (?P<rest>.*)")
_QUEUED = re.compile(r"(?P<queue>[0-9A-Za-z]{6,20}): (?P<rest>.*)")
_CLIENT = re.compile(
    r"client=(?P<name>[^\[]*)\[(?P<address>[^\]]*)\](?:.*sasl_(?:username|sender)=(?P<login>[^,\s]+))?"
)
_STATUS = re.compile(
    r"to=<(?P<to>[^>]*)>(?:, orig_to=<(?P<for>[^>]*)>)?, relay=(?P<relay>[^,]*),.* status=(?P<status>[a-z]+) "
    r"\((?P<said>.*)\)"
)
_REFUSED = re.compile(
    r"(?:milter-)?reject: (?P<stage>[A-Z-]+) from [^\[]*\[(?P<address>[^\]]*)\]: (?P<said>.*?); "
    r"from=<(?P<from>[^>]*)>(?: to=<(?P<to>[^>]*)>)?"
)
_FROM = re.compile(r"from=<(?P<from>[^>]*)>, size=(?P<size>\d+), nrcpt=(?P<count>\d+)")
_MESSAGE_ID = re.compile(r"message-id=(?P<id>\S+)")
# RFC 5321: 4xx is for now, 5xx for good.
_FOR_NOW = re.compile(r"4\d\d |4\.\d")
_REFERENCE = re.compile(r"\bR-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_RSPAMD = re.compile(
    r".*rspamd_task_write_log: id: <(?P<id>[^>]*)>, qid: <(?P<queue>[^>]*)>.*?"
    r"\(default: [A-Z] \((?P<action>[a-z ]+)\): \[(?P<score>-?[\d.]+)/[\d.]+\] \[(?P<symbols>.*?)\]\), len:"
)
_SYMBOL = re.compile(r"([A-Z][A-Z0-9_]+)\((-?[\d.]+)\)")
# From a line's beginning: what a person's own script logs stands further on, and may look like a line.
_LMTP = r"\S+ [a-z]+ casier/lmtp\[\d+\]: "
_FILED = re.compile(_LMTP + r"Delivered: <(?P<id>[^>]*)> to mailbox: (?P<mailbox>.+)")
_RULED = re.compile(
    _LMTP + r"sieve log: userid=(?P<mailbox>\S+) messageid=<?(?P<id>[^\s>]*)>? "
    r"text=casier: (?P<what>rule|absence)(?: (?P<name>.*))?"
)

_STATUS_KINDS = {"deferred": Kind.WAITS, "bounced": Kind.RETURNED, "expired": Kind.RETURNED}
# Parts of Postfix that bring a message to our own store.
_STORE = "lmtp"


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says: of which message (QUEUE, MESSAGE_ID; either may be unknown), and what happened."""

    queue: str = ""
    message_id: str = ""
    event: Event | None = None
    sender: str | None = None
    size: int = 0


def of_postfix(line: Line) -> Said | None:
    """What a line of Postfix's log says of a message; None for the others."""
    found = _POSTFIX.match(line.text)
    if found is None:
        return None
    rest, road, part = found["rest"], found["road"] or "", found["part"]
    if rest.startswith("NOQUEUE: "):
        return _refused(line, "", rest.removeprefix("NOQUEUE: "), road)
    queued = _QUEUED.match(rest)
    return _queued(line, queued["queue"], queued["rest"], road, part) if queued else None


def _queued(line: Line, queue: str, rest: str, road: str, part: str) -> Said | None:
    if client := _CLIENT.match(rest):
        facts = {"road": road, "from": client["address"], "login": client["login"] or ""}
        return Said(queue, event=Event(line.at, Kind.CAME, facts))
    if message_id := _MESSAGE_ID.match(rest):
        return Said(queue, message_id["id"].strip("<>"))
    if sender := _FROM.match(rest):
        return Said(queue, sender=sender["from"], size=int(sender["size"]))
    if status := _STATUS.match(rest):
        return Said(queue, event=_status(line, status, part))
    return _refused(line, queue, rest, road)


def _status(line: Line, status: re.Match[str], part: str) -> Event:
    kind = _STATUS_KINDS.get(status["status"])
    if kind is None:
        kind = Kind.DELIVERED if part == _STORE else Kind.SENT
    facts = {"to": status["to"], "for": status["for"] or "", "relay": status["relay"], "said": status["said"]}
    return Event(line.at, kind, facts)


def _refused(line: Line, queue: str, rest: str, road: str) -> Said | None:
    found = _REFUSED.match(rest)
    if found is None:
        return None
    reference = _REFERENCE.search(found["said"])
    facts = {
        "road": road,
        "from": found["address"],
        "to": found["to"] or "",
        "said": found["said"],
        "reference": reference[0] if reference else "",
    }
    kind = Kind.PUT_OFF if _FOR_NOW.match(found["said"]) else Kind.REFUSED
    return Said(queue, event=Event(line.at, kind, facts), sender=found["from"])


def of_rspamd(line: Line) -> Said | None:
    """What the filter found in a message, by name and weight of its rules."""
    found = _RSPAMD.match(line.text)
    if found is None:
        return None
    heavy = sorted(_SYMBOL.findall(found["symbols"]), key=lambda one: -abs(float(one[1])))
    rules = " ".join(f"{name}({weight})" for name, weight in heavy if float(weight))
    facts = {"action": found["action"], "score": found["score"], "rules": rules}
    return Said(found["queue"], found["id"], Event(line.at, Kind.SCANNED, facts))


def of_cyrus(line: Line) -> Said | None:
    """Into which folder the store put a message, and which rules held for it."""
    if ruled := _RULED.match(line.text):
        facts = {"mailbox": ruled["mailbox"], "what": ruled["what"], "name": ruled["name"] or ""}
        return Said("", ruled["id"], Event(line.at, Kind.RULED, facts))
    found = _FILED.match(line.text)
    if found is None:
        return None
    owner, folder = place_of(found["mailbox"])
    facts = {"mailbox": owner, "folder": folder}
    return Said("", found["id"], Event(line.at, Kind.FILED, facts))


def place_of(mailbox: str) -> tuple[str, str]:
    """The mailbox key and the folder of a name of the store: `ac-x.fr!user.jean^martin.Classe`.

    A dot within a name is written ^ there. The folder is "" for the inbox.
    """
    domain, _, rest = mailbox.partition("!")
    parts = rest.removeprefix("user.").split(".")
    local, folders = parts[0].replace("^", "."), [decoded(part.replace("^", ".")) for part in parts[1:]]
    return f"{local}@{domain}", "/".join(folders)
