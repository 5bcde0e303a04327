"""All cases of our own, and those of a folder that somebody names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from hostile.case import After, Case, filled
from hostile.covering import all_covering
from hostile.envelopes import all_envelopes
from hostile.fetching import all_fetching
from hostile.heavy import all_heavy
from hostile.rarer import all_rarer
from hostile.running_code import all_running


@cache
def own_cases() -> tuple[Case, ...]:
    """Our own cases, each with a name that its traces carry."""
    every = chain(all_running(), all_fetching(), all_covering(), all_envelopes(), all_rarer(), all_heavy())
    return tuple(case.named(f"k{number:04d}") for number, case in enumerate(every))


def some_cases(of_each: int, among: Sequence[Case] = ()) -> tuple[Case, ...]:
    """A few of each family, spread over it, of those that fell an unprotected page where there are any."""
    chosen: list[Case] = []
    every = among or own_cases()
    for family in sorted({case.family for case in every}):
        inside = [case for case in every if case.family == family]
        alive = [case for case in inside if case.control] or inside
        chosen += alive[:: max(1, len(alive) // of_each)][:of_each]
    return tuple(chosen)


def cases_of(folder: Path) -> tuple[Case, ...]:
    """The cases in FOLDER: `.eml` messages, `.html` and `.txt` bodies, `.json` lists of payloads."""
    found: list[Case] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found += _of_file(path)
    return tuple(case.named(f"d{number:04d}") for number, case in enumerate(found))


def _of_file(path: Path) -> Iterator[Case]:
    family = path.name
    if path.suffix == ".eml":
        yield Case(family, After.RUN, control=False, raw=path.read_bytes())
    elif path.suffix in {".html", ".htm", ".xhtml"}:
        yield Case(family, After.RUN, path.read_text("utf-8", "replace"), control=False)
    elif path.suffix == ".txt":
        for line in path.read_text("utf-8", "replace").splitlines():
            if line.strip():
                yield Case(family, After.RUN, line, control=False)
    elif path.suffix == ".json":
        for payload in payloads_of(json.loads(path.read_text("utf-8", "replace"))):
            yield Case(family, After.RUN, payload, control=False)


def payloads_of(value: object) -> Iterator[str]:
    """The payloads in a parsed list: texts, or objects with `payload`, `html`, `code`, `input` or `eml`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from payloads_of(one)
    elif isinstance(value, dict):
        named = [value[key] for key in ("payload", "html", "code", "input", "data", "xss") if key in value]
        for one in named or list(value.values()):
            yield from payloads_of(one)


__all__ = ["After", "Case", "cases_of", "filled", "own_cases", "payloads_of", "some_cases"]
