"""Sender rewriting for what Sieve redirects: the receiver's SPF check looks at our domain, bounces find back.

`SRS0=<mac>=<day>=<domain>=<local part>@<ours>`, the well-known form; the day is counted modulo 1024 in base
32, and a rewritten address lives for three weeks.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass

DAY = 86400
LIFETIME = 21  # days
_CYCLE = 1024
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_MAC_LETTERS = 12  # 60 bits
_PREFIX = "srs0="


def is_rewritten(address: str) -> bool:
    """Whether ADDRESS has the form of a rewritten sender, genuine or not."""
    return address.lower().startswith(_PREFIX)


def _stamp(day: int) -> str:
    day %= _CYCLE
    return _DIGITS[day // 32] + _DIGITS[day % 32]


def _day(stamp: str) -> int | None:
    if len(stamp) != 2 or any(letter not in _DIGITS for letter in stamp):
        return None
    return _DIGITS.index(stamp[0]) * 32 + _DIGITS.index(stamp[1])


@dataclass(frozen=True, slots=True)
class Srs:
    """Rewrite senders and read rewritten ones, with one key (the instance's secret `srs`)."""

    key: bytes

    def __repr__(self) -> str:
        return "Srs(…)"

    def forward(self, sender: str, ours: str, now: float) -> str | None:
        """SENDER under the domain OURS, or None for what is no address."""
        local, at, domain = sender.rpartition("@")
        if not at or not local or not domain:
            return None
        stamp = _stamp(int(now) // DAY)
        mac = self._mac(stamp, domain, local)
        return f"SRS0={mac}={stamp}={domain}={local}@{ours}"

    def reverse(self, address: str, now: float) -> str | None:
        """The sender behind ADDRESS, or None when it is not one of ours or too old.

        The marker, mac and day are read without regard to case: mail systems change it on the way.
        """
        local = address.rpartition("@")[0]
        if not local.lower().startswith(_PREFIX):
            return None
        fields = local[len(_PREFIX) :].split("=", 3)
        if len(fields) != 4:
            return None
        mac, stamp, domain, sender = fields[0].lower(), fields[1].lower(), fields[2], fields[3]
        day = _day(stamp)
        genuine = hmac.compare_digest(self._mac(stamp, domain, sender).encode(), mac.encode())
        fresh = day is not None and (int(now) // DAY - day) % _CYCLE <= LIFETIME
        return f"{sender}@{domain}" if genuine and fresh else None

    def _mac(self, stamp: str, domain: str, local: str) -> str:
        signed = f"{stamp}={domain}={local}".lower().encode("utf-8", "replace")
        digest = hmac.digest(self.key, signed, "sha256")
        return base64.b32encode(digest).decode().lower()[:_MAC_LETTERS]
