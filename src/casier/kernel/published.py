"""What the platform publishes in Redis for the parts that ask at run time.

The directory and identity are the truth; these records are a cache that `./casier provision --publish`
rebuilds, and the worker by itself where Redis has lost them. Those of accounts, addresses and application
passwords are written by `directory`, `identity` and `mailbox` alone; the edge reads them. Values are JSON.
Sessions and counters live nowhere else: whoever loses Redis signs everyone out.

    casier:account:<account id>   AccountState
    casier:mailbox:<mailbox key>  account id of whose mailbox this is (Postfix and Rspamd know logins)
    casier:address:<address>      AddressState   (lower case; aliases and functional mailboxes too)
    casier:domains                set of mail domains that are ours
    casier:domains:<academy>      set of those of one academy
    casier:verified:<mailbox key> set of addresses of their own, elsewhere, that a person has proved (mailbox)
    casier:redirected:<mailbox key>
                                  set of the addresses that rules sent mail on to lately (edge, expires)
    casier:complete               there once everything is published; without it, what isn't found is unknown
    casier:rules-edition          how people's rules are written as Sieve now (mailbox)
    casier:session:<sha256 hex>   SessionState   (key: hash of the cookie's value)
    casier:visitor:<sha256 hex>   what the portal keeps of somebody who isn't signed in (identity, expires)
    casier:sessions:<account id>  set of the digests of an account's sessions (identity)
    casier:seen:<sha256 hex>      unix seconds of the person's last activity (edge, expires)
    casier:app-password:<hmac>    AppPasswordState (HMAC-SHA256 of the password, key `app-password`, hex)
    casier:frozen:<account id>    until when the account's browsers stand still: two devices came in where
                                  one is allowed (identity, expires)
    casier:gone:<sha256 hex>      why a session was ended by another device (identity, expires)
    casier:guard:…                what the portal's door counts (identity, expires): `lane:<person>:<lane>`
                                  wrong tries, `source:<address>` how fast one may try, `recent:<person>`,
                                  each minute's `wrong:`, `right:`, `people:`, `sources:`, `wave:`; `locked`,
                                  a list for who tells of it; `blocked:<academy>`; `told:`, references
    casier:failed:<address>, casier:failed:<address>:<hash of the name>
                                  wrong application passwords (edge, expires)
    casier:sent:<mailbox key>:<hour>
                                  recipients written to in this hour (edge, expires)
    casier:cut                    set of account ids whose IMAP connections are cut (relay)
    casier:cache:…                Django's cache (portal, expires)
    casier:ended                  pub/sub channel: an account id whose sessions or connections must end now
                                  (`<account id> connections`: mail programs too, a password was revoked)
    casier:outbox                 pub/sub channel: the worker has something to do
    casier:dispatch               pub/sub channel: something is to be sent to a person
    casier:code-limits:<kind>:<digest>
                                  codes sent to a means, account, source, by the platform (identity, expires)
    casier:gateway-rests:<name>   there while a gateway to telephones gives no answer (identity, expires)
    casier:push                   pub/sub channel: {"account": mailbox_key, "type": …} for its browsers;
                                  "" for all, with nothing that is anyone's
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

PREFIX = "casier:"
CHANNEL_ENDED = PREFIX + "ended"
ENDED_CONNECTIONS = "connections"
CHANNEL_OUTBOX = PREFIX + "outbox"
CHANNEL_SENDING = PREFIX + "sending"
CHANNEL_PUSH = PREFIX + "push"
CHANNEL_DISPATCH = PREFIX + "dispatch"
DOMAINS = PREFIX + "domains"
COMPLETE = PREFIX + "complete"
RULES_EDITION = PREFIX + "rules-edition"


class Access(StrEnum):
    """What an account may do now. Mail is received in every state but `CLOSED`."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Delivery(StrEnum):
    """Whether mail for an address can be delivered."""

    READY = "ready"  # the mailbox exists
    PENDING = "pending"  # known, not provisioned yet: mail waits (4xx)


class Redirects(StrEnum):
    """Where a person's rules may send mail on to."""

    NONE = "none"
    ACADEMY = "academy"  # addresses of the person's academy
    VERIFIED = "verified"  # …and addresses of their own that they have proved
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class _Json:
    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def loads(cls, text: str | bytes) -> Self:
        values: dict[str, Any] = json.loads(text)
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in names})


@dataclass(frozen=True, slots=True)
class AccountState(_Json):
    """What the edge needs to know of an account."""

    id: str  # hex UUID, never reused
    mailbox_key: str  # the user id in Cyrus; also the JMAP account id
    store: str  # name of the Cyrus that holds it, "store1" on one machine
    academy: str  # slug
    access: str = Access.OPEN
    addresses: list[str] = field(default_factory=list)  # every address it may send as, lower case
    lent: list[str] = field(default_factory=list)  # those of them that are functional mailboxes'
    # Addresses of colleagues whose delegate it is, and until when (unix seconds): written as they do…
    sends_as: dict[str, int] = field(default_factory=dict)
    # …or with an address of its own in `Sender:`.
    behalf: dict[str, int] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)  # mailbox keys of others' mailboxes that it may open
    lends: bool = False  # whether its own mailbox is open to others
    idle_seconds: int = 1800
    absolute_seconds: int = 43200
    attachment_bytes: int = 25_000_000
    networks: list[str] = field(default_factory=list)  # empty: from anywhere
    redirects: str = Redirects.VERIFIED
    redirect_addresses: int = 5  # how many different ones in a day


@dataclass(frozen=True, slots=True)
class AddressState(_Json):
    """Where mail for an address goes."""

    mailbox_key: str
    store: str
    delivery: str = Delivery.PENDING
    # Of an address that ended: mail goes on to this one, looked up in its turn.
    leads_to: str = ""
    attachment_bytes: int = 25_000_000


@dataclass(frozen=True, slots=True)
class SessionState(_Json):
    """One signed-in browser."""

    account: str  # account id
    created: int  # unix seconds
    absolute_until: int  # unix seconds
    idle_seconds: int
    origin: str  # scheme://host[:port] that the session was opened on
    generation: int = 0
    data: dict[str, Any] = field(default_factory=dict)  # what the portal keeps (language, messages…)


@dataclass(frozen=True, slots=True)
class AppPasswordState(_Json):
    """One application password."""

    account: str
    id: str
    protocols: list[str] = field(default_factory=lambda: ["imap", "smtp", "jmap", "dav"])


def account_key(account_id: str) -> str:
    return f"{PREFIX}account:{account_id}"


def mailbox_owner_key(mailbox_key: str) -> str:
    return f"{PREFIX}mailbox:{mailbox_key}"


def address_key(address: str) -> str:
    return f"{PREFIX}address:{address.lower()}"


def academy_domains_key(academy: str) -> str:
    return f"{DOMAINS}:{academy}"


def verified_key(mailbox_key: str) -> str:
    return f"{PREFIX}verified:{mailbox_key}"


def redirected_key(mailbox_key: str) -> str:
    return f"{PREFIX}redirected:{mailbox_key}"


def session_key(digest: str) -> str:
    return f"{PREFIX}session:{digest}"


def frozen_key(account_id: str) -> str:
    return f"{PREFIX}frozen:{account_id}"


def gone_key(digest: str) -> str:
    return f"{PREFIX}gone:{digest}"


def seen_key(digest: str) -> str:
    return f"{PREFIX}seen:{digest}"


def app_password_key(mac: str) -> str:
    return f"{PREFIX}app-password:{mac}"
