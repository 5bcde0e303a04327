"""The short-lived JWT with which a request enters Cyrus as one person.

Cyrus takes HS256, a header of `alg` and `typ` only, and `sub` and `iat` only. `iat` lies five seconds back:
Cyrus's clock is up to a second behind, and a token "from the future" is a 401.
"""

from __future__ import annotations

import base64
import hmac
import json

BACKDATED = 5  # seconds
REUSED = 10  # seconds that a token is given out again; Cyrus must accept them this much longer
MOST_KEPT = 10_000


def _segment(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


_HEAD = _segment(b'{"alg":"HS256","typ":"JWT"}')


def make_jwt(mailbox_key: str, key: bytes, now: float) -> str:
    """A token for MAILBOX_KEY, issued a little before NOW (RFC 7519)."""
    payload = json.dumps({"sub": mailbox_key, "iat": int(now) - BACKDATED}, separators=(",", ":"))
    signed = _HEAD + b"." + _segment(payload.encode())
    return (signed + b"." + _segment(hmac.digest(key, signed, "sha256"))).decode()


class Bearers:
    """Tokens by mailbox, kept for some seconds: a page of requests needs one signature."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._kept: dict[str, tuple[float, str]] = {}

    def token(self, mailbox_key: str, now: float) -> str:
        """A token that Cyrus accepts at NOW."""
        made, token = self._kept.get(mailbox_key, (0.0, ""))
        if 0 <= now - made < REUSED:
            return token
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        token = make_jwt(mailbox_key, self._key, now)
        self._kept[mailbox_key] = (now, token)
        return token
