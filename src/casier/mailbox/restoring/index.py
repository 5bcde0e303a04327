"""What of a mailbox was deleted for good, as one list to search in.

A message that was moved has an expunged record in each folder that it passed through, and each save of a
draft leaves one. So a message is listed when its content is in no folder any more, once; a draft when neither
a later save of it nor what was sent of it is there. It comes back to the last folder where it was before the
trash.

The list is made anew whenever someone begins to look, and kept in Redis for a few minutes while they search:
what was deleted is on no disk but the store's. The store calls a message by the hash of its content; what was
hashed once is taken from the list before.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from django.conf import settings
from redis.exceptions import LockError, RedisError

from casier.audit.wake import client
from casier.engines.cyrus.deleted import DeletedMail, Gone, is_mail
from casier.engines.cyrus.imap import StoreRefused, quoted
from casier.engines.cyrus.store import Store
from casier.kernel.errors import Unavailable
from casier.kernel.published import PREFIX
from casier.mailbox.arrivals.folders import folders_of
from casier.mailbox.arrivals.models import Quarantined
from casier.mailbox.importing import dates
from casier.mailbox.restoring.access import Reach
from casier.mailbox.restoring.errors import LookingAlready
from casier.mailbox.restoring.reading import folded, people_of, subject_of
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached

log = logging.getLogger(__name__)
# The store's own delay (`cyr_expire -X`): nothing is there for longer.
STORE_DAYS = 30
KEPT_SECONDS = 900
_AT_ONCE = 4000
_LOCK_SECONDS, _LOCK_PATIENCE = 120, 20
_MESSAGE_ID = re.compile(rb"message-id:\s*(<[^>\r\n]*>)", re.I)
_ALL = re.compile(rb" ALL ([\d:,]+)")


class Deleted(msgspec.Struct, frozen=True, array_like=True):
    """One message that can come back: from PLACE, where its record is, to FOLDER. Names are IMAP's.

    HASH is what the store calls its content; MESSAGE_ID is known of drafts alone.
    """

    hash: str
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
    message_id: str = ""

    def holds(self, words: Iterable[str]) -> bool:
        """Whether each of WORDS (folded) is in its subject or among its people."""
        text = folded(f"{self.subject} {self.name} {self.address} {self.to}")
        return all(word in text for word in words)


class List(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a look: what can come back, and the hash of each record that was looked at."""

    messages: list[Deleted]
    hashes: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: str
    gone: Gone

    @property
    def key(self) -> str:
        return f"{self.gone.uid} {self.gone.size} {self.place}"


def latest(reach: Reach) -> list[Deleted] | None:
    """The list that was made when they began to look; None where that is too long ago."""
    kept = _kept(reach)
    return None if kept is None else kept.messages


def look(store: Store, reach: Reach, days: int, now: datetime) -> list[Deleted]:
    """What was deleted in the last DAYS, the latest first; the list is kept for `latest`.

    Raises Unavailable, LookingAlready.
    """
    lock = client(settings.REDIS_SOCKET).lock(
        f"{PREFIX}restore-lock:{reach.key}", timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_PATIENCE
    )
    since = int((now - timedelta(days=min(days, STORE_DAYS))).timestamp())
    try:
        with lock:
            kept = _kept(reach)
            made = _made(store, reach, since, kept.hashes if kept else {})
            _keep(reach, made)
            return made.messages
    except LockError as error:
        raise LookingAlready(retry_after=5) from error
    except RedisError as error:
        raise Unavailable("redis", cause=type(error).__name__) from error


def forget(reach: Reach, hashes: set[str]) -> None:
    """They came back: no longer in the list."""
    kept = _kept(reach)
    if kept is not None:
        _keep(reach, List([one for one in kept.messages if one.hash not in hashes], kept.hashes))


def _made(store: Store, reach: Reach, since: int, known: dict[str, str]) -> List:
    mail = DeletedMail(store, reach.key)
    names = sorted(filter(is_mail, store.folders(reach.key)))
    open_to = names if reach.own else list(_reachable(mail, reach, names))
    roles = mail.special_folders()
    candidates = list(_candidates(store, mail, reach.key, open_to, since))
    hashes = _hashed(mail, candidates, known)
    by_hash: dict[str, list[_Candidate]] = {}
    for one in candidates:
        if one.key in hashes:
            by_hash.setdefault(hashes[one.key], []).append(one)
    live = _live(reach.key, list(by_hash))
    trash = {roles.get("\\Trash", "Trash"), roles.get("\\Junk", "Junk")}
    drafts = roles.get("\\Drafts", "Drafts")
    entries = [
        _entry(digest, *_best(found, trash)) for digest, found in by_hash.items() if digest not in live
    ]
    entries = _with_message_ids(mail, entries, drafts)
    there = _message_ids(store, reach.key, roles, since) if any(one.message_id for one in entries) else set()
    messages = sorted(_without_old_drafts(entries, there), key=lambda one: (-one.deleted, one.hash))
    return List(messages, hashes)


