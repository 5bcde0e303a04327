"""The facts that the road depends on, asked of each room."""

from __future__ import annotations

from datetime import datetime

from casier.directory.models import Account
from casier.identity.activation import api as activation
from casier.identity.entry.road import Duty, Entry, Standing, duties
from casier.identity.factors import api as factors
from casier.identity.means import api as means
from casier.identity.passwords.due import password_due
from casier.identity.recovery.standing import factor_kept


def standing(account: Account, entry: Entry, now: datetime) -> Standing:
    """Where ACCOUNT stands on this road, now."""
    factor = factors.at_entry(account, entry, now)
    return Standing(
        factor_asked=factor.asked or factor_kept(account, entry),
        details_wanted=activation.details_wanted(account),
        documents_due=activation.documents_due(account),
        password_due=password_due(account, entry, now),
        means_wanted=means.means_wanted(account),
        enrolment=factor.enrolment,
        means_check_due=means.check_due(account, now),
        memo_wanted=activation.memo_wanted(account),
    )


def next_duty(account: Account, entry: Entry, now: datetime) -> Duty | None:
    """The page that comes next; None when the session may open."""
    left = duties(entry, standing(account, entry, now))
    return left[0] if left else None
