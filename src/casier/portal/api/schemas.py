"""The shapes of `/api/`, as docs/develop/interfaces.md gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


class Shape(Schema):
    """Fields in camel case on the wire; what isn't known is refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class AccountShape(Shape):
    id: str
    name: str
    address: str
    mailbox_key: str


class AcademyShape(Shape):
    slug: str
    name: str
    accent: str
    domains: list[str]


class Named(Shape):
    name: str
    email: str


class Identity(Named):
    # On whose behalf one writes is the identity; this is the name that stands beside it.
    sender: Named | None = None


class Shared(Shape):
    mailbox_key: str
    name: str
    email: str
    addresses: list[str]
    kind: Literal["functional", "delegated"]
    writes: bool
    until: datetime | None
    delegation: str


class Signed(Shape):
    email: str
    on_behalf: bool
    html: str
    text: str


class SignatureShape(Shape):
    mode: Literal["off", "offered", "imposed"]
    by: list[Signed]


class Limits(Shape):
    attachment_bytes: int
    undo_seconds: int
    idle_seconds: int
    warning_seconds: int


class Me(Shape):
    account: AccountShape
    academy: AcademyShape
    identities: list[Identity]
    shared: list[Shared]
    lends: bool
    limits: Limits
    signature: SignatureShape
    outside: Literal["show", "first", "always"]
    waiting: int
    locale: Literal["fr", "en"]
    theme: Literal["auto", "light", "dark"]
    shared_computer: bool
    settings: dict[str, Any]


class Preferences(Shape):
    locale: Literal["fr", "en"] | None = None
    theme: Literal["auto", "light", "dark"] | None = None


class Found(Shape):
    name: str
    email: str
    detail: str


class Original(Shape):
    """What a message answers or passes on."""

    email_id: str = Field(min_length=1, max_length=200)
    kind: Literal["reply", "forward"]


class SendRequest(Shape):
    email_id: str = Field(min_length=1, max_length=200)
    account_id: str = Field(min_length=1, max_length=200)
    identity: str = Field(default="", max_length=200)
    mail_from: str = Field(min_length=3, max_length=254)
    rcpt_to: list[str] = Field(min_length=1, max_length=500)
    send_at: datetime | None = None
    original: Original | None = None
    on_behalf: bool = False


class Rescheduled(Shape):
    send_at: datetime


class Accepted(Shape):
    id: str
    due_at: datetime


class SendState(Shape):
    id: str
    email_id: str
    state: Literal["waiting", "sending", "sent", "refused"]
    reason: str
    reference: str
    due_at: datetime
    account_id: str
    scheduled: bool
