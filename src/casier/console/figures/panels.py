"""What a dashboard tells, panel by panel: the answer in the title, a drawing, the same figures as a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from casier.console.figures.accounts import activations, departures, states
from casier.console.figures.incidents import incidents
from casier.console.figures.openings import shares
from casier.console.figures.pieces import Panel
from casier.console.figures.scopes import Scope
from casier.console.figures.storing import storage

PANELS: dict[str, Callable[[Scope, datetime], Panel | None]] = {
    "etats": states,
    "departs": departures,
    "activations": activations,
    "etablissements": shares,
    "incidents": incidents,
    "place": storage,
}


def panels(scope: Scope, now: datetime) -> list[Panel]:
    """All of them, in the order of the page."""
    return [panel for name in PANELS if (panel := PANELS[name](scope, now)) is not None]
