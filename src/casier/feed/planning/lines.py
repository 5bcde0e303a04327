"""One line of a run to be, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from casier.feed.models import Change, Run, Status, Subject, Verb
from casier.feed.records import Place

# In this order a run is applied.
SCHOOLS, NEWCOMERS, PEOPLE, LEAVERS, CLOSINGS = range(1, 6)
_TOLD = {Verb.REVIEW, Verb.IGNORE, Verb.REFUSE}
LONGEST = {"label": 250, "key": 100, "file": 200}


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one record, and why."""

    subject: Subject
    verb: Verb
    code: str
    place: Place | None = None
    key: str = ""
    label: str = ""
    target: str = ""
    phase: int = 0
    first_on: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def row(self, run: Run, number: int) -> Change:
        return Change(
            run=run,
            number=number,
            subject=self.subject,
            verb=self.verb,
            code=self.code,
            status=Status.TOLD if self.verb in _TOLD else Status.PLANNED,
            label=self.label[: LONGEST["label"]],
            key=self.key[: LONGEST["key"]],
            file=self.place.file[-LONGEST["file"] :] if self.place else "",
            place=self.place.number if self.place else 0,
            line=self.place.line if self.place else 0,
            target=self.target,
            phase=self.phase,
            first_on=self.first_on,
            facts=self.facts,
            before=self.before,
            after=self.after,
        )
