"""What the road asks of recovery: whoever comes back in doesn't come in by less than before."""

from __future__ import annotations

from casier.directory.models import Account
from casier.identity.entry.road import Entry, Purpose
from casier.identity.factors.api import usable_methods

# Codes on paper stand in for a factor that one has; by themselves they are none.
_NO_FACTOR = frozenset({"recovery_codes"})


def factor_kept(account: Account, entry: Entry) -> bool:
    """Whether a second factor is asked because one is enrolled, wherever the person is (ASVS 6.4.3).

    What the policy asks by context at sign-in is no measure here: the password that it stood beside is gone.
    """
    if entry.purpose is not Purpose.RECOVERY:
        return False
    return bool(set(usable_methods(account)) - _NO_FACTOR)
