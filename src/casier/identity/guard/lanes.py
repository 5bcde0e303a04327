"""Wrong tries, counted for each person and lane; and how fast one source may try.

A *lane* is a road to one account: each device that has been in before has its own, all unknown devices share
one. Who guesses from afar can shut that one lane; the person stays able to come in from their own device.
A person is the account, whatever name was typed (address, alias, NUMEN), or a keyed hash of a name that
nobody has: that one fills and locks in just the same way.

A try is counted *before* the password is looked at and given back when it was right, so that many at once
gain nothing over one after the other. The last try holds the lane shut while it is looked at. The same wrong
password again, which a mistaken habit sends ten times, counts once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from redis import Redis

from casier.kernel import published

# A count is forgotten this long after the last try (seconds); a lock that only a reset opens is not.
MEMORY = 86_400
# A name that nobody has is forgotten after this even when locked, or strangers could fill Redis for good.
STRANGER_MEMORY = 30 * 86_400
# While the last try is being looked at, the lane is shut for at most this (seconds).
HOLD = 30
# How long failures count as "just before" a sign-in (seconds).
RECENT = 3600
FOREVER = -1
# How long a source counts as restless after a wrong try (seconds).
RESTLESS = 600
# What happened in a minute is looked at within the next few (seconds).
MINUTES_KEPT = 900
# Of where the last wrong tries came from, the help desk sees this many.
SOURCES_KEPT = 5

LOCKED_QUEUE = f"{published.PREFIX}guard:locked"


class Lane(StrEnum):
    """The kinds of lanes; that of a device has its id behind a colon."""

    UNKNOWN = "unknown"
    DEVICE = "device"
    ALL = "all"  # strict policy: one for everybody
    FACTOR = "factor"  # wrong second factors, whatever the device


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tries a lane has, and what happens then."""

    attempts: int
    minutes: int  # 0: only a reset opens it

    @property
    def lock_seconds(self) -> int:
        return self.minutes * 60 if self.minutes else FOREVER


@dataclass(frozen=True, slots=True)
class Bucket:
    """How fast one source may try: BURST at once, then one each 1/RATE seconds."""

    burst: int
    rate: float


# 50 tries from one source take at least 35 s. A school behind one address gets its tries back as people get
# in.
CALM = Bucket(15, 1.0)
# While a wave is on.
STORM = Bucket(5, 0.25)


@dataclass(frozen=True, slots=True)
class Try:
    """Someone at the door: who they say they are, by which lane, from where, with what."""

    person: str
    academy: str  # slug; "" where the name says none
    lane: str
    source: str  # an address, or the network that counts as one
    digest: str  # of what was typed, keyed
    pays: bool = True  # whether the source pays: a known device doesn't

    @property
    def stranger(self) -> bool:
        return self.person.startswith(STRANGER)


STRANGER = "unknown-"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: seconds until this may be tried, 0 for now, -1 for not before a reset. `counted`: whether the
    try took one of the lane's. `calm`: whether nobody was wrong lately where it comes from.
    """

    wait: int
    counted: bool = False
    calm: bool = True


def lane_key(person: str, lane: str) -> str:
    return f"{published.PREFIX}guard:lane:{person}:{lane}"


def source_key(source: str) -> str:
    return f"{published.PREFIX}guard:source:{source}"


def restless_key(source: str) -> str:
    """There for a while after a wrong try from this source."""
    return f"{published.PREFIX}guard:restless:{source}"


def recent_key(person: str) -> str:
    """How many wrong tries there were lately, by whichever lane."""
    return f"{published.PREFIX}guard:recent:{person}"


def blocked_key(academy: str) -> str:
    """Which lanes of an academy's accounts are locked: `<person>:<lane>`, by when they open."""
    return f"{published.PREFIX}guard:blocked:{academy}"


def wave_key(academy: str) -> str:
    """There while a wave against the academy is on."""
    return f"{published.PREFIX}guard:wave:{academy}"


def minute_key(what: str, academy: str, minute: int) -> str:
    """What happened at the doors of an academy in a minute: `wrong`, `right`, `sources`, `people`."""
    return f"{published.PREFIX}guard:{what}:{academy}:{minute}"


