"""The web's door: from a request's headers to yes, as whom, or no, why."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from casier.edge import attempts, check
from casier.edge.bearer import Bearers
from casier.edge.check import Asked, Kind
from casier.edge.problems import WORDS, Reason
from casier.edge.records import Records, app_password_mac, session_digest
from casier.kernel.errors import Unavailable, new_reference
from casier.kernel.programs import Use, program_of
from casier.kernel.published import AccountState
from casier.kernel.secret import Secret

LOG = logging.getLogger("casier.edge.door")
COOKIE = "__Host-casier"


@dataclass(frozen=True, slots=True)
class Passed:
    """The request may pass, as this account."""

    account: AccountState
    token: str  # for Cyrus
    session: str = ""  # digest; empty with an application password

    def headers(self) -> dict[str, str]:
        """What nginx reads and hands on."""
        return {
            "X-Casier-Token": self.token,
            "X-Casier-User": self.account.mailbox_key,
            "X-Casier-Account": self.account.id,
            "X-Casier-Store": self.account.store,
            "X-Casier-Limit": str(self.account.attachment_bytes),
            "X-Casier-Session": self.session,
        }


@dataclass(frozen=True, slots=True)
class Stopped:
    """The request may not pass. CHALLENGE invites a mail program to send a password."""

    reason: Reason
    reference: str
    challenge: bool = False

    @property
    def status(self) -> int:
        """What nginx's auth_request understands: 401, 403, or a failure."""
        status = WORDS[self.reason].status
        return status if status in (401, 503) else 403

    def headers(self) -> dict[str, str]:
        """What nginx reads, and shows again to `/refused` for the words."""
        challenge = {"X-Casier-Challenge": "1"} if self.challenge else {}
        return {"X-Casier-Reason": self.reason.value, "X-Casier-Reference": self.reference, **challenge}


def asked_from(headers: Mapping[str, str]) -> Asked:
    """Read the request's facts from what nginx sets; it hands on only the client's headers that it names."""
    length = headers.get("x-casier-length", "")
    return Asked(
        kind=Kind(headers.get("x-casier-kind", "")),
        method=headers.get("x-casier-method", ""),
        own_origin=f"{headers.get('x-forwarded-proto', '')}://{headers.get('host', '').lower()}",
        origin=headers.get("origin", "").lower(),
        fetch_site=headers.get("sec-fetch-site", ""),
        content_type=headers.get("content-type", ""),
        content_length=int(length) if length.isdigit() else 0,
        background=headers.get("x-casier-background", "") == "1",
        address=headers.get("x-real-ip", ""),
    )


def cookie_of(header: str) -> Secret | None:
    """The session cookie in a `Cookie` header."""
    for item in header.split(";"):
        name, _, value = item.strip().partition("=")
        if name == COOKIE and value:
            return Secret(value)
    return None


def basic_of(header: str) -> tuple[str, Secret] | None:
    """User and password of an `Authorization: Basic` header (RFC 7617), or None."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (user, Secret(password)) if colon else None


@dataclass(frozen=True, slots=True)
class Door:
    """The check, with what it asks."""

    records: Records
    bearers: Bearers
    app_password_key: bytes

    async def check(self, headers: Mapping[str, str], now: float) -> Passed | Stopped:
        """Whether the request with these facts may pass."""
        asked = asked_from(headers)
        if reason := check.from_our_page(asked):
            return self._stop(asked, reason)
        try:
            basic = basic_of(headers.get("authorization", ""))
            if basic:
                return await self._by_password(asked, *basic, headers, now)
            return await self._by_cookie(asked, cookie_of(headers.get("cookie", "")), headers, now)
        except Unavailable:
            return self._stop(asked, Reason.UNAVAILABLE)

    async def _by_cookie(
        self, asked: Asked, cookie: Secret | None, headers: Mapping[str, str], now: float
    ) -> Passed | Stopped:
        if cookie is None:
            return self._stop(asked, Reason.SIGN_IN, challenge="sec-fetch-site" not in headers)
        if reason := check.with_cookie(asked):
            return self._stop(asked, reason)
        live = await self.records.session(session_digest(cookie), now, active=asked.active)
        reason = check.session_may(asked, live, now)
        if reason or live is None or live.account is None:
            return self._stop(asked, reason or Reason.SIGN_IN)
        return Passed(live.account, self.bearers.token(live.account.mailbox_key, now), live.digest)

    async def _by_password(
        self, asked: Asked, user: str, password: Secret, headers: Mapping[str, str], now: float
    ) -> Passed | Stopped:
        found = await self.records.app_password(app_password_mac(password, self.app_password_key))
        reason = check.password_may(asked, user, found)
        if reason == Reason.WRONG_PASSWORD and await attempts.note_failure(self.records, asked.address, user):
            reason = Reason.TOO_MANY_ATTEMPTS
        if reason or found is None or found.account is None:
            return self._stop(asked, reason or Reason.WRONG_PASSWORD, challenge=True)
        protocol = "dav" if asked.kind == Kind.DAV else "jmap"
        program = program_of(headers.get("user-agent", ""))
        if not await self.records.may_use(Use(found.state.id, asked.address, protocol, program, int(now))):
            return self._stop(asked, Reason.NEW_PROGRAM)
        return Passed(found.account, self.bearers.token(found.account.mailbox_key, now))

    def _stop(self, asked: Asked, reason: Reason, *, challenge: bool = False) -> Stopped:
        stopped = Stopped(reason, new_reference(), challenge and asked.kind in (Kind.DAV, Kind.JMAP))
        level = logging.DEBUG if reason == Reason.SIGN_IN else logging.INFO
        LOG.log(level, "%s %s: %s (%s)", asked.kind, asked.method, reason, stopped.reference)
        return stopped
