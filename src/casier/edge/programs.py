"""Whether a mail program may use an application password, and that it was used."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from casier.kernel import programs
from casier.kernel.errors import Unavailable
from casier.kernel.programs import Use

# The last use is written at most this often (seconds).
USED_STEP = 60
# A year: what isn't kept by then was not used.
USED_SECONDS = 31_536_000

# KEYS: programs, used, ids used, waits, told, waiting. ARGV: pair, now, step, seconds kept, app password,
# address, protocol, program, the use as text, seconds it waits, most told, channel.
# Answers 1 when the program may go on; 0: it waits for the owner, who is told once.
_USE = """
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SET', KEYS[4], '1', 'EX', ARGV[10], 'NX') then
    local told = redis.call('INCR', KEYS[5])
    if told == 1 then redis.call('EXPIRE', KEYS[5], ARGV[10]) end
    if told <= tonumber(ARGV[11]) then
      redis.call('RPUSH', KEYS[6], ARGV[9])
      redis.call('PUBLISH', ARGV[12], '1')
    end
  end
  return 0
end
local last = tonumber(redis.call('HGET', KEYS[2], 'at') or 0)
if tonumber(ARGV[2]) - last >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[2], 'at', ARGV[2], 'address', ARGV[6], 'protocol', ARGV[7], 'program', ARGV[8])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
  redis.call('SADD', KEYS[3], ARGV[5])
end
return 1
"""


class Programs:
    """Asks and notes in one round trip. Raises Unavailable when Redis doesn't answer."""

    def __init__(self, redis: Redis) -> None:
        self._use = redis.register_script(_USE)

    async def may_use(self, use: Use) -> bool:
        """Whether the program of USE may go on with the application password; noted when it may."""
        keys = [
            programs.programs_key(use.app_password), programs.used_key(use.app_password), programs.USED,
            programs.waits_key(use), programs.told_key(use.app_password), programs.WAITING,
        ]  # fmt: skip
        arguments: list[str | int] = [
            use.pair, use.at, USED_STEP, USED_SECONDS, use.app_password, use.address, use.protocol,
            use.program, use.dumps(), programs.WAITS_SECONDS, programs.MOST_TOLD, programs.CHANNEL,
        ]  # fmt: skip
        try:
            return bool(await cast("Awaitable[Any]", self._use(keys=keys, args=arguments)))
        except (RedisError, OSError, TimeoutError) as error:
            raise Unavailable("redis", cause=type(error).__name__) from error
