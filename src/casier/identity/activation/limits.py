"""How often one may try to prove who one is: for the person meant, the place one comes from, the academy.

A try is counted before anything is looked up and taken back when it was right, so that many at once are worth
no more than one after the other. What is typed counts by its keyed index, whoever has it or nobody: the wait
tells nothing. A birth date has some ten thousand values, so a NUMEN's delays grow to a day and are remembered
for a week. When an academy sees too many failures, the free tries of each place become few; who makes one
mistake passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

from casier.kernel import published

FIRST_DELAY = 5
LONGEST_OF_PERSON = 24 * 3600
MEMORY_OF_PERSON = 7 * 24 * 3600
FREE_OF_SOURCE = 30  # a whole school may come from one address
FREE_OF_SOURCE_IN_ALARM = 3
LONGEST_OF_SOURCE = 900
MEMORY_OF_SOURCE = 3600
# So many failures of one academy within ten minutes are no newcomers' slips.
ALARM = 200
ALARM_SECONDS = 600

# KEYS: person, source, academy. ARGV: now, then free, longest, memory of the person, then of the source,
# then the free tries in alarm, the alarm's count, its seconds, the first delay.
# Answers the seconds to wait (0: go on; the try is counted). Asking meanwhile doesn't lengthen it.
_RESERVE = """
local now, first = tonumber(ARGV[1]), tonumber(ARGV[11])
local wait = 0
for i = 1, 2 do
  wait = math.max(wait, tonumber(redis.call('HGET', KEYS[i], 'until') or 0) - now)
end
if wait > 0 then return math.ceil(wait) end
local academy = redis.call('INCR', KEYS[3])
if academy == 1 then redis.call('EXPIRE', KEYS[3], tonumber(ARGV[10])) end
local free = {tonumber(ARGV[2]), tonumber(ARGV[5])}
if academy > tonumber(ARGV[9]) then free[2] = tonumber(ARGV[8]) end
for i = 1, 2 do
  local failures = redis.call('HINCRBY', KEYS[i], 'failures', 1)
  local over = failures - free[i]
  if over >= 0 then
    local delay = math.min(first * 2 ^ math.min(over, 20), tonumber(ARGV[i * 3]))
    redis.call('HSET', KEYS[i], 'until', now + delay)
  end
  redis.call('EXPIRE', KEYS[i], tonumber(ARGV[i * 3 + 1]))
end
return 0
"""

# The person's count starts again; place and academy are given back one try.
_SUCCEED = """
redis.call('DEL', KEYS[1])
if tonumber(redis.call('HGET', KEYS[2], 'failures') or 0) > 0 then
  redis.call('HINCRBY', KEYS[2], 'failures', -1)
end
redis.call('HDEL', KEYS[2], 'until')
if tonumber(redis.call('GET', KEYS[3]) or 0) > 0 then redis.call('DECR', KEYS[3]) end
return 0
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: the keyed index of what they typed, where they come from, the academy's short
    name.
    """

    index: str
    source: str
    academy: str

    @property
    def keys(self) -> list[str]:
        return [
            _person(self.index),
            f"{published.PREFIX}activation-tries:source:{self.source}",
            f"{published.PREFIX}activation-tries:academy:{self.academy}",
        ]


def reserve(redis: Redis, attempt: Attempt, now: float, free_tries: int) -> int:
    """Count a try. Seconds to wait first, or 0 when what was typed may be looked at."""
    arguments = [
        now,
        free_tries, LONGEST_OF_PERSON, MEMORY_OF_PERSON,
        FREE_OF_SOURCE, LONGEST_OF_SOURCE, MEMORY_OF_SOURCE,
        FREE_OF_SOURCE_IN_ALARM, ALARM, ALARM_SECONDS, FIRST_DELAY,
    ]  # fmt: skip
    return int(redis.register_script(_RESERVE)(keys=attempt.keys, args=arguments))


def succeed(redis: Redis, attempt: Attempt) -> None:
    """It was right: the person's count starts again."""
    redis.register_script(_SUCCEED)(keys=attempt.keys)


def forget_person(redis: Redis, index: str) -> None:
    """A fresh invitation: what was tried before doesn't hold its owner up."""
    redis.delete(_person(index))


def _person(index: str) -> str:
    return f"{published.PREFIX}activation-tries:person:{index}"
