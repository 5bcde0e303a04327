"""What other rooms may ask of recovery: letters, resets by the help desk, what a reference stands for.

`by` is who acts. An account needs a mandate that reaches the person (directory.mandates); an operator at the
server's command line needs none. Each act has a reason, is journalled, and the person is told.
"""

from __future__ import annotations

from casier.identity.recovery.actions import (
    LEAST_CHECKS,
    Check,
    NoSuchReset,
    NotEnoughChecks,
    Outcome,
    ReasonWanted,
    WrongStep,
    approve_reset,
    pending_resets,
    refuse_reset,
    reset_factors,
    start_reset,
    take_password,
)
from casier.identity.recovery.authority import SamePerson
from casier.identity.recovery.finishing import cancel_recovery
from casier.identity.recovery.letters import (
    BadAddress,
    NoSuchLetter,
    approve_letter,
    ask_letter,
    letters,
    mark_posted,
    print_letters,
    revoke_letter,
)
from casier.identity.recovery.models import (
    DeskRequest,
    Letter,
    LetterState,
    Reset,
    ResetKind,
    ResetState,
)
from casier.identity.recovery.requests import desk_request

__all__ = [
    "LEAST_CHECKS",
    "BadAddress",
    "Check",
    "DeskRequest",
    "Letter",
    "LetterState",
    "NoSuchLetter",
    "NoSuchReset",
    "NotEnoughChecks",
    "Outcome",
    "ReasonWanted",
    "Reset",
    "ResetKind",
    "ResetState",
    "SamePerson",
    "WrongStep",
    "approve_letter",
    "approve_reset",
    "ask_letter",
    "cancel_recovery",
    "desk_request",
    "letters",
    "mark_posted",
    "pending_resets",
    "print_letters",
    "refuse_reset",
    "reset_factors",
    "revoke_letter",
    "start_reset",
    "take_password",
]
