"""The panel on what went wrong in the last month, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.console.figures.pieces import Panel, bar_title, cell, counted_days, day_words, series
from casier.console.figures.plots import bars, ticks_for
from casier.console.figures.reckoning import REFUSED_MAIL
from casier.console.figures.scopes import Scope
from casier.console.measures import spaced

DAYS = 30


def incidents(scope: Scope, now: datetime) -> Panel | None:
    """What went wrong in the last month, kind by kind."""
    today = timezone.localtime(now).date()
    days = [today - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]
    counted = counted_days(scope, days[0], today)
    found: list[dict[str, Any]] = []
    for name, (words, action) in _words_and_acts().items():
        if name == REFUSED_MAIL and scope.part:
            continue  # mail is refused for an address, before anybody asks where its owner works
        values = series(scope, name, days[0], today)
        if values is None:
            return None
        link = f"/console/journal/?{_entries(scope, action, days[0])}" if action else ""
        found.append({"words": words, "link": link, **_spark(name, values, days, counted[name])})
    head = (_("Jour"), *(one["words"] for one in found))
    rows = tuple(
        (f"{day:%Y-%m-%d}", *(one["cells"][number] for one in found)) for number, day in enumerate(days)
    )
    lead = _("Du %(first)s au %(last)s.") % {"first": day_words(days[0]), "last": day_words(today)}
    return Panel("incidents", _title(found), lead, head, rows, "sparks", extra={"sparks": found})


def _title(found: Sequence[Mapping[str, Any]]) -> str:
    count = sum(sum(one["counted"]) for one in found)
    if count:
        return ngettext(
            "%(count)s incident en trente jours", "%(count)s incidents en trente jours", count
        ) % {"count": spaced(count)}
    return _("Aucun incident") if any("plot" in one for one in found) else _("Incidents")


def _spark(name: str, values: Mapping[date, int], days: Sequence[date], known: Set[date]) -> dict[str, Any]:
    """One kind's figures, day by day; of a day that isn't KNOWN nothing is said. No plot where none is."""
    counted = [values.get(day, 0) for day in days]
    cells = [cell(day, count, known) for day, count in zip(days, counted, strict=True)]
    if not known:
        return {"counted": counted, "cells": cells, "unknown": _unknown(name)}
    titles = [bar_title(day, count, known) for day, count in zip(days, counted, strict=True)]
    return {
        "total": spaced(sum(counted)), "week": spaced(sum(counted[-7:])), "counted": counted, "cells": cells,
        "plot": bars(counted, titles, (), ticks_for(max(counted), spaced)),
    }  # fmt: skip


def _unknown(name: str) -> str:
    if name == REFUSED_MAIL:
        return _("Pas encore compté, ou le journal du courrier ne peut pas être lu.")
    return _("Pas encore compté.")


def _words_and_acts() -> dict[str, tuple[str, str]]:
    """Each kind with what the journal calls it: that is the list that it counts."""
    return {
        "locked": (_("Blocages"), "identity.locked"),
        "suspended": (_("Suspensions"), "account.suspended"),
        "unusual": (_("Connexions inhabituelles"), "identity.unusual_sign_in"),
        "disowned": (_("« Ce n’était pas moi »"), "identity.disowned"),
        "waves": (_("Vagues d’attaque"), "identity.wave_opened"),
        REFUSED_MAIL: (_("Messages refusés à l’entrée"), ""),
        "quarantined": (_("Messages en quarantaine"), "message.quarantined"),
        "refused_files": (_("Fichiers par lien refusés"), "link.refused"),
    }


def _entries(scope: Scope, action: str, since: date) -> str:
    return urlencode({"academie": scope.academy.slug, "acte": action, "depuis": since.isoformat()})
