"""Panels on accounts: how many there are in each state, how many were opened, how many will close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.console.figures.pieces import (
    Panel,
    Part,
    bar_title,
    cell,
    counted_days,
    day_words,
    listing,
    series,
    short_day,
)
from casier.console.figures.plots import bars, ticks_for
from casier.console.figures.reckoning import term_start
from casier.console.figures.scopes import Scope
from casier.console.measures import share_words, spaced
from casier.console.wording import state_words
from casier.directory.models import AccountState
from casier.life.models import Departure

WEEKS = 9
_SHOWN_STATES = tuple(state for state in AccountState if state != AccountState.PURGED)


def states(scope: Scope, _now: datetime) -> Panel:
    """How many accounts there are, and what they are."""
    counts = _states(scope)
    all_ = sum(counts.values())
    parts, x = [], 0.0
    for state in _SHOWN_STATES:
        width = 100 * counts[state] / all_ if all_ else 0
        parts.append(
            Part(
                state, state_words(state), spaced(counts[state]), share_words(counts[state], all_),
                round(x, 3), round(width, 3), listing(scope, f"etat={state}"),
            )
        )  # fmt: skip
        x += width
    title = ngettext("%(count)s compte", "%(count)s comptes", all_) % {"count": spaced(all_)}
    rows = tuple((one.words, one.count, one.share) for one in parts)
    lead = _("Ceux qui sont effacés ne comptent plus.")
    return Panel(
        "etats", title, lead, (_("État"), _("Comptes"), _("Part")), rows, "parts", parts=tuple(parts)
    )


def activations(scope: Scope, now: datetime) -> Panel | None:
    """How the opening of accounts goes on, day by day since the term began."""
    today = timezone.localtime(now).date()
    first = term_start(today)
    values = series(scope, "activated", first, today)
    if values is None:
        return None
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    counted = [values.get(day, 0) for day in days]
    states_ = _states(scope)
    live = sum(states_[state] for state in (AccountState.INVITED, AccountState.ACTIVE, AccountState.LEAVING))
    opened = live - states_[AccountState.INVITED]
    title = _("%(share)s des comptes sont ouverts") % {"share": share_words(opened, live)}
    left = spaced(states_[AccountState.INVITED])
    known = counted_days(scope, first, today)["activated"]
    if known:
        facts = {"count": spaced(sum(counted)), "day": day_words(first), "left": left}
        lead = _("Ouverts depuis le %(day)s : %(count)s. À ouvrir : %(left)s.") % facts
    else:
        lead = _("À ouvrir : %(left)s. Pas encore compté jour par jour.") % {"left": left}
    by_day = tuple(zip(days, counted, strict=True))
    titles = [bar_title(day, count, known) for day, count in by_day]
    marks = [short_day(day) for day in days]
    plot = bars(counted, titles, marks, ticks_for(max(counted), spaced)) if any(counted) else None
    rows = tuple((f"{day:%Y-%m-%d}", cell(day, count, known)) for day, count in by_day)
    return Panel(
        "activations", title, lead, (_("Jour"), _("Comptes ouverts")), rows, "bars", plot,
        link=listing(scope, "active=non"), link_words=_("Voir qui n’a pas ouvert son compte"),
    )  # fmt: skip


def departures(scope: Scope, now: datetime) -> Panel:
    """How many accounts will close, week by week."""
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    rows_ = Departure.objects.filter(
        ended_on=None, closed_on=None, closes_on__gte=today, closes_on__lt=weeks[-1] + timedelta(weeks=1),
        account__academy=scope.academy,
    )  # fmt: skip
    if not scope.whole:
        rows_ = rows_.filter(account__in=scope.people.values("pk"))
    counts = dict.fromkeys(weeks, 0)
    for day, count in rows_.values_list("closes_on").annotate(count=Count("pk")):
        counts[day - timedelta(days=day.weekday())] += count
    counted = list(counts.values())
    all_ = sum(counted)
    title = ngettext("%(count)s compte fermera", "%(count)s comptes fermeront", all_) % {
        "count": spaced(all_)
    }
    titles = [
        _("semaine du %(day)s : %(count)s") % {"day": day_words(week), "count": spaced(count)}
        for week, count in counts.items()
    ]
    marks = [short_day(week) for week in weeks]
    plot = bars(counted, titles, marks, ticks_for(max(counted), spaced)) if all_ else None
    rows = tuple((f"{week:%Y-%m-%d}", str(count)) for week, count in counts.items())
    lead = _("Dans les neuf semaines à venir.")
    head = (_("Semaine du"), _("Comptes qui ferment"))
    return Panel(
        "departs", title if all_ else _("Aucun compte ne va fermer"), lead, head, rows, "bars", plot,
        link="/console/departs/?jours=60", link_words=_("Voir le calendrier"),
    )  # fmt: skip


def _states(scope: Scope) -> dict[str, int]:
    rows = scope.people.order_by().values_list("state").annotate(count=Count("pk"))
    return {
        **dict.fromkeys(_SHOWN_STATES, 0),
        **{state: count for state, count in rows if state in _SHOWN_STATES},
    }