# KEYS: lane, source, wave, restless.
# ARGV: now, attempts, memory, hold, digest, pays, burst, rate, burst and rate while a wave is on.
# Answers the wait, whether the try was counted, and whether the source was wrong lately.
_RESERVE = """
local now, attempts = tonumber(ARGV[1]), tonumber(ARGV[2])
local shut = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
if shut == -1 then return {-1, 0, 0} end
if shut > now then return {math.ceil(shut - now), 0, 0} end
local wrong = redis.call('EXISTS', KEYS[4])
if ARGV[6] == '1' then
  local storm = redis.call('EXISTS', KEYS[3]) == 1
  local burst = tonumber(storm and ARGV[9] or ARGV[7])
  local rate = tonumber(storm and ARGV[10] or ARGV[8])
  local tokens = tonumber(redis.call('HGET', KEYS[2], 'tokens') or burst)
  local at = tonumber(redis.call('HGET', KEYS[2], 'at') or now)
  tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
  if tokens < 1 then return {math.ceil((1 - tokens) / rate), 0, wrong} end
  redis.call('HSET', KEYS[2], 'tokens', tostring(tokens - 1), 'at', tostring(now))
  redis.call('EXPIRE', KEYS[2], math.ceil(burst / rate) + 60)
end
local tries = tonumber(redis.call('HGET', KEYS[1], 'tries') or 0)
if tries >= attempts then
  redis.call('DEL', KEYS[1])
  tries = 0
end
if redis.call('HEXISTS', KEYS[1], 'd:' .. ARGV[5]) == 1 then return {0, 0, wrong} end
redis.call('HSET', KEYS[1], 'd:' .. ARGV[5], '1', 'tries', tries + 1)
if tries + 1 >= attempts then redis.call('HSET', KEYS[1], 'until', tostring(now + tonumber(ARGV[4]))) end
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[3]))
return {0, 1, wrong}
"""

# The password was wrong. KEYS: lane, queue of locks, wrong, sources, people, recent, blocked, restless.
# ARGV: now, attempts, lock seconds (-1: until a reset), memory, source, person, lane, counted, stranger,
# memory of strangers, sources kept, recent seconds, academy, pays, restless seconds.
_FAIL = """
local now, attempts = tonumber(ARGV[1]), tonumber(ARGV[2])
for _, key in ipairs({KEYS[3], KEYS[4], KEYS[5]}) do
  if key == KEYS[3] then redis.call('INCR', key)
  elseif key == KEYS[4] then redis.call('PFADD', key, ARGV[5])
  else redis.call('PFADD', key, ARGV[6]) end
  redis.call('EXPIRE', key, 900)
end
redis.call('INCR', KEYS[6])
redis.call('EXPIRE', KEYS[6], ARGV[12])
if ARGV[14] == '1' then redis.call('SET', KEYS[8], '1', 'EX', ARGV[15]) end
if ARGV[8] ~= '1' then return 0 end
local sources = cjson.decode(redis.call('HGET', KEYS[1], 'sources') or '[]')
local kept = {ARGV[5]}
for _, source in ipairs(sources) do
  if source ~= ARGV[5] and #kept < tonumber(ARGV[11]) then kept[#kept + 1] = source end
end
redis.call('HSET', KEYS[1], 'sources', cjson.encode(kept))
redis.call('EXPIRE', KEYS[1], ARGV[4])
local tries = tonumber(redis.call('HGET', KEYS[1], 'tries') or 0)
if tries < attempts or redis.call('HEXISTS', KEYS[1], 'since') == 1 then return 0 end
local seconds = tonumber(ARGV[3])
local ends = seconds == -1 and '-1' or tostring(math.floor(now) + seconds)
redis.call('HSET', KEYS[1], 'since', ARGV[1], 'until', ends)
if ARGV[9] == '1' then redis.call('EXPIRE', KEYS[1], ARGV[10])
elseif seconds == -1 then redis.call('PERSIST', KEYS[1])
else redis.call('EXPIRE', KEYS[1], math.max(tonumber(ARGV[4]), seconds)) end
local opens = seconds == -1 and '+inf' or ends
if ARGV[9] ~= '1' then redis.call('ZADD', KEYS[7], opens, ARGV[6] .. ' ' .. ARGV[7]) end
redis.call('RPUSH', KEYS[2], cjson.encode({person=ARGV[6], lane=ARGV[7], source=ARGV[5], at=now}))
redis.call('LTRIM', KEYS[2], -100000, -1)
return seconds
"""

# Nothing came of a try: neither right nor wrong. KEYS: lane, source. ARGV: digest, counted, pays, burst.
_GIVE_BACK = """
if ARGV[2] == '1' and redis.call('HDEL', KEYS[1], 'd:' .. ARGV[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'tries', -1)
  if redis.call('HEXISTS', KEYS[1], 'since') == 0 then redis.call('HDEL', KEYS[1], 'until') end
end
if ARGV[3] == '1' and redis.call('EXISTS', KEYS[2]) == 1 then
  local tokens = math.min(tonumber(ARGV[4]), tonumber(redis.call('HGET', KEYS[2], 'tokens')) + 1)
  redis.call('HSET', KEYS[2], 'tokens', tostring(tokens))
end
return 0
"""

# It was right: the lane starts again, the source gets its try back.
# KEYS: lane, source, right, blocked. ARGV: pays, burst, member of blocked.
_SUCCEED = """
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[4], ARGV[3])
redis.call('INCR', KEYS[3])
redis.call('EXPIRE', KEYS[3], 900)
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[2]) == 1 then
  local tokens = math.min(tonumber(ARGV[2]), tonumber(redis.call('HGET', KEYS[2], 'tokens')) + 1)
  redis.call('HSET', KEYS[2], 'tokens', tostring(tokens))
end
return 0
"""


