"""What waits for whoever works at the console."""

from __future__ import annotations

from dataclasses import dataclass

from casier.console.access import Desk
from casier.directory.mandates import Ability
from casier.identity.activation.api import open_corrections
from casier.identity.activation.models import CorrectionRequest
from casier.identity.history.api import reports
from casier.identity.history.models import Report
from casier.identity.recovery.api import Letter, LetterState, Reset, letters, pending_resets


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows that wait, each within the perimeter."""

    resets: list[Reset]
    letters: list[Letter]
    reports: list[Report]
    corrections: list[CorrectionRequest]

    @property
    def count(self) -> int:
        return len(self.resets) + len(self.letters) + len(self.reports) + len(self.corrections)


_OPEN = (LetterState.ASKED, LetterState.APPROVED, LetterState.PRINTED)


def waiting(desk: Desk) -> Waiting:
    """What waits in the academy of DESK, as far as its offices reach."""
    academy = desk.account.academy
    decides = desk.may
    resets = [row for row in pending_resets(academy) if decides(Ability.APPROVE_RESET, row.account)]
    open_letters = letters(academy).filter(state__in=_OPEN)
    return Waiting(
        resets=resets,
        letters=[row for row in open_letters if decides(Ability.RESET, row.account)],
        reports=[row for row in reports(academy) if decides(Ability.SEE_HISTORY, row.account)],
        corrections=[row for row in open_corrections(academy) if decides(Ability.RESET, row.account)],
    )
