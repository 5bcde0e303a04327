"""Where an account stands on its way, for whoever may see it: the person, the console, the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casier.directory.life import ENDED
from casier.directory.models import Account, AccountState, Address
from casier.life.clocks import closes_on, day_of, open_departure, purges_on, spans
from casier.life.dates import closing_range, held_on, purge_day
from casier.life.holds import standing_holds
from casier.life.models import Becomes, Certificate, Departure, Hold
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class Way:
    """What happens to ACCOUNT and when, as everything stands today; None: not known, or not at all."""

    account: Account
    departure: Departure | None
    closes_on: date | None
    purges_on: date | None
    holds: tuple[Hold, ...]
    held: bool
    certificate: Certificate | None
    choice: tuple[date, date] | None  # between which days the closing may be set
    kept_until: date | None  # the day of the purge, also as it would be before the closing
    stranded: bool  # mail was to go to somebody who has left since

    @property
    def leaving(self) -> bool:
        """Whether it closes one day."""
        return self.departure is not None and self.departure.closed_on is None

    @property
    def closed(self) -> bool:
        """Whether it is closed, and may be opened again."""
        return self.account.state == AccountState.CLOSED and not self.purging

    @property
    def purging(self) -> bool:
        """Whether there is no way back any more."""
        return self.departure is not None and self.departure.purging_since is not None


def way_of(account: Account, now: datetime) -> Way:
    """Where ACCOUNT stands."""
    today, held, departure = day_of(now), spans(account), open_departure(account)
    leaves = departure is not None and departure.closed_on is None
    last_day = departure.last_day if departure else today
    policy = policy_for(account.academy)
    choice = closing_range(last_day, today, policy) if leaves else None
    closing = closes_on(departure, held) if departure else None
    purge = purges_on(departure, held) if departure else None
    return Way(
        account=account,
        departure=departure,
        closes_on=closing,
        purges_on=purge,
        holds=tuple(standing_holds(account, today)),
        held=held_on(today, held),
        certificate=Certificate.objects.filter(account=account).order_by("-at").first(),
        choice=choice,
        kept_until=purge_day(closing, policy) if leaves and closing else purge,
        stranded=departure is not None and _stranded(departure),
    )


def _stranded(departure: Departure) -> bool:
    if departure.becomes == Becomes.HANDED:
        return departure.handed_to is not None and departure.handed_to.state in ENDED
    if departure.becomes != Becomes.REDIRECTED:
        return False
    # One elsewhere isn't ours to know; one that ended may lead on in its turn.
    ended = Address.objects.filter(address=departure.redirect_to, retired_at__isnull=False, leads_to="")
    return ended.exists()
