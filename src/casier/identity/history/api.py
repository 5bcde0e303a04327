"""What other rooms may write into the history of an account, and how a person is told."""

from __future__ import annotations

from collections.abc import Mapping

from casier.directory.models import Academy, Account
from casier.identity.history import keeping
from casier.identity.history.explaining import Explanation, explained
from casier.identity.history.keeping import forget_old_history, note_sign_in
from casier.identity.history.places import Place, place_of
from casier.identity.history.reading import (
    Told,
    as_facts,
    notices,
    refusal_with,
    report,
    reports,
    sign_ins,
    unknown_tries,
)
from casier.identity.history.reports import ConclusionWanted, close_report
from casier.identity.history.results import Notice, SignInResult
from casier.identity.history.telling import tell, tell_holders

__all__ = [
    "ConclusionWanted",
    "Explanation",
    "Notice",
    "Place",
    "SignInResult",
    "Told",
    "as_facts",
    "close_report",
    "explained",
    "forget_old_history",
    "note_sign_in",
    "notices",
    "place_of",
    "refusal_with",
    "refuse",
    "report",
    "reports",
    "sign_ins",
    "tell",
    "tell_holders",
    "unknown_tries",
]


def refuse(
    why: str, *, account: Account | None, academy: Academy | None, source: str, facts: Mapping[str, str] = {}
) -> str:
    """Keep a refusal with its facts under a fresh reference, which the page shows; the reference.

    WHY is a code that `explaining.py` has words for. FACTS never hold what was typed.
    """
    return keeping.refuse(why, account=account, academy=academy, source=source, facts=facts)
