"""What of a mailbox was deleted for good, as one list to search in.

A message that was moved has an expunged record in each folder that it passed through, and each save of a
draft leaves one. So a message is listed when its content is in no folder any more, once; a draft when neither
a later save of it nor what was sent of it is there. It comes back to the last folder where it was before the
trash.

The list is made anew whenever someone begins to look, and kept in Redis for a few minutes while they search:
what was deleted is on no disk but the store's. Headers that were read once are taken from the list before.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from django.conf import settings
from redis.exceptions import LockError, RedisError

from casier.audit.wake import client
from casier.engines.cyrus.deleted import DeletedMail, Gone, Records
from casier.engines.cyrus.imap import quoted
from casier.engines.cyrus.store import Store
from casier.kernel.errors import Unavailable
from casier.kernel.published import PREFIX
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.importing import dates
from casier.mailbox.restoring.access import Reach
from casier.mailbox.restoring.errors import LookingAlready
from casier.mailbox.restoring.reading import folded, people_of, text_of

# The store's own delay (`cyr_expire -X`): nothing is there for longer.
STORE_DAYS = 30
KEPT_SECONDS = 900
_LOCK_SECONDS, _LOCK_PATIENCE = 120, 20
_MESSAGE_ID = re.compile(rb"message-id:\s*(<[^>\r\n]*>)", re.I)
_ALL = re.compile(rb" ALL ([\d:,]+)")


class Deleted(msgspec.Struct, frozen=True, array_like=True):
    """One message that can come back: from PLACE, where its record is, to FOLDER. Names are IMAP's."""

    guid: str
    place: str
    uid: int
    folder: str
    size: int
    received: int
    deleted: int
    name: str
    address: str
    to: str
    subject: str
    words: str
    message_id: str
    draft: bool

    def holds(self, words: Iterable[str]) -> bool:
        """Whether each of WORDS (folded) is in its subject, among its people or its first words."""
        text = folded(f"{self.subject} {self.name} {self.address} {self.to} {self.words}")
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: str
    gone: Gone


def latest(reach: Reach) -> list[Deleted] | None:
    """The list that was made when they began to look; None where that is too long ago."""
    return _kept(reach)


def look(store: Store, reach: Reach, days: int, now: datetime) -> list[Deleted]:
    """What was deleted in the last DAYS, the latest first; the list is kept for `latest`.

    Raises Unavailable, LookingAlready.
    """
    lock = client(settings.REDIS_SOCKET).lock(
        f"{PREFIX}restore-lock:{reach.key}", timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_PATIENCE
    )
    try:
        with lock:
            known = {one.guid: one for one in _kept(reach) or ()}
            found = _made(store, reach, int((now - timedelta(days=min(days, STORE_DAYS))).timestamp()), known)
            _keep(reach, found)
            return found
    except LockError as error:
        raise LookingAlready(retry_after=5) from error
    except RedisError as error:
        raise Unavailable("redis", cause=type(error).__name__) from error


def forget(reach: Reach, guids: set[str]) -> None:
    """They came back: no longer in the list."""
    found = _kept(reach)
    if found is not None:
        _keep(reach, [one for one in found if one.guid not in guids])


def _made(store: Store, reach: Reach, since: int, known: dict[str, Deleted]) -> list[Deleted]:
    mail = DeletedMail(store, reach.key)
    names = sorted(store.folders(reach.key))
    reachable = set(names if reach.own else _reachable(mail, reach, names))
    roles = mail.special_folders()
    live: set[str] = set()
    taken = _quarantined(reach.key)
    gone: dict[str, list[_Candidate]] = {}
    for name in names:
        records = mail.records(name)
        live |= records.live
        if name in reachable:
            for one in _recent(records, since, taken):
                gone.setdefault(one.guid, []).append(_Candidate(name, one))
    trash = {roles.get("\\Trash", "Trash"), roles.get("\\Junk", "Junk")}
    chosen = [_best(found, trash) for guid, found in gone.items() if guid not in live]
    entries = list(_entries(mail, chosen, known))
    there = _message_ids(store, reach.key, roles, since) if any(one.draft for one in entries) else set()
    return sorted(_without_old_drafts(entries, there), key=lambda one: (-one.deleted, one.guid))


def _reachable(mail: DeletedMail, reach: Reach, names: list[str]) -> Iterator[str]:
    for name, rights in zip(names, mail.rights(names), strict=True):
        if reach.covers(rights):
            yield name


