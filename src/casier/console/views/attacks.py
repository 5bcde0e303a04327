"""What goes on at the door: who is blocked, attack waves, wrong tries hour by hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casier.console.access import Desk, console
from casier.console.forms import page
from casier.directory.access import accounts_by_id
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.identity.guard.api import Block, active_blocks, waves
from casier.identity.history.models import SignIn, UnknownTries

HOURS = 24
MOST_BLOCKS, MOST_WAVES = 100, 20
_WRONG = ("wrong", "wrong_factor", "delayed")
# The plot, in its own units.
_WIDTH, _HEIGHT = 24, 120


@dataclass(frozen=True, slots=True)
class Hour:
    """The wrong tries of an hour, and its bar in the plot."""

    at: datetime
    known: int
    unknown: int
    x: int = 0
    y: int = 0
    height: int = 0

    @property
    def all(self) -> int:
        return self.known + self.unknown


@console
@require_safe
def blocks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Blocks and waves: the help desk sees whom it may unblock, the security officer the whole."""
    if Ability.UNLOCK not in desk.abilities:
        desk.require_some(Ability.SEE_ATTACKS)
    academy = desk.account.academy
    facts: dict[str, Any] = {"here": "attacks", "blocks": _blocks(desk, academy)}
    if desk.may(Ability.SEE_ATTACKS, academy):
        hours = tries(academy, desk.now)
        facts |= {
            "waves": waves(academy)[:MOST_WAVES],
            "hours": hours,
            "total": sum(hour.all for hour in hours),
            "width": len(hours) * _WIDTH,
        }
    return page(request, desk, "attacks", facts)


def _blocks(desk: Desk, academy: Academy) -> list[dict[str, Any]]:
    found = active_blocks(academy)[:MOST_BLOCKS]
    accounts = {account.public_id: account for account in accounts_by_id([one.account for one in found])}
    return [
        {"account": accounts[one.account], "lanes": _lanes(one)}
        for one in found
        if one.account in accounts and desk.may(Ability.SEE_PERSON, accounts[one.account])
    ]


def _lanes(block: Block) -> list[dict[str, Any]]:
    return [
        {
            "lane": lane,
            "since": datetime.fromtimestamp(lane.since, UTC),
            "until": datetime.fromtimestamp(lane.until, UTC) if lane.until else None,
            "sources": ", ".join(lane.sources),
        }
        for lane in block.lanes
    ]


def tries(academy: Academy, now: datetime) -> list[Hour]:
    """The wrong tries of the last day at ACADEMY's door, hour by hour."""
    first = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    rows = SignIn.objects.filter(account__academy=academy, result__in=_WRONG, last_at__gte=first)
    known = rows.annotate(hour=TruncHour("last_at")).values_list("hour").annotate(Sum("count"))
    strange = UnknownTries.objects.filter(academy=academy.slug, hour__gte=first)
    unknown = strange.values_list("hour").annotate(Sum("count"))
    by_hour = _counted(known), _counted(unknown)
    moments = [first + timedelta(hours=number) for number in range(HOURS)]
    plain = [Hour(at, by_hour[0].get(_key(at), 0), by_hour[1].get(_key(at), 0)) for at in moments]
    most = max((hour.all for hour in plain), default=0) or 1
    return [_drawn(hour, number, most) for number, hour in enumerate(plain)]


def _counted(rows: Any) -> dict[str, int]:
    counted: dict[str, int] = {}
    for hour, count in rows:
        counted[_key(hour)] = counted.get(_key(hour), 0) + count
    return counted


def _key(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H")


def _drawn(hour: Hour, number: int, most: int) -> Hour:
    height = round(hour.all / most * _HEIGHT)
    return Hour(hour.at, hour.known, hour.unknown, number * _WIDTH, _HEIGHT - height, height)
