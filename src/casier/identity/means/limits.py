"""How many codes may be sent: to a means, for an account, from a place, by the whole platform.

Text messages and calls cost money, and whoever owns the number may share it (SMS pumping, toll fraud); a
flood of them is an attack on its own. All counters are looked at before one is counted. Who isn't signed in
at all has counters of their own, so that nobody can use up the codes of somebody else's sign-in.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.conf import settings

from casier.identity.dispatch.sealing import KEY
from casier.identity.means.errors import TooManyCodes
from casier.identity.redis_link import answering
from casier.kernel import published

HOUR, DAY = 3600, 86_400

# KEYS: counters. ARGV: for each the most, and the seconds of its window. 0, or the seconds to wait.
_RESERVE = """
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait, redis.call('TTL', key), 1)
  end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[2 * i]) end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """One limit: what is counted, how many, in how long."""

    kind: str
    of: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """No address, number or account stands in the key."""
        key = settings.CASIER_INSTANCE.key(KEY)
        digest = hmac.digest(key, f"code limits {self.of}".encode(), "sha256").hex()[:32]
        return f"{published.PREFIX}code-limits:{self.kind}-{self.seconds}:{digest}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a code, for whom, to where. PROVED: they have shown something already (a password)."""

    means: str  # index of the value: an address that two accounts share has one count
    account: str
    source: str
    proved: bool
    telephone: bool
    per_hour: int  # text messages and calls of the platform


def counters(asking: Asking) -> list[Counter]:
    """All limits on ASKING."""
    lane = "in" if asking.proved else "out"
    found = [
        Counter(f"means-{lane}", asking.means, 5, HOUR),
        Counter(f"means-{lane}", asking.means, 10, DAY),
        Counter(f"account-{lane}", asking.account, 8, HOUR),
        Counter(f"account-{lane}", asking.account, 20, DAY),
        # A whole school may come from one address.
        Counter("source", asking.source, 60, HOUR),
        Counter("source", asking.source, 300, DAY),
    ]
    if asking.telephone:
        # Who has shown nothing may use up half: the rest stays for those who are at their second factor.
        most = asking.per_hour if asking.proved else max(1, asking.per_hour // 2)
        found += [
            Counter(f"platform-{lane}", "all", most, HOUR),
            Counter(f"platform-{lane}", "all", most * 10, DAY),
        ]
    return found


def reserve(asking: Asking) -> None:
    """Count one more code. Raises TooManyCodes, Unavailable."""
    limits = counters(asking)
    arguments = [number for one in limits for number in (one.most, one.seconds)]
    with answering() as redis:
        wait = int(redis.register_script(_RESERVE)(keys=[one.key for one in limits], args=arguments))
    if wait:
        raise TooManyCodes(seconds=wait)
