"""A head said that somebody left, and the feed still names them there: nothing comes back by itself, and
nothing is forgotten. For a while the feed may lag; then somebody has to say who is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from casier.directory.models import Academy, School
from casier.policies.api import policy_for
from casier.schools.models import Leaving


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody was sent away from a school: their last day, and until when the feed may lag behind."""

    last_day: date
    patience_until: date

    def covers(self, starts_on: date | None) -> bool:
        """Whether a posting that begins on STARTS_ON is the one that ended, and not a later one."""
        return starts_on is None or starts_on <= self.last_day

    def waits(self, today: date) -> bool:
        """Whether it is still too early to ask."""
        return today <= self.patience_until


def sent_away(academy: Academy, people: Collection[int]) -> Mapping[int, Mapping[str, Sent]]:
    """By person: the schools (UAI) that they left by somebody's word, where the feed hasn't agreed yet."""
    rows = list(_open(academy).filter(account__person__in=people).select_related("account", "school"))
    if not rows:
        return {}
    lag = timedelta(days=policy_for(academy).schools.feed_lag_days)
    found: defaultdict[int, dict[str, Sent]] = defaultdict(dict)
    for row in rows:
        since = max(row.last_day, row.confirmed_on or row.last_day)
        found[row.account.person_id][row.school.uai] = Sent(row.last_day, since + lag)
    return found


def feed_read(
    academy: Academy, named: Collection[tuple[int, str]], today: date, *, whole: bool
) -> list[dict[str, str]]:
    """A feed was applied. NAMED: (person, UAI) that it still names against somebody's word. WHOLE: whom it
    doesn't name, it agrees about. What it changed, for `feed_unread`.
    """
    still, changed = set(named), list[dict[str, str]]()
    for row in _open(academy).select_related("account", "school"):
        if (row.account.person_id, row.school.uai) in still:
            changed.append(_note(row, "named_on", today))
        elif whole and row.last_day < today:
            changed.append(_note(row, "settled_on", today))
    return changed


def _note(row: Leaving, what: str, today: date) -> dict[str, str]:
    was = _text(getattr(row, what))
    Leaving.objects.filter(pk=row.pk).update(**{what: today})
    return {"leaving": row.pk.hex, "what": what, "was": was, "set": today.isoformat()}


def feed_unread(changed: Sequence[Mapping[str, str]]) -> None:
    """The feed that was applied is undone: what it CHANGED is what it was, but where somebody has said
    something else since.
    """
    rows = Leaving.objects.select_for_update(of=("self",)).in_bulk(
        [UUID(hex=one["leaving"]) for one in changed]
    )
    for one in changed:
        row = rows.get(UUID(hex=one["leaving"]))
        if row is None or _text(getattr(row, one["what"])) != one["set"]:
            continue
        if one["what"] == "settled_on" and _left_again(row):
            continue
        was = date.fromisoformat(one["was"]) if one["was"] else None
        Leaving.objects.filter(pk=row.pk).update(**{one["what"]: was})


def _left_again(row: Leaving) -> bool:
    """Whether the person has left the same school once more since."""
    return Leaving.objects.filter(
        account=row.account_id, school=row.school_id, undone_at=None, settled_on=None
    ).exists()


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def contradicted(school: School, today: date) -> QuerySet[Leaving]:
    """Those of SCHOOL about whom somebody has to decide now."""
    lag = timedelta(days=policy_for(school.academy).schools.feed_lag_days)
    rows = _open(school.academy).filter(school=school, named_on__gt=today - lag * 2)
    late = Q(last_day__lt=today - lag) & (Q(confirmed_on=None) | Q(confirmed_on__lt=today - lag))
    return rows.filter(late).select_related("account__person", "school__academy").order_by("last_day")


def _open(academy: Academy) -> QuerySet[Leaving]:
    return Leaving.objects.filter(school__academy=academy, undone_at=None, settled_on=None)
