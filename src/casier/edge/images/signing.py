"""The address under which a reader's browser gets an image: ours, for this person, for some hours.

`/images/<expiry>.<address, base64url>.<mac>`. Only the platform can write one, so that the proxy fetches
nothing that a page or another person makes up; the session that comes with it must be the same person's.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

LIFETIME = 6 * 3600  # seconds
PATH = "/images/"
_PURPOSE = b"casier image address v1\0"


@dataclass(frozen=True, slots=True)
class Signer:
    """Write and read addresses with one key (drawn from the instance's secret `token`)."""

    key: bytes

    def __repr__(self) -> str:
        return "Signer(…)"

    def sign(self, account: str, url: str, now: float) -> str:
        """The path that shows URL to ACCOUNT until LIFETIME from NOW."""
        expiry = int(now) + LIFETIME
        named = base64.urlsafe_b64encode(url.encode("utf-8", "replace")).decode().rstrip("=")
        return f"{PATH}{expiry}.{named}.{self._mac(account, expiry, named)}"

    def read(self, account: str, token: str, now: float) -> str | None:
        """The address that TOKEN stands for, or None when it isn't ours, not ACCOUNT's, or too old."""
        expiry, _, rest = token.partition(".")
        named, _, mac = rest.partition(".")
        if not expiry.isascii() or not expiry.isdigit() or len(expiry) > 12 or not account:
            return None
        wanted = self._mac(account, int(expiry), named)
        if not hmac.compare_digest(wanted.encode(), mac.encode("utf-8", "replace")) or now >= int(expiry):
            return None
        try:
            return base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None

    def _mac(self, account: str, expiry: int, named: str) -> str:
        said = f"{account}\0{expiry}\0{named}".encode("utf-8", "replace")
        return hmac.digest(self.key, _PURPOSE + said, "sha256").hex()
