"""Django's session framework on the records that the edge reads (`SESSION_ENGINE`).

The cookie holds 32 random bytes; Redis knows their SHA-256 only, so that a copy of Redis opens nothing.
A session in which somebody is signed in lives at `casier:session:`; one of a visitor (nobody signed in yet)
lives apart, where the edge never looks.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from redis import Redis

from casier.identity.redis_link import answering
from casier.kernel import published
from casier.kernel.published import SessionState

TERMS = "terms"
VISITOR_SECONDS = 3600
# Longer than anyone can be on the way in.
ROADS_SECONDS = 2 * VISITOR_SECONDS
# How long it is remembered why a session was ended by another device.
GONE_SECONDS = 12 * 3600
# The last activity is written at most this often (seconds), as the edge does.
SEEN_STEP = 15


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed when the session was opened. Kept inside the session's data."""

    created: int
    absolute_until: int
    idle_seconds: int
    origin: str
    source: str = ""  # the address it was opened from
    device: str = ""  # the browser, in words: "Firefox, Linux"
    shared_computer: bool = False
    proofs: tuple[str, ...] = ()  # by what it was opened, `entry.road.Proof`
    proved_at: int = 0  # when something was last proved, for what asks for a fresh proof
    known_device: str = ""  # the id of the device, as the guard knows it


def digest_of(cookie: str) -> str:
    """What Redis knows of a cookie."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()


def visitor_key(digest: str) -> str:
    return f"{published.PREFIX}visitor:{digest}"


def sessions_key(account_id: str) -> str:
    """The set of digests of an account's sessions; dead ones are swept when it is read."""
    return f"{published.PREFIX}sessions:{account_id}"


class SessionStore(SessionBase):
    """One session. `counts` says whether loading it counts as something the person did."""

    def __init__(self, session_key: str | None = None, *, counts: bool = False) -> None:
        super().__init__(session_key)
        self.counts = counts
        # Why a session that the cookie names is no more: "idle", "absolute", "unknown", "replaced" (by
        # another device); or "frozen": it stands still for a while and may go on then.
        self.ended = ""
        self.account = ""  # whose session was loaded
        self._stored_at = ""

    def _get_new_session_key(self) -> str:
        return secrets.token_urlsafe(32)

    def exists(self, session_key: str) -> bool:
        digest = digest_of(session_key)
        with answering() as redis:
            return bool(redis.exists(published.session_key(digest), visitor_key(digest)))

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def cycle_key(self) -> None:
        """Another key for the same data, made when it is written; the present one opens nothing any more."""
        data = self._get_session()  # type: ignore[attr-defined]
        if self.session_key:
            self.delete()
        self._session_key, self._stored_at, self._session_cache = None, "", data
        self.modified = True

    def load(self) -> dict[str, Any]:
        """The session's data; empty, with `ended` saying why, when it is over."""
        digest = digest_of(self.session_key or "")
        now = int(time.time())
        with answering() as redis:
            record, seen, visitor, gone = redis.mget(
                published.session_key(digest),
                published.seen_key(digest),
                visitor_key(digest),
                published.gone_key(digest),
            )
            if record is None:
                return self._load_visitor(digest, visitor, str(gone or "unknown"))
            state = SessionState.loads(record)
            self.ended = _ended(state, int(seen or 0), now) or _frozen(redis, state)
            if self.ended:
                self._session_key = None
                return {}
            if self.counts and now - int(seen or 0) >= SEEN_STEP:
                redis.set(published.seen_key(digest), now, ex=state.idle_seconds)
        self.account, self._stored_at = state.account, published.session_key(digest)
        return dict(state.data)

    def _load_visitor(self, digest: str, record: str | bytes | None, otherwise: str) -> dict[str, Any]:
        if record is None:
            self.ended = otherwise
            self._session_key = None
            return {}
        self._stored_at = visitor_key(digest)
        return dict(SessionState.loads(record).data)

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError when it ended meanwhile: a late page must not revive it."""
        if self.session_key is None:
            self.create()
            return
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        digest = digest_of(self.session_key)
        state = _state(data)
        key = published.session_key(digest) if state.account else visitor_key(digest)
        fresh = must_create or key != self._stored_at
        seconds = max(1, state.absolute_until - int(time.time()))
        with answering() as redis:
            done = redis.set(key, state.dumps(), ex=seconds, nx=fresh, xx=not fresh)
            if done and fresh and self._stored_at:
                redis.delete(self._stored_at)
            if done and fresh and state.account:
                _enlist(state, digest, seconds)
        if not done:
            raise CreateError if must_create else UpdateError
        self.account, self._stored_at = state.account, key

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            forget([digest_of(key)], self.account)

    @classmethod
    def clear_expired(cls) -> None:
        """Redis forgets by itself."""


def _state(data: dict[str, Any]) -> SessionState:
    """The record of DATA: that of an account when someone is signed in on agreed terms."""
    if SESSION_KEY not in data:
        now = int(time.time())
        return SessionState("", now, now + VISITOR_SECONDS, VISITOR_SECONDS, "", data=data)
    terms = Terms(**data[TERMS])
    account = uuid.UUID(data[SESSION_KEY]).hex
    return SessionState(
        account, terms.created, terms.absolute_until, terms.idle_seconds, terms.origin, data=data
    )


def _ended(state: SessionState, seen: int, now: int) -> str:
    """Why this session is over, or "". The same reckoning as the edge's."""
    if now >= state.absolute_until:
        return "absolute"
    if now - max(seen, state.created) >= state.idle_seconds:
        return "idle"
    return ""


