"""The shapes of all sections. A capability that keeps choices adds its own here.

Names travel in camel case; what a shape doesn't know is refused, what is missing has its default. A shape may
only grow fields with defaults: rows written before must stay readable.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """What a person chose in one part of the settings."""


class Reading(Section, frozen=True):
    """How the list and the messages are shown, on whichever device."""

    conversations: bool = True
    shortcuts: bool = True
    pane: Literal["right", "below", "none"] = "right"


SECTIONS: dict[str, type[Section]] = {"reading": Reading}
