"""Browsers that have been in before: a signed cookie, and a row for each account that used it.

The cookie holds a device's id, when it was written and, for each account that came in with it, a tag that
only we can make. It opens nothing: it only gives its people a lane of their own. A copy of it is worth
nothing any more once the true browser has been given two newer ones, or once the account forgets its
devices.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Self

from casier.identity.guard.keys import derived

COOKIE = "__Host-casier-appareil"
# How long a browser that isn't used stays known (seconds).
KNOWN_SECONDS = 180 * 86_400
MOST_ACCOUNTS = 8
_ID_BYTES, _TAG_BYTES, _VERSION = 16, 9, "a1"


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser's cookie says, once its signature has been found right."""

    id: str
    issued: int  # unix seconds
    tags: tuple[str, ...] = ()  # of the accounts that came in with it, the last one at the end

    @classmethod
    def new(cls) -> Self:
        return cls(_text(secrets.token_bytes(_ID_BYTES)), 0)

    def knows(self, account_id: str) -> bool:
        """Whether this account has come in with this device."""
        tag = _tag(self.id, account_id)
        return any(hmac.compare_digest(tag, known) for known in self.tags)

    def with_account(self, account_id: str, now: int) -> Self:
        """The device after that account came in, as it is written now. The oldest of many is left out."""
        tag = _tag(self.id, account_id)
        others = tuple(known for known in self.tags if known != tag)
        return replace(self, issued=now, tags=(*others, tag)[-MOST_ACCOUNTS:])

    @property
    def digest(self) -> str:
        """What the database knows of the id."""
        return hashlib.sha256(self.id.encode()).hexdigest()


def written(device: Device) -> str:
    """DEVICE as a cookie's value."""
    body = ".".join((_VERSION, device.id, str(device.issued), "~".join(device.tags)))
    return f"{body}.{_mac(body)}"


def read(cookie: str, now: int) -> Device | None:
    """The device of a cookie; None when we didn't write it, or long ago."""
    body, _, mac = cookie.rpartition(".")
    if len(cookie) > 1024 or not hmac.compare_digest(_mac(body).encode(), mac.encode("utf-8", "replace")):
        return None
    version, device_id, issued, tags = body.split(".")
    if version != _VERSION or now - int(issued) > KNOWN_SECONDS:
        return None
    return Device(device_id, int(issued), tuple(tag for tag in tags.split("~") if tag))


def _tag(device_id: str, account_id: str) -> str:
    made = hmac.digest(derived("device-account"), f"{device_id}:{account_id}".encode(), "sha256")
    return _text(made[:_TAG_BYTES])


def _mac(body: str) -> str:
    return _text(hmac.digest(derived("device"), body.encode("utf-8", "replace"), "sha256"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
