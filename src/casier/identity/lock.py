"""Growing delays after failures, for the person and for the place they come from.

A failure is counted before the password is looked at and taken back when it was right, so that many attempts
at once are worth no more than one after the other. Counted per account, not per name typed: an address and
its aliases share one count. Nobody is locked out for good: that would be an attack on the person by itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from redis import Redis

from casier.kernel import published

# After how many failures in a row the first delay comes, and what it is; it doubles from there.
FREE_TRIES_OF_SOURCE = 30  # a whole school may come from one address
FIRST_DELAY = 5
LONGEST_DELAY = 900
# A count is forgotten this long after the last failure.
MEMORY = 3600

# KEYS: counters. ARGV: now, memory, first delay, longest delay, then the free tries of each counter.
# Answers the seconds to wait (0: go on; the attempt is counted). Asking meanwhile doesn't lengthen it.
_RESERVE = """
local wait = 0
for _, key in ipairs(KEYS) do
  wait = math.max(wait, tonumber(redis.call('HGET', key, 'until') or 0) - tonumber(ARGV[1]))
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  local failures = redis.call('HINCRBY', key, 'failures', 1)
  local over = failures - tonumber(ARGV[4 + i])
  if over >= 0 then
    local delay = math.min(tonumber(ARGV[3]) * 2 ^ math.min(over, 16), tonumber(ARGV[4]))
    redis.call('HSET', key, 'until', tonumber(ARGV[1]) + delay)
  end
  redis.call('EXPIRE', key, tonumber(ARGV[2]))
end
return 0
"""

# KEYS: person, source. The person's count starts again; the source is given back one try.
_SUCCEED = """
redis.call('DEL', KEYS[1])
if tonumber(redis.call('HGET', KEYS[2], 'failures') or 0) > 0 then
  redis.call('HINCRBY', KEYS[2], 'failures', -1)
end
redis.call('HDEL', KEYS[2], 'until')
return 0
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Someone at the door: who they say they are (already canonical) and where they come from."""

    person: str
    source: str

    @property
    def keys(self) -> list[str]:
        return [
            f"{published.PREFIX}tries:person:{self.person}",
            f"{published.PREFIX}tries:source:{self.source}",
        ]


def unknown_person(typed: str) -> str:
    """The count of a name that nobody has: it grows like that of anyone."""
    return "unknown-" + hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()[:32]


def reserve(redis: Redis, attempt: Attempt, now: float, free_tries: int) -> int:
    """Count an attempt. Seconds to wait first, or 0 when the password may be looked at."""
    arguments = [now, MEMORY, FIRST_DELAY, LONGEST_DELAY, free_tries, FREE_TRIES_OF_SOURCE]
    return int(redis.register_script(_RESERVE)(keys=attempt.keys, args=arguments))


def succeed(redis: Redis, attempt: Attempt) -> None:
    """The password was right: the person's count starts again."""
    redis.register_script(_SUCCEED)(keys=attempt.keys)
