"""The one-minute token that stands in for a password behind the edge.

An engine's login carries this instead of a password, so that no engine ever sees one. It names the mailbox it
opens and when it ends, and is signed; nothing has to be stored.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from casier.kernel.secret import Secret

LIFETIME = 60  # seconds
_VERSION = "v1"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Make and verify tokens with one key (the instance's secret `token`)."""

    key: bytes

    def __repr__(self) -> str:
        return "Tokens(…)"

    def make(self, mailbox_key: str, now: float, lifetime: int = LIFETIME) -> Secret:
        """A token that opens the mailbox MAILBOX_KEY until NOW + LIFETIME seconds."""
        name = base64.urlsafe_b64encode(mailbox_key.encode()).decode().rstrip("=")
        signed = f"{_VERSION}.{int(now) + lifetime}.{name}"
        return Secret(f"{signed}.{self._sign(signed)}")

    def verify(self, token: Secret, now: float) -> str | None:
        """The mailbox key that TOKEN opens at NOW, or None when it is not ours or too old."""
        signed, _, mac = token.reveal().rpartition(".")
        if not hmac.compare_digest(self._sign(signed).encode(), mac.encode("utf-8", "replace")):
            return None
        _version, expiry, name = signed.split(".")
        return _decode(name) if now < int(expiry) else None

    def _sign(self, signed: str) -> str:
        return hmac.digest(self.key, signed.encode("utf-8", "replace"), "sha256").hex()


def _decode(name: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
