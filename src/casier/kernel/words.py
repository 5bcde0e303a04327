"""What a command line says, in French, or in English where the terminal's locale asks for it."""

from __future__ import annotations

import os

Words = tuple[str, str]  # French, English


def english(environment: dict[str, str] | None = None) -> bool:
    """Whether the locale asks for English (POSIX order of variables)."""
    values = os.environ if environment is None else environment
    locale = values.get("LC_ALL") or values.get("LC_MESSAGES") or values.get("LANG") or ""
    return locale.lower().startswith("en")


def say(french: str, in_english: str) -> str:
    """The one of the two that fits."""
    return in_english if english() else french
