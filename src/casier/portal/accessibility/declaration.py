"""The 106 criteria and the results of the tour of all screens, made into what the declaration says.

The rate is the share of conform criteria among those that were tested and apply; what nobody tested is told
apart and can't raise the level (RGAA 4.1, obligations, « Déclaration d'accessibilité »).
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent
State = Literal["C", "NC", "NA", "NT"]
Level = Literal["full", "partial", "none"]
# Below this share of the criteria that apply, a service must say that it isn't conform.
PARTIAL_FROM = 50


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its number, its gist in both languages, its state, how it was checked and why."""

    id: str
    state: State
    french: str
    english: str
    by: str = ""
    evidence: tuple[str, ...] = ()
    how_french: str = ""
    how_english: str = ""
    why_french: str = ""
    why_english: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    number: int
    french: str
    english: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The last tour of all screens: when, what was looked at, and how often each check found something."""

    day: date
    screens: int
    looks: int
    terms: tuple[str, ...]
    checks: tuple[str, ...]
    faults: dict[str, int]


@dataclass(frozen=True, slots=True)
class Declaration:
    themes: tuple[Theme, ...]
    checked: Checked
    reviewed: date

    def all(self) -> list[Criterion]:
        return [criterion for theme in self.themes for criterion in theme.criteria]

    def count(self, state: State) -> int:
        return sum(criterion.state == state for criterion in self.all())

    @property
    def rate(self) -> int:
        """Percent of conform criteria among those tested, rounded down."""
        tested = self.count("C") + self.count("NC")
        return 100 * self.count("C") // tested if tested else 0

    @property
    def level(self) -> Level:
        """Full only when all that applies was tested and is conform; what wasn't tested counts as missing."""
        applicable = self.count("C") + self.count("NC") + self.count("NT")
        if self.count("C") == applicable:
            return "full"
        return "partial" if 100 * self.count("C") >= PARTIAL_FROM * applicable else "none"


@cache
def declaration() -> Declaration:
    """What is declared now. Raises ValueError for a table that isn't whole."""
    written = tomllib.loads((FOLDER / "criteria.toml").read_text("utf-8"))
    checked = _checked(json.loads((FOLDER / "checked.json").read_text("utf-8")))
    themes = tuple(_theme(one, checked) for one in written["themes"])
    found = Declaration(themes, checked, written["reviewed"])
    if len(found.all()) != 106:
        raise ValueError(f"RGAA 4.1 has 106 criteria, not {len(found.all())}")
    return found


def _theme(written: dict[str, Any], checked: Checked) -> Theme:
    criteria = (_criterion(one, checked) for one in written["criteria"])
    return Theme(written["number"], written["french"], written["english"], tuple(criteria))


def _criterion(written: dict[str, Any], checked: Checked) -> Criterion:
    return judged(Criterion(**{**written, "evidence": tuple(written.get("evidence", ()))}), checked)


def judged(criterion: Criterion, checked: Checked) -> Criterion:
    """What the tour says has the last word: a check that found something is a criterion that doesn't hold."""
    found = sum(checked.faults.get(one, 0) for one in criterion.evidence)
    if criterion.state != "C" or found == 0:
        return criterion
    return replace(
        criterion,
        state="NC",
        why_french=f"La dernière vérification y a trouvé {found} défaut{'s' if found > 1 else ''}.",
        why_english=f"The last check found {found} fault{'s' if found > 1 else ''} there.",
    )


def _checked(written: dict[str, Any]) -> Checked:
    return Checked(
        date.fromisoformat(written["date"]),
        written["screens"],
        written["looks"],
        tuple(written["terms"]),
        tuple(written["checks"]),
        dict(written["faults"]),
    )
