"""The shapes of all sections. A capability that keeps choices adds its own here.

Names travel in camel case; what a shape doesn't know is refused, what is missing has its default. A shape may
only grow fields with defaults: rows written before must stay readable.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """What a person chose in one part of the settings."""


class Label(Section, frozen=True):
    """One label: the IMAP keyword that messages bear, and how it is shown."""

    keyword: Annotated[str, Meta(pattern=r"^[$a-z0-9_-]{1,60}$")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    color: Literal["red", "orange", "yellow", "green", "teal", "blue", "violet", "grey"]


class Labels(Section, frozen=True):
    """The person's labels, in their order. Many more keywords than this no mailbox of the store can hold."""

    labels: Annotated[tuple[Label, ...], Meta(max_length=60)] = ()


class Pins(Section, frozen=True):
    """The folders in which something is pinned (JMAP ids): only their lists are sorted by it."""

    folders: Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=200)] = ()


class Visits(Section, frozen=True):
    """When the person last looked at their mail (UTC), and before that: what came SINCE is new to them."""

    last: Annotated[str, Meta(max_length=30)] = ""
    since: Annotated[str, Meta(max_length=30)] = ""


class Reading(Section, frozen=True):
    """How the list and the messages are shown, on whichever device."""

    conversations: bool = True
    shortcuts: bool = True
    pane: Literal["right", "below", "none"] = "right"


class Images(Section, frozen=True):
    """Remote images: asked for each time, or never; SENDERS are those whose images are always shown."""

    mode: Literal["ask", "never"] = "ask"
    senders: tuple[Annotated[str, Meta(max_length=254)], ...] = ()


class Absence(Section, frozen=True):
    """Whether answers go out, and when: what the rules in the store say, for pages that don't read them."""

    on: bool = False
    start: date | None = None
    end: date | None = None


class Identity(Section, frozen=True):
    """What stands below what is written from one address, and where answers shall go."""

    signature: Literal["own", "academy", "none"] = "none"
    html: Annotated[str, Meta(max_length=8000)] = ""
    text: Annotated[str, Meta(max_length=4000)] = ""
    on_replies: bool = True
    reply_to: Annotated[str, Meta(max_length=254)] = ""


class Writing(Section, frozen=True):
    """How one writes; IDENTITIES by address, in small letters."""

    format: Literal["html", "plain"] = "html"
    plain_to_plain: bool = True
    ask_receipt: bool = False
    answer_receipts: Literal["ask", "always", "never"] = "ask"
    default_from: Annotated[str, Meta(max_length=254)] = ""
    identities: dict[str, Identity] = {}


class SavedSearch(Section, frozen=True):
    """A search under a name."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


class Searches(Section, frozen=True):
    """The searches that the person keeps in the left pane, in their order."""

    searches: Annotated[tuple[SavedSearch, ...], Meta(max_length=50)] = ()


SECTIONS: dict[str, type[Section]] = {
    "absence": Absence,
    "images": Images,
    "labels": Labels,
    "pins": Pins,
    "reading": Reading,
    "searches": Searches,
    "visits": Visits,
    "writing": Writing,
}
