"""What other rooms may ask of second factors."""

from __future__ import annotations

from datetime import datetime

from casier.directory.models import Account
from casier.identity.entry.road import SECOND_FACTORS, Enrolment, Entry, Proof
from casier.identity.factors.actions import put_off, reset, revoke_since, start_clock
from casier.identity.factors.deciding import Wanted, wanted
from casier.identity.factors.facts import facts_of, usable
from casier.identity.factors.proving import Answer, Delayed, Proved, Wrong, prove
from casier.identity.factors.required import second_factor_of
from casier.identity.factors.trust import end_trust
from casier.identity.sessions import Terms
from casier.policies.api import policy_for

__all__ = [
    "Answer",
    "Delayed",
    "Proved",
    "Wanted",
    "Wrong",
    "at_entry",
    "end_trust",
    "fresh",
    "prove",
    "put_off",
    "reset",
    "revoke_since",
    "second_factor_of",
    "usable_methods",
    "what_is_wanted",
]

# Shown here and now by the person; that a browser was trusted earlier isn't.
_SHOWN = frozenset(SECOND_FACTORS) - {Proof.TRUSTED_DEVICE}


def usable_methods(account: Account) -> tuple[str, ...]:
    """The methods (`totp`, `webauthn`, `sms`, `voice`, `recovery_codes`) that ACCOUNT can prove by now."""
    return usable(account, policy_for(account.academy))


def at_entry(account: Account, entry: Entry, now: datetime) -> Wanted:
    """Whether a factor is asked for at this entry, by policy, context and what is enrolled; or has to be
    enrolled before going on, whose time runs from the first entry that finds it so.
    """
    found = what_is_wanted(account, entry, now)
    if found.enrolment is not Enrolment.NO:
        start_clock(account, now)
    return found


def what_is_wanted(account: Account, entry: Entry, now: datetime) -> Wanted:
    """What is asked of ACCOUNT at this entry, with the day by which a factor is to be enrolled."""
    return wanted(second_factor_of(account), facts_of(account, entry, now))


def fresh(account: Account, terms: Terms, now: float) -> bool:
    """Whether the person showed a moment ago who they are, by a second factor where they have one.

    A trusted device is no proof here: it says which browser it is, not who sits before it.
    """
    minutes = policy_for(account.academy).second_factor.step_up_minutes
    if now - terms.proved_at >= minutes * 60:
        return False
    return bool(_SHOWN & set(terms.proofs)) or not usable_methods(account)
