"""What panels are made of, and what they share: figures day by day, ways to lists, days in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import dateformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casier.console.figures.plots import Plot
from casier.console.figures.scopes import Scope
from casier.console.measures import spaced
from casier.console.models import Figure

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a whole: its width in hundredths of the whole, and where it leads."""

    code: str
    words: str
    count: str
    share: str
    x: float
    width: float
    link: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One answer. HEAD and ROWS are what its table and its file hold."""

    slug: str
    title: str
    lead: str
    head: Row
    rows: tuple[Row, ...]
    kind: str  # which drawing: "parts", "bars", "line", "shares", "sparks", "none"
    plot: Plot | None = None
    parts: tuple[Part, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    link_words: str = ""


def series(scope: Scope, name: str, first: date, last: date) -> dict[date, int] | None:
    """The figures called NAME, day by day; None where none are kept for this scope."""
    if scope.part is None:
        return None
    rows = Figure.objects.filter(
        academy=scope.academy, part=scope.part, name=name, on__gte=first, on__lte=last
    )
    return dict(rows.values_list("on", "value"))


def counted_days(scope: Scope, first: date, last: date) -> dict[str, set[date]]:
    """By name, the days of which figures were kept: of the others nothing is known, and that isn't none.

    The academy has a row for each day that was counted, a part of it only for what there was.
    """
    found: dict[str, set[date]] = defaultdict(set)
    rows = Figure.objects.filter(academy=scope.academy, part="", on__gte=first, on__lte=last)
    for name, day in rows.values_list("name", "on"):
        found[name].add(day)
    return found


def cell(day: date, value: int, known: Collection[date]) -> str:
    """A figure in a table; nothing where it isn't known."""
    return str(value) if day in known else ""


def bar_title(day: date, value: int, known: Collection[date]) -> str:
    """What a day's bar says when pointed at."""
    return f"{day_words(day)} : {spaced(value) if day in known else _('inconnu')}"


def listing(scope: Scope, query: str) -> str:
    """Where those of SCOPE whom QUERY means are listed."""
    return lists(scope.elsewhere, scope.filter, query)


def lists(*parts: str) -> str:
    """Where people are listed, by the parts of a query; what is empty is left out."""
    return "/console/listes/?" + "&".join(part for part in parts if part)


def day_words(day: date) -> str:
    """« 1er septembre »."""
    first = day.day == 1 and (get_language() or "fr").startswith("fr")
    return dateformat.format(day, "j\\e\\r F" if first else _("j F"))


def short_day(day: date) -> str:
    """« 1 sept. », below a drawing."""
    return dateformat.format(day, "j b")
