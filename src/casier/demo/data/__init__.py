"""What is written down for the demonstration, and how it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from string import Template
from typing import Any

_HERE = resources.files("casier.demo.data")


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_HERE.joinpath(name).read_text("utf-8"))


def scene_files() -> list[str]:
    """The names of the files that hold scenes, in order."""
    return sorted(
        f"scenes/{file.name}" for file in _HERE.joinpath("scenes").iterdir() if file.name.endswith(".toml")
    )


@cache
def template(name: str) -> Template:
    return Template(_HERE.joinpath(name).read_text("utf-8"))
