"""What the platform has published, read from Redis in one round trip a question.

Every failure to reach Redis becomes `Unavailable`: unknown is not no.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from casier.edge.programs import Programs
from casier.kernel import handed_over, published
from casier.kernel.errors import Unavailable
from casier.kernel.handed_over import HandedOver
from casier.kernel.programs import Use
from casier.kernel.published import AccountState, AddressState, AppPasswordState, SessionState
from casier.kernel.secret import Secret

T = TypeVar("T")
ANSWER_SECONDS = 2.0
# The last activity is written at most this often (seconds): a page of requests is one activity.
SEEN_STEP = 15

# Session, its account and its last activity; notes activity when asked to and the session isn't idle already.
# KEYS: session, seen. ARGV: prefix of account keys, now, whether the request counts as activity ("1"/"0"),
# seconds between notes of activity, prefix of what stands still.
_SESSION = """
local session = redis.call('GET', KEYS[1])
if not session then return false end
local facts = cjson.decode(session)
local account = redis.call('GET', ARGV[1] .. facts.account)
local seen = redis.call('GET', KEYS[2])
local last = math.max(tonumber(seen or 0), facts.created)
local age = tonumber(ARGV[2]) - last
if ARGV[3] == '1' and age < facts.idle_seconds and (not seen or age >= tonumber(ARGV[4])) then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', facts.idle_seconds)
end
return {session, account, seen, redis.call('EXISTS', ARGV[5] .. facts.account)}
"""

# A record that names an account, and that account. KEYS: record. ARGV: prefix of account keys.
_APP_RECORD = """
local record = redis.call('GET', KEYS[1])
if not record then return false end
return {record, redis.call('GET', ARGV[1] .. cjson.decode(record).account)}
"""

# The person whose mailbox this is. KEYS: index. ARGV: prefix of account keys.
_OWNER = """
local id = redis.call('GET', KEYS[1])
if not id then return false end
return redis.call('GET', ARGV[1] .. id)
"""

# Put members into a set that is bounded and forgotten. KEYS: set. ARGV: most, seconds, members.
_ROOM = """
local held, new = redis.call('SCARD', KEYS[1]), {}
for at = 3, #ARGV do
  if redis.call('SISMEMBER', KEYS[1], ARGV[at]) == 0 then new[#new + 1] = ARGV[at] end
end
if #new == 0 then return 1 end
if held + #new > tonumber(ARGV[1]) then return 0 end
redis.call('SADD', KEYS[1], unpack(new))
if held == 0 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 1
"""

# What is published changes seldom and is asked for at each request. Nothing may change what these return.
_account = lru_cache(4096)(AccountState.loads)
_session = lru_cache(4096)(SessionState.loads)
_ACCOUNTS = published.account_key("")
_FROZEN = published.frozen_key("")
_CUT = f"{published.PREFIX}cut"  # accounts whose IMAP connections the relay has had cut


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session as Redis knows it now; `account` is None when the account is gone."""

    digest: str
    session: SessionState
    account: AccountState | None
    seen: int  # unix seconds of the last activity before this request; 0: none noted
    frozen: bool = False  # two devices came in where one is allowed: both stand still for a while


@dataclass(frozen=True, slots=True)
class AppPassword:
    """An application password and the account it belongs to."""

    state: AppPasswordState
    account: AccountState | None


def session_digest(cookie: Secret) -> str:
    """What Redis knows of a session cookie."""
    return hashlib.sha256(cookie.reveal().encode("utf-8", "replace")).hexdigest()


def app_password_mac(password: Secret, key: bytes) -> str:
    """What Redis knows of an application password: a keyed hash, so that a copy of Redis opens nothing."""
    return hmac.digest(key, password.reveal().encode("utf-8", "replace"), "sha256").hex()


def connect(socket: Path) -> Redis:
    """A client of the instance's Redis that answers or fails within two seconds."""
    return Redis(
        unix_socket_path=str(socket),
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=0,
    )


class Records:
    """Ask what is published. Every method raises Unavailable when Redis doesn't answer."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._session = redis.register_script(_SESSION)
        self._app_password = redis.register_script(_APP_RECORD)
        self._owner = redis.register_script(_OWNER)
        self._room = redis.register_script(_ROOM)
        self._programs = Programs(redis)

    async def session(self, digest: str, now: float, *, active: bool) -> LiveSession | None:
        """The session with this digest; ACTIVE notes that the person did something."""
        keys = [published.session_key(digest), published.seen_key(digest)]
        arguments = (_ACCOUNTS, int(now), int(active), SEEN_STEP, _FROZEN)
        found = await _answer(self._session(keys=keys, args=arguments))
        if not found:
            return None
        session, account, seen, frozen = found
        state = _account(account) if account else None
        return LiveSession(digest, _session(session), state, int(seen or 0), bool(frozen))

    async def app_password(self, mac: str) -> AppPassword | None:
        """The application password with this keyed hash."""
        keys = [published.app_password_key(mac)]
        found = await _answer(self._app_password(keys=keys, args=[_ACCOUNTS]))
        if not found:
            await self._be_sure()
            return None
        state = AccountState.loads(found[1]) if found[1] else None
        return AppPassword(AppPasswordState.loads(found[0]), state)

    async def may_use(self, use: Use) -> bool:
        """Whether the program of USE may go on with the application password; it is noted when it may."""
        return await self._programs.may_use(use)

    async def owner(self, mailbox_key: str) -> AccountState | None:
        """The account whose mailbox MAILBOX_KEY is."""
        keys = [published.mailbox_owner_key(mailbox_key)]
        found = await _answer(self._owner(keys=keys, args=[_ACCOUNTS]))
        if not found:
            await self._be_sure()
            return None
        return AccountState.loads(found)

    async def account(self, account_id: str) -> AccountState | None:
        """The account with this id."""
        found = await _answer(self.redis.get(published.account_key(account_id)))
        return AccountState.loads(found) if found else None

    async def address(self, address: str) -> AddressState | None:
        """Where mail for ADDRESS goes."""
        found = await _answer(self.redis.get(published.address_key(address)))
        if not found:
            await self._be_sure()
            return None
        return AddressState.loads(found)

    async def is_ours(self, domain: str) -> bool:
        """Whether DOMAIN is a mail domain of the platform."""
        answer = self.redis.sismember(published.DOMAINS, domain.lower())
        if await _answer(cast("Awaitable[int]", answer)):
            return True
        await self._be_sure()
        return False

    async def is_of_academy(self, domain: str, academy: str) -> bool:
        """Whether DOMAIN is a mail domain of ACADEMY. Raises Unavailable too where that isn't published."""
        pipeline = self.redis.pipeline(transaction=True)
        key = published.academy_domains_key(academy)
        pipeline.exists(key)
        pipeline.sismember(key, domain.lower())
        known, found = await _answer(pipeline.execute())
        if not known:
            raise Unavailable("redis", cause="the academy's domains are not published")
        return bool(found)

    async def is_verified(self, address: str, mailbox_key: str) -> bool:
        """Whether the owner of MAILBOX_KEY has proved that ADDRESS is theirs."""
        answer = self.redis.sismember(published.verified_key(mailbox_key), address.lower())
        if await _answer(cast("Awaitable[int]", answer)):
            return True
        await self._be_sure()
        return False

    async def room_for(self, key: str, members: list[str], most: int, seconds: int) -> bool:
        """Put MEMBERS into the set KEY unless it would hold more than MOST; it is forgotten after SECONDS."""
        return bool(await _answer(self._room(keys=[key], args=[most, seconds, *members])))

    async def _be_sure(self) -> None:
        """Before "there is none" is said. Raises Unavailable where Redis lost what was published."""
        if not await _answer(self.redis.exists(published.COMPLETE)):
            raise Unavailable("redis", cause="not everything is published")

    async def domains(self) -> list[str]:
        """The mail domains of the platform, sorted."""
        found = await _answer(cast("Awaitable[set[bytes]]", self.redis.smembers(published.DOMAINS)))
        return sorted(domain.decode() for domain in found)

    async def live_sessions(self, digests: list[str]) -> list[LiveSession | None]:
        """The sessions with these digests and their accounts, in three round trips whatever their number."""
        keys = [published.session_key(digest) for digest in digests]
        keys += [published.seen_key(digest) for digest in digests]
        found = await _answer(self.redis.mget(keys))
        count = len(digests)
        sessions = [SessionState.loads(text) if text else None for text in found[:count]]
        owners = sorted({session.account for session in sessions if session})
        accounts, frozen = await self._accounts(set(owners)), await self._frozen(owners)
        return [
            LiveSession(
                digest,
                session,
                accounts.get(session.account),
                int(seen or 0),
                session.account in frozen,
            )
            if session
            else None
            for digest, session, seen in zip(digests, sessions, found[count:], strict=True)
        ]

    async def _frozen(self, owners: list[str]) -> set[str]:
        if not owners:
            return set()
        found = await _answer(self.redis.mget([published.frozen_key(owner) for owner in owners]))
        return {owner for owner, text in zip(owners, found, strict=True) if text}

    async def _accounts(self, ids: set[str]) -> dict[str, AccountState]:
        if not ids:
            return {}
        names = sorted(ids)
        found = await _answer(self.redis.mget([published.account_key(name) for name in names]))
        return {name: AccountState.loads(text) for name, text in zip(names, found, strict=True) if text}

    async def note_cut(self, account_id: str) -> None:
        """Remember that an account's connections were cut, so that they are given back."""
        await _answer(self.redis.sadd(_CUT, account_id))

    async def forget_cut(self, account_id: str) -> None:
        """The account's connections were given back."""
        await _answer(self.redis.srem(_CUT, account_id))

    async def cut_accounts(self) -> list[str]:
        """The accounts whose connections are cut."""
        found = await _answer(cast("Awaitable[set[bytes]]", self.redis.smembers(_CUT)))
        return sorted(account.decode() for account in found)

    async def note_handed_over(self, told: HandedOver) -> None:
        """Leave word for the worker of what has passed."""
        pipeline = self.redis.pipeline(transaction=True)
        pipeline.xadd(handed_over.STREAM, {handed_over.FIELD: told.dumps()}, maxlen=handed_over.LONGEST)
        pipeline.publish(handed_over.CHANNEL, "1")
        if told.message_id:
            pipeline.set(handed_over.by_key(told.message_id), told.login, ex=handed_over.BY_SECONDS)
        await _answer(pipeline.execute())

    async def add(self, key: str, amount: int, seconds: int) -> int:
        """Add AMOUNT to a counter that is forgotten SECONDS after its first use; the new total."""
        pipeline = self.redis.pipeline(transaction=True)
        pipeline.set(key, 0, ex=seconds, nx=True)
        pipeline.incrby(key, amount)
        return int((await _answer(pipeline.execute()))[1])

    async def count(self, key: str) -> int:
        """What the counter KEY holds."""
        return int(await _answer(self.redis.get(key)) or 0)


async def _answer(question: Awaitable[T] | Any) -> Any:
    try:
        return await question
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable("redis", cause=type(error).__name__) from error
