"""The panel on how much mailboxes hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.console.figures.pieces import Panel, listing, series, short_day
from casier.console.figures.plots import line, ticks_for
from casier.console.figures.scopes import Scope
from casier.console.measures import share_words, size_words, spaced
from casier.console.models import MailboxSize

LARGEST = 8


def storage(scope: Scope, now: datetime) -> Panel | None:
    """How much mailboxes hold, whose are the largest, which grow."""
    sizes = MailboxSize.objects.filter(academy=scope.academy)
    if not scope.whole:
        sizes = sizes.filter(account__in=scope.people.values("pk"))
    # Read once and reckoned here: the database would go through all of them four times.
    read = list(sizes.values_list("key", "used_bytes", "limit_bytes", "before_bytes"))
    if not read:
        return None
    used, limit = sum(row[1] for row in read), sum(row[2] or 0 for row in read)
    largest = nlargest(LARGEST, read, key=lambda row: row[1])
    grown = [row for row in nlargest(LARGEST, read, key=lambda row: row[1] - row[3]) if row[1] > row[3]]
    today = timezone.localtime(now).date()
    first = today - timedelta(days=90)
    values = series(scope, "storage.used", first, today) or {}
    days = sorted(values)
    marks, counted = [short_day(day) for day in days], [values[day] for day in days]
    plot = line(counted, marks, ticks_for(max(counted), size_words)) if len(days) > 1 else None
    title = _("%(used)s occupés, %(share)s de la place donnée") % {
        "used": size_words(used), "share": share_words(used, limit),
    }  # fmt: skip
    lead = ngettext("Dans %(count)s boîte.", "Dans %(count)s boîtes.", len(read)) % {
        "count": spaced(len(read))
    }
    rows = tuple((f"{day:%Y-%m-%d}", str(values[day])) for day in days)
    owners = _owners([row[0] for row in (*largest, *grown)])
    extra = {
        "largest": [_box(owners[row[0]]) for row in largest],
        "growing": [_box(owners[row[0]], row[1] - row[3]) for row in grown],
    }
    return Panel(
        "place", title, lead, (_("Jour"), _("Octets occupés")), rows, "line", plot, extra=extra,
        link=listing(scope, "plein=90"), link_words=_("Voir les boîtes pleines à 90 %"),
    )  # fmt: skip


def _owners(keys: Sequence[str]) -> dict[str, MailboxSize]:
    rows = MailboxSize.objects.filter(key__in=keys).select_related("account__person", "mailbox")
    return {row.key: row for row in rows}


def _box(size: MailboxSize, growth: int | None = None) -> dict[str, Any]:
    limit = size.limit_bytes or 0
    owner = size.account.person.full_name if size.account else size.mailbox.name if size.mailbox else size.key
    return {
        "name": owner,
        "link": f"/console/personnes/{size.account_id}/" if size.account_id else "",
        "size": size_words(size.used_bytes),
        "share": share_words(size.used_bytes, limit) if limit else "",
        "width": min(100, round(100 * size.used_bytes / limit, 1)) if limit else 0,
        "growth": f"+{size_words(growth)}" if growth else "",
    }