def _reachable(mail: DeletedMail, reach: Reach, names: list[str]) -> Iterator[str]:
    for name, rights in zip(names, mail.rights(names), strict=True):
        if reach.covers(rights):
            yield name


def _candidates(
    store: Store, mail: DeletedMail, key: str, folders: list[str], since: int
) -> Iterator[_Candidate]:
    """Every record of what was deleted; but what the antivirus took out is no one's to bring back."""
    taken = set(Quarantined.objects.filter(owner=key, released_at=None).values_list("uid_validity", "uid"))
    validities: dict[str, int] = {}
    if taken:
        with store.person(key) as own:
            validities = {name: validity for validity, (name, _) in folders_of(own).items()}
    for folder in folders:
        for one in _expunged(mail, folder):
            if one.deleted >= since and (validities.get(folder, 0), one.uid) not in taken:
                yield _Candidate(folder, one)


def _expunged(mail: DeletedMail, folder: str) -> list[Gone]:
    try:
        return mail.expunged(folder)
    except StoreRefused as error:
        # deleted since the folders were listed: with them goes what was in it
        log.warning("%s: %s", folder, error)
        return []


def _hashed(mail: DeletedMail, candidates: list[_Candidate], known: dict[str, str]) -> dict[str, str]:
    """The content hash of each; those that were told before aren't read again."""
    hashes = {one.key: known[one.key] for one in candidates if one.key in known}
    unread: dict[str, dict[int, str]] = {}
    for one in candidates:
        if one.key not in hashes:
            unread.setdefault(one.place, {})[one.gone.uid] = one.key
    for place, keys in unread.items():
        hashes |= {keys[uid]: digest for uid, digest in mail.hashes(place, sorted(keys)) if digest}
    return hashes


def _live(key: str, hashes: list[str]) -> set[str]:
    """Those that are in some folder. Raises Unavailable."""
    instance = settings.CASIER_INSTANCE
    jmap = Jmap(instance.socket("cyrus", "nginx", "http.sock"), instance.key("jwt"))
    live: set[str] = set()
    try:
        with jmap.acting_for(key) as session:
            for start in range(0, len(hashes), _AT_ONCE):
                ids = [f"M{digest}" for digest in hashes[start : start + _AT_ONCE]]
                asked = {"accountId": key, "ids": ids, "properties": ["id"]}
                found = session.call(("Email/get", asked, "0"))["0"]["list"]
                live |= {str(one["id"]).removeprefix("M") for one in found}
    except (NotReached, NoAnswer) as error:
        raise Unavailable("store: JMAP", part="cyrus") from error
    return live


def _best(found: list[_Candidate], trash: set[str]) -> tuple[_Candidate, str, int]:
    """Of a message's records the one to bring back, the folder it comes to, when it was deleted for good."""
    ended = max(one.gone.deleted for one in found)
    best = max(found, key=lambda one: (one.place not in trash, one.gone.deleted, one.gone.uid))
    return best, "INBOX" if best.place in trash else best.place, ended


def _entry(digest: str, candidate: _Candidate, folder: str, ended: int) -> Deleted:
    gone = candidate.gone
    sender = people_of(gone.sender)
    return Deleted(
        hash=digest, place=candidate.place, uid=gone.uid, folder=folder, size=gone.size,
        received=gone.received, deleted=ended,
        name=sender[0][0] if sender else "", address=sender[0][1] if sender else "",
        to=", ".join(f"{name} {address}".strip() for name, address in people_of(gone.to))[:600],
        subject=subject_of(gone.subject),
    )  # fmt: skip


def _with_message_ids(mail: DeletedMail, entries: list[Deleted], drafts: str) -> list[Deleted]:
    """Of what was deleted from DRAFTS, the Message-ID is read."""
    uids = sorted(one.uid for one in entries if one.place == drafts)
    known = {uid: fields.get("message-id", "")[:250] for uid, fields in mail.heads(drafts, uids)}
    return [
        msgspec.structs.replace(one, message_id=known.get(one.uid, "")) if one.place == drafts else one
        for one in entries
    ]


def _without_old_drafts(entries: list[Deleted], there: set[str]) -> Iterator[Deleted]:
    """Of a draft only its last save, and none where the message itself is there."""
    last: dict[str, Deleted] = {}
    for one in entries:
        if not one.message_id:
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


def _kept(reach: Reach) -> List | None:
    try:
        content = client(settings.REDIS_SOCKET).get(_place(reach))
    except RedisError as error:
        raise Unavailable("redis", cause=type(error).__name__) from error
    return msgspec.msgpack.decode(zlib.decompress(content), type=List) if isinstance(content, bytes) else None


def _keep(reach: Reach, made: List) -> None:
    packed = zlib.compress(msgspec.msgpack.encode(made), 1)
    client(settings.REDIS_SOCKET).set(_place(reach), packed, ex=KEPT_SECONDS)
