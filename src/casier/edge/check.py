"""The rules of the web's door: may this request pass, and as whom?

nginx asks before every request to Cyrus and the relay. A request shows a session cookie or, for mail
programs, an application password. With a cookie the browser must also show that our own page is asking.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from casier.edge.problems import Reason
from casier.edge.records import AppPassword, LiveSession
from casier.kernel.published import Access, AccountState

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"", "same-origin", "none"})  # "" : a browser without Sec-Fetch-Site


class Kind(StrEnum):
    """What is asked for; nginx says it by location."""

    PAGE = "page"  # the web client's own page: a link from anywhere may lead to it
    JMAP = "jmap"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    DAV = "dav"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts of a request that the rules look at."""

    kind: Kind
    method: str
    own_origin: str  # scheme://host[:port] under which the request came
    origin: str = ""
    fetch_site: str = ""
    content_type: str = ""
    content_length: int = 0
    background: bool = False
    address: str = ""  # the client's IP address

    @property
    def unsafe(self) -> bool:
        """Whether the request may change something."""
        return self.method not in SAFE_METHODS

    @property
    def active(self) -> bool:
        """Whether a person did this, rather than the page by itself."""
        return not self.background and self.kind != Kind.EVENTS


def from_our_page(asked: Asked) -> Reason | None:
    """Refuse what another site makes a browser ask. Decided before any session is looked up."""
    if asked.origin and asked.origin != asked.own_origin:
        return Reason.ORIGIN
    if asked.kind == Kind.PAGE and not asked.unsafe:
        return None
    return None if asked.fetch_site in OWN_SITE else Reason.ORIGIN


def with_cookie(asked: Asked) -> Reason | None:
    """What a request with a cookie must show beyond it: Origin when it changes something, JSON for JMAP.

    A form on another site can post text, never JSON with our Origin (Fetch standard, CORS-safelisted types).
    """
    if not asked.unsafe:
        return None
    if not asked.origin:
        return Reason.ORIGIN
    media_type = asked.content_type.partition(";")[0].strip().lower()
    if asked.kind == Kind.JMAP and media_type != "application/json":
        return Reason.CONTENT_TYPE
    return None


def session_may(asked: Asked, live: LiveSession | None, now: float) -> Reason | None:
    """Whether a session opens this request."""
    if live is None or live.account is None:
        return Reason.SIGN_IN
    session = live.session
    last = max(live.seen, session.created)
    if now >= session.absolute_until or now - last >= session.idle_seconds:
        return Reason.EXPIRED
    if asked.unsafe and asked.origin != session.origin:
        return Reason.ORIGIN
    return Reason.ONE_DEVICE if live.frozen else account_may(asked, live.account)


def password_may(asked: Asked, user: str, found: AppPassword | None) -> Reason | None:
    """Whether an application password opens this request for the name that came with it."""
    protocol = "dav" if asked.kind == Kind.DAV else "jmap"
    if asked.kind in (Kind.PAGE, Kind.EVENTS):
        return Reason.SIGN_IN
    if found is None or found.account is None or not is_name_of(user, found.account):
        return Reason.WRONG_PASSWORD
    if protocol not in found.state.protocols:
        return Reason.WRONG_PASSWORD
    return account_may(asked, found.account)


def is_name_of(user: str, account: AccountState) -> bool:
    """Whether USER is a name that the person may sign in with: any of their addresses, or the mailbox key."""
    return user.lower() in account.addresses or user == account.mailbox_key


def account_may(asked: Asked, account: AccountState) -> Reason | None:
    """Whether the account is open, from here, for this much."""
    if account.access != Access.OPEN:
        return Reason.SUSPENDED if account.access == Access.SUSPENDED else Reason.SIGN_IN
    if not network_allowed(account.networks, asked.address):
        return Reason.NETWORK
    if asked.kind == Kind.UPLOAD and asked.content_length > account.attachment_bytes:
        return Reason.TOO_LARGE
    return None


def network_allowed(networks: list[str], address: str) -> bool:
    """Whether ADDRESS lies in one of NETWORKS; no networks: anywhere. What can't be read allows nothing."""
    if not networks:
        return True
    try:
        source = ipaddress.ip_address(address)
        return any(source in ipaddress.ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False
