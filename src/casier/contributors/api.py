"""What other rooms may use of outside contributors."""

from __future__ import annotations

from casier.contributors.asking import ask, withdraw
from casier.contributors.counting import rules_of
from casier.contributors.deciding import FUNCTION, Agreed, approve, refuse
from casier.contributors.ending import end
from casier.contributors.errors import (
    AlreadyAsked,
    BadRequest,
    NobodyInCharge,
    NotTaken,
    SamePerson,
    TooMany,
    WrongStep,
)
from casier.contributors.knowing import Namesake, alike, namesakes, person_like
from casier.contributors.listing import (
    Phase,
    is_contributor,
    phase_of,
    request_with,
    requests_at,
    stay_if,
    stay_with,
    stays_at,
    stays_of,
    waiting,
)
from casier.contributors.models import Request, State, Stay
from casier.contributors.renewing import needs_the_dsi, renew
from casier.contributors.rules import AHEAD, Wanted, check, furthest, plain
from casier.contributors.ways import may_be_given, printed, send_again

__all__ = [
    "AHEAD",
    "FUNCTION",
    "Agreed",
    "AlreadyAsked",
    "BadRequest",
    "Namesake",
    "NobodyInCharge",
    "NotTaken",
    "Phase",
    "Request",
    "SamePerson",
    "State",
    "Stay",
    "TooMany",
    "Wanted",
    "WrongStep",
    "alike",
    "approve",
    "ask",
    "check",
    "end",
    "furthest",
    "is_contributor",
    "may_be_given",
    "namesakes",
    "needs_the_dsi",
    "person_like",
    "phase_of",
    "plain",
    "printed",
    "refuse",
    "renew",
    "request_with",
    "requests_at",
    "rules_of",
    "send_again",
    "stay_if",
    "stay_with",
    "stays_at",
    "stays_of",
    "waiting",
    "withdraw",
]