def _frozen(redis: Redis, state: SessionState) -> str:
    """ "frozen" while two devices of one person stand still (`guard.one_device`)."""
    return "frozen" if redis.exists(published.frozen_key(state.account)) else ""


def _enlist(state: SessionState, digest: str, seconds: int) -> None:
    with answering() as redis, redis.pipeline(transaction=False) as together:
        together.sadd(sessions_key(state.account), digest)
        together.expire(sessions_key(state.account), seconds, gt=True)
        together.expire(sessions_key(state.account), seconds, nx=True)
        together.execute()


def forget(digests: list[str], account_id: str) -> None:
    """Take sessions away, whatever they are."""
    keys = [
        name(digest)
        for digest in digests
        for name in (published.session_key, published.seen_key, visitor_key)
    ]
    with answering() as redis:
        if keys:
            redis.delete(*keys)
        if digests and account_id:
            redis.srem(sessions_key(account_id), *digests)


def _members(redis: Redis, account_id: str) -> list[str]:
    return sorted(str(digest) for digest in redis.smembers(sessions_key(account_id)))


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session as its owner sees it in the list of theirs."""

    digest: str
    terms: Terms
    seen: int


def live_sessions(account_id: str, now: int) -> list[LiveSession]:
    """The sessions of an account that are open now, the most recently used first."""
    with answering() as redis:
        digests = _members(redis, account_id)
        if not digests:
            return []
        records = redis.mget([published.session_key(digest) for digest in digests])
        seens = redis.mget([published.seen_key(digest) for digest in digests])
    live, dead = [], []
    for digest, record, seen in zip(digests, records, seens, strict=True):
        state = SessionState.loads(record) if record else None
        if state is None or _ended(state, int(seen or 0), now):
            dead.append(digest)
            continue
        live.append(LiveSession(digest, Terms(**state.data[TERMS]), max(int(seen or 0), state.created)))
    forget(dead, account_id)
    return sorted(live, key=lambda session: -session.seen)


def roads_key(account_id: str) -> str:
    """How often everything of an account was ended: whoever was on the way in before is no more."""
    return f"{published.PREFIX}roads:{account_id}"


def generation(account_id: str) -> int:
    """The number that an entry must hold to go on."""
    with answering() as redis:
        return int(redis.get(roads_key(account_id)) or 0)


def end_all(account_id: str, but: str = "") -> int:
    """End an account's sessions (all but the digest BUT), whoever is on the way in to it, and tell who holds
    connections. How many sessions.
    """
    with answering() as redis:
        digests = [digest for digest in _members(redis, account_id) if digest != but]
        forget(digests, account_id)
        redis.incr(roads_key(account_id))
        redis.expire(roads_key(account_id), ROADS_SECONDS)
        redis.publish(published.CHANNEL_ENDED, account_id)
    return len(digests)


def tell_ended(account_id: str) -> None:
    """Have this account's connections end; who may still sign in comes back by itself."""
    with answering() as redis:
        redis.publish(published.CHANNEL_ENDED, f"{account_id} {published.ENDED_CONNECTIONS}")


def end_one(account_id: str, digest: str) -> bool:
    """End one session if it is this account's. True when there was one."""
    with answering() as redis:
        if not redis.sismember(sessions_key(account_id), digest):
            return False
        forget([digest], account_id)
        redis.publish(published.CHANNEL_ENDED, account_id)
    return True


def end_some(account_id: str, digests: Sequence[str], why: str) -> None:
    """End these sessions of an account; who comes back with one is told WHY ("replaced")."""
    if not digests:
        return
    with answering() as redis:
        for digest in digests:
            redis.set(published.gone_key(digest), why, ex=GONE_SECONDS)
        forget(list(digests), account_id)
        redis.publish(published.CHANNEL_ENDED, account_id)


def freeze(account_id: str, seconds: int) -> None:
    """Have every session of an account stand still; they go on when the time is up."""
    with answering() as redis:
        redis.set(published.frozen_key(account_id), int(time.time()) + seconds, ex=seconds)
        redis.publish(published.CHANNEL_ENDED, account_id)


def frozen_until(account_id: str) -> int:
    """Until when an account's sessions stand still (unix seconds); 0: they don't."""
    with answering() as redis:
        return int(redis.get(published.frozen_key(account_id)) or 0)


def thaw(account_id: str) -> None:
    """Let an account's sessions go on."""
    with answering() as redis:
        redis.delete(published.frozen_key(account_id))


def as_data(terms: Terms) -> dict[str, Any]:
    """TERMS as they are kept in a session."""
    return asdict(terms)
