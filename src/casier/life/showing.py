"""Where an account stands on its way, for whoever may see it: the person, the console, the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casier.directory.models import Account, AccountState
from casier.life.clocks import closes_on, day_of, open_departure, purges_on, spans
from casier.life.dates import closing_range, held_on
from casier.life.holds import standing_holds
from casier.life.models import Certificate, Departure, Hold
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
    choice = closing_range(last_day, today, policy_for(account.academy)) if leaves else None
    return Way(
        account=account,
        departure=departure,
        closes_on=closes_on(departure, held) if departure else None,
        purges_on=purges_on(departure, held) if departure else None,
        holds=tuple(standing_holds(account, today)),
        held=held_on(today, held),
        certificate=Certificate.objects.filter(account=account).order_by("-at").first(),
        choice=choice,
    )
