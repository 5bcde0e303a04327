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
    ask_receipt: bool = False
    answer_receipts: Literal["ask", "always", "never"] = "ask"
    default_from: Annotated[str, Meta(max_length=254)] = ""
    identities: dict[str, Identity] = {}


SECTIONS: dict[str, type[Section]] = {"absence": Absence, "images": Images, "reading": Reading, "writing": Writing}
