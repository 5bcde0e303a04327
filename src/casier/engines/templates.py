"""Jinja2 as the engines use it: a missing value is an error, and nothing is escaped for HTML."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@functools.cache
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - configuration files, not pages
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_template(folder: Path, name: str, target: Path, mode: int = 0o644, **values: Any) -> None:
    """Write template NAME of FOLDER to TARGET. Raises jinja2.UndefinedError for a value that isn't given."""
    text = _environment(folder).get_template(name).render(**values)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    target.chmod(mode)