def reserve(redis: Redis, attempt: Try, limits: Limits, now: float) -> Verdict:
    """Count ATTEMPT before anything is looked at; whether it may be."""
    keys = [
        lane_key(attempt.person, attempt.lane),
        source_key(attempt.source),
        wave_key(attempt.academy),
        restless_key(attempt.source),
    ]
    arguments: list[str | int | float] = [
        now, limits.attempts, MEMORY, HOLD, attempt.digest, int(attempt.pays),
        CALM.burst, CALM.rate, STORM.burst, STORM.rate,
    ]  # fmt: skip
    wait, counted, wrong = redis.register_script(_RESERVE)(keys=keys, args=arguments)
    return Verdict(int(wait), bool(counted), calm=not wrong)


def fail(redis: Redis, attempt: Try, limits: Limits, verdict: Verdict, now: float) -> int:
    """It was wrong. Seconds for which the lane has just been locked (-1: until a reset); 0: it isn't."""
    minute = int(now) // 60
    keys = [
        lane_key(attempt.person, attempt.lane),
        LOCKED_QUEUE,
        minute_key("wrong", attempt.academy, minute),
        minute_key("sources", attempt.academy, minute),
        minute_key("people", attempt.academy, minute),
        recent_key(attempt.person),
        blocked_key(attempt.academy),
        restless_key(attempt.source),
    ]
    arguments: list[str | int | float] = [
        now, limits.attempts, limits.lock_seconds, MEMORY, attempt.source, attempt.person, attempt.lane,
        int(verdict.counted), int(attempt.stranger), STRANGER_MEMORY, SOURCES_KEPT, RECENT, attempt.academy,
        int(attempt.pays), RESTLESS,
    ]  # fmt: skip
    return int(redis.register_script(_FAIL)(keys=keys, args=arguments))


def give_back(redis: Redis, attempt: Try, verdict: Verdict) -> None:
    """Nothing was looked at after all."""
    keys = [lane_key(attempt.person, attempt.lane), source_key(attempt.source)]
    arguments: list[str | int | float] = [attempt.digest, int(verdict.counted), int(attempt.pays), CALM.burst]
    redis.register_script(_GIVE_BACK)(keys=keys, args=arguments)


def succeed(redis: Redis, attempt: Try, now: float) -> None:
    """It was right: this lane's count starts again. Others keep theirs: they may be somebody else's."""
    keys = [
        lane_key(attempt.person, attempt.lane),
        source_key(attempt.source),
        minute_key("right", attempt.academy, int(now) // 60),
        blocked_key(attempt.academy),
    ]
    arguments: list[str | int] = [int(attempt.pays), CALM.burst, f"{attempt.person} {attempt.lane}"]
    redis.register_script(_SUCCEED)(keys=keys, args=arguments)


def count_wrong(redis: Redis, academy: str, person: str, source: str, now: float) -> None:
    """A wrong try at a door that has no lane: it makes waves, and shuts nothing."""
    minute = int(now) // 60
    failures, sources, people = (minute_key(what, academy, minute) for what in ("wrong", "sources", "people"))
    with redis.pipeline(transaction=False) as batch:
        batch.incr(failures)
        batch.pfadd(sources, source)
        batch.pfadd(people, person)
        for key in (failures, sources, people):
            batch.expire(key, MINUTES_KEPT)
        batch.execute()


def count_right(redis: Redis, academy: str, now: float) -> None:
    """A right try at a door that has no lane: what tells a busy morning from an attack."""
    key = minute_key("right", academy, int(now) // 60)
    with redis.pipeline(transaction=False) as batch:
        batch.incr(key)
        batch.expire(key, MINUTES_KEPT)
        batch.execute()


@dataclass(frozen=True, slots=True)
class Shut:
    """A lane that is locked now."""

    lane: str
    since: int
    until: int  # 0: until somebody unlocks it
    sources: tuple[str, ...]


def shut(redis: Redis, person: str, lane: str, now: float) -> Shut | None:
    """What is known of the lane if it is locked; a try that is just being looked at is no lock."""
    values = redis.hmget(lane_key(person, lane), "since", "until", "sources")
    since, until, sources = values
    if since is None or until is None or (float(until) != FOREVER and float(until) <= now):
        return None
    end = 0 if float(until) == FOREVER else int(float(until))
    return Shut(lane, int(float(since)), end, tuple(json.loads(sources or "[]")))


def wait_of(redis: Redis, person: str, lane: str, now: float) -> int:
    """Seconds until the lane may be tried; 0 now, -1 after a reset only. Counts nothing."""
    until = float(redis.hget(lane_key(person, lane), "until") or 0)
    if until == FOREVER:
        return FOREVER
    return max(0, -int(-(until - now) // 1)) if until > now else 0


def reopen_one(redis: Redis, person: str, academy: str, lane: str) -> None:
    """Forget what was counted in one lane."""
    redis.delete(lane_key(person, lane))
    redis.zrem(blocked_key(academy), f"{person} {lane}")


def reopen(redis: Redis, person: str, academy: str, lanes: list[str]) -> None:
    """Forget what was counted in these lanes."""
    if lanes:
        redis.delete(*[lane_key(person, lane) for lane in lanes])
        redis.zrem(blocked_key(academy), *[f"{person} {lane}" for lane in lanes])
    redis.delete(recent_key(person))
