"""What other rooms may ask of second factors."""

from __future__ import annotations

from datetime import datetime

from casier.directory.models import Account
from casier.identity.entry.road import Enrolment, Entry

__all__ = ["enrolment_due", "factor_asked", "usable_methods"]


def usable_methods(account: Account) -> tuple[str, ...]:
    """The methods (`totp`, `webauthn`, `sms`, `voice`, `recovery_codes`) that ACCOUNT can prove by now."""
    return ()


def factor_asked(account: Account, entry: Entry, now: datetime) -> bool:
    """Whether a second factor is asked for at this entry: by policy, context and what is enrolled."""
    return False


def enrolment_due(account: Account, entry: Entry, now: datetime) -> Enrolment:
    """Whether a factor has to be enrolled before going on."""
    return Enrolment.NO