def _recent(records: Records, since: int, taken: set[tuple[int, int]]) -> Iterator[Gone]:
    """What the antivirus took out is no one's to bring back."""
    for one in records.gone:
        if one.deleted >= since and (records.uid_validity, one.uid) not in taken:
            yield one


def _quarantined(key: str) -> set[tuple[int, int]]:
    rows = Quarantined.objects.filter(owner=key, released_at__isnull=True)
    return set(rows.values_list("uid_validity", "uid"))


def _best(found: list[_Candidate], trash: set[str]) -> tuple[_Candidate, str, int]:
    """Of a message's records the one to bring back, the folder it comes to, when it was deleted for good."""
    ended = max(one.gone.deleted for one in found)
    best = max(found, key=lambda one: (one.place not in trash, one.gone.deleted, one.gone.uid))
    return best, "INBOX" if best.place in trash else best.place, ended


def _entries(
    mail: DeletedMail, chosen: list[tuple[_Candidate, str, int]], known: dict[str, Deleted]
) -> Iterator[Deleted]:
    unread: dict[str, dict[int, tuple[_Candidate, str, int]]] = {}
    for one in chosen:
        candidate, folder, ended = one
        before = known.get(candidate.gone.guid)
        if before is None:
            unread.setdefault(candidate.place, {})[candidate.gone.uid] = one
        else:
            yield msgspec.structs.replace(
                before, place=candidate.place, uid=candidate.gone.uid, folder=folder, deleted=ended
            )
    for place, by_uid in unread.items():
        for uid, fields in mail.heads(place, sorted(by_uid)):
            yield _entry(*by_uid[uid], fields)


def _entry(candidate: _Candidate, folder: str, ended: int, fields: dict[str, str]) -> Deleted:
    sender = people_of(fields.get("from", ""))
    to = [*people_of(fields.get("to", "")), *people_of(fields.get("cc", ""))]
    gone = candidate.gone
    return Deleted(
        guid=gone.guid, place=candidate.place, uid=gone.uid, folder=folder, size=gone.size,
        received=gone.received, deleted=ended,
        name=sender[0][0] if sender else "", address=sender[0][1] if sender else "",
        to=", ".join(f"{name} {address}".strip() for name, address in to)[:600],
        subject=text_of(fields.get("subject", "")), words=gone.words,
        message_id=fields.get("message-id", "")[:250], draft=gone.draft,
    )  # fmt: skip


def _without_old_drafts(entries: list[Deleted], there: set[str]) -> Iterator[Deleted]:
    """Of a draft only its last save, and none where the message itself is there or was deleted too."""
    there = there | {one.message_id for one in entries if not one.draft}
    last: dict[str, Deleted] = {}
    for one in entries:
        if not one.draft or not one.message_id:
            yield one
        elif one.message_id not in there:
            other = last.get(one.message_id)
            last[one.message_id] = one if other is None else max(one, other, key=lambda each: each.uid)
    yield from last.values()


def _message_ids(store: Store, key: str, roles: dict[str, str], since: int) -> set[str]:
    """The Message-IDs of what is written now, and of what was sent since then."""
    found: set[str] = set()
    day = dates.imap(datetime.fromtimestamp(since, UTC)).split()[0]
    with store.person(key) as own:
        for folder in (roles[use] for use in ("\\Sent", "\\Drafts") if use in roles):
            if not own.run(f"EXAMINE {quoted(folder)}").ok:
                continue
            uids = own.run(f"UID SEARCH RETURN (ALL) SINCE {day}").lines
            wanted = next((match[1].decode() for match in map(_ALL.search, uids) if match), "")
            if wanted:
                answer = own.run(f"UID FETCH {wanted} (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
                matches = map(_MESSAGE_ID.search, answer.lines)
                found |= {match[1].decode("latin-1") for match in matches if match}
    return found


def _place(reach: Reach) -> str:
    return f"{PREFIX}restore:{reach.key}:{reach.who}"


def _kept(reach: Reach) -> list[Deleted] | None:
    try:
        content = client(settings.REDIS_SOCKET).get(_place(reach))
    except RedisError as error:
        raise Unavailable("redis", cause=type(error).__name__) from error
    if not isinstance(content, bytes):
        return None
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[Deleted])


def _keep(reach: Reach, found: list[Deleted]) -> None:
    packed = zlib.compress(msgspec.msgpack.encode(found), 1)
    client(settings.REDIS_SOCKET).set(_place(reach), packed, ex=KEPT_SECONDS)
