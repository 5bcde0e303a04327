"""The columns and the commonest values of a copy, as people read them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from casier.kernel.words import Words

with (Path(__file__).parents[1] / "data" / "labels.toml").open("rb") as _file:
    _WORDS = tomllib.load(_file)
COLUMNS: Mapping[str, Words] = {name: (one[0], one[1]) for name, one in _WORDS["columns"].items()}
VALUES: Mapping[str, Words] = {name: (one[0], one[1]) for name, one in _WORDS["values"].items()}


def column(name: str, language: str) -> str:
    """What the column called NAME is called."""
    return in_language(COLUMNS.get(name, (name, name)), language)


def value(text: str, language: str) -> str:
    """TEXT, or what it stands for."""
    return in_language(VALUES[text], language) if text in VALUES else text


def in_language(words: Words, language: str) -> str:
    """The one of the two."""
    return words[1] if language == "en" else words[0]
