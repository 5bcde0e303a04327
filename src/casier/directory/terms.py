"""How long something is kept where each academy's policy says so: the academies that agree, together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from casier.directory.models import Academy
from casier.policies.api import Policy, policy_for

Days = Callable[[Policy], int]


@dataclass(frozen=True, slots=True)
class Term:
    """Some academies, and what is kept no longer there: whatever is older than BEFORE.

    NOBODYS: what belongs to no academy is meant, too; it is kept as long as by a policy that says nothing.
    """

    academies: tuple[int, ...]
    before: datetime
    nobodys: bool = False

    def at(self, road: str) -> Q:
        """The rows whose academy stands at the end of ROAD."""
        within = Q(**{f"{road}__in": self.academies})
        return within | Q(**{road: None}) if self.nobodys else within


def terms(days: Days, now: datetime) -> Iterator[Term]:
    """A term for each time that some policy gives by DAYS."""
    plain = days(Policy())
    found: dict[int, list[int]] = {plain: []}
    for academy in Academy.objects.order_by("pk"):
        found.setdefault(days(policy_for(academy)), []).append(academy.pk)
    for count, academies in found.items():
        yield Term(tuple(academies), now - timedelta(days=count), nobodys=count == plain)
