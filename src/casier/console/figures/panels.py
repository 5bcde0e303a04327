"""What a dashboard tells, panel by panel: the answer in the title, a drawing, the same figures as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import nlargest
from typing import Any

from django.db.models import Count, Q
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from casier.console.figures.plots import Plot, bars, line, ticks_for
from casier.console.figures.reckoning import REFUSED_MAIL, term_start
from casier.console.figures.scopes import Scope
from casier.console.many.filters import in_force
from casier.console.measures import share_words, size_words, spaced
from casier.console.models import Figure, MailboxSize
from casier.console.wording import state_words
from casier.directory.models import AccountState, Posting, School
from casier.life.models import Departure

INCIDENT_DAYS, WEEKS = 30, 9
WORST, LARGEST = 10, 8
# A school with fewer has a share that says nothing.
FEWEST = 3
_SHOWN_STATES = tuple(state for state in AccountState if state != AccountState.PURGED)
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a whole: its width in hundredths of the whole, and where it leads."""

    code: str
    words: str
    count: str
    share: str
    x: float
    width: float
    link: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One answer. HEAD and ROWS are what its table and its file hold."""

    slug: str
    title: str
    lead: str
    head: Row
    rows: tuple[Row, ...]
    kind: str  # which drawing: "parts", "bars", "line", "shares", "sparks", "none"
    plot: Plot | None = None
    parts: tuple[Part, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    link_words: str = ""


def panels(scope: Scope, now: datetime) -> list[Panel]:
    """All of them, in the order of the page."""
    return [panel for name in PANELS if (panel := PANELS[name](scope, now)) is not None]


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
                round(x, 3), round(width, 3), _listing(scope, f"etat={state}"),
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
    values = _series(scope, "activated", first, today)
    if values is None:
        return None
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    counted = [values.get(day, 0) for day in days]
    states_ = _states(scope)
    live = sum(states_[state] for state in (AccountState.INVITED, AccountState.ACTIVE, AccountState.LEAVING))
    opened = live - states_[AccountState.INVITED]
    title = _("%(share)s des comptes sont ouverts") % {"share": share_words(opened, live)}
    lead = _("%(count)s ouverts depuis le %(day)s, %(left)s restent à ouvrir.") % {
        "count": spaced(sum(counted)), "day": _day(first), "left": spaced(states_[AccountState.INVITED]),
    }  # fmt: skip
    titles = [f"{_day(day)} : {spaced(count)}" for day, count in zip(days, counted, strict=True)]
    plot = bars(counted, titles, [_short(day) for day in days], ticks_for(max(counted), spaced))
    rows = tuple((f"{day:%Y-%m-%d}", str(count)) for day, count in zip(days, counted, strict=True))
    return Panel(
        "activations", title, lead, (_("Jour"), _("Comptes ouverts")), rows, "bars", plot,
        link=_listing(scope, "active=non"), link_words=_("Voir qui n’a pas ouvert son compte"),
    )  # fmt: skip


def shares(scope: Scope, now: datetime) -> Panel | None:
    """Where accounts wait to be opened, the worst first."""
    found = schools_opened(scope, now)
    if not found:
        return None
    counted = [one for one in found if one["all"] >= FEWEST]
    worst = sorted(counted, key=lambda one: (one["opened"] / one["all"], -one["all"]))[:WORST]
    by_department: dict[str, list[int]] = {}
    for one in found:
        pair = by_department.setdefault(one["school__department"] or "–", [0, 0])
        pair[0] += one["opened"]
        pair[1] += one["all"]
    departments = [
        _share(
            _("Département %(number)s") % {"number": number}, opened, all_, f"departement={number}&active=non"
        )
        for number, (opened, all_) in sorted(by_department.items())
    ]
    rows = tuple(
        (
            one["school__uai"],
            one["school__name"],
            one["school__department"],
            str(one["all"]),
            str(one["opened"]),
        )
        for one in sorted(found, key=lambda one: one["opened"] / one["all"])
    )
    head = (_("UAI"), _("Établissement"), _("Département"), _("Comptes"), _("Ouverts"))
    schools = [
        _share(one["school__name"], one["opened"], one["all"], f"uai={one['school__uai']}&active=non")
        for one in worst
        if one["opened"] < one["all"]
    ]
    lead = _("Les %(count)s établissements les moins avancés, d’au moins %(fewest)s comptes.") % {
        "count": len(schools), "fewest": FEWEST,
    }  # fmt: skip
    if not schools:
        lead = _("Aucun établissement d’au moins %(fewest)s comptes n’est en retard.") % {"fewest": FEWEST}
    if all(one["opened"] == one["all"] for one in found):
        lead = _("Tous les comptes sont ouverts partout.")
    extra = {"departments": departments, "schools": schools}
    return Panel(
        "etablissements", _("Où des comptes restent à ouvrir"), lead, head, rows, "shares", extra=extra
    )


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
    values = _series(scope, "storage.used", first, today) or {}
    days = sorted(values)
    marks, counted = [_short(day) for day in days], [values[day] for day in days]
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
        link=_listing(scope, "plein=90"), link_words=_("Voir les boîtes pleines à 90 %"),
    )  # fmt: skip


def incidents(scope: Scope, now: datetime) -> Panel | None:
    """What went wrong in the last month, kind by kind."""
    today = timezone.localtime(now).date()
    days = [today - timedelta(days=number) for number in range(INCIDENT_DAYS - 1, -1, -1)]
    found: list[dict[str, Any]] = []
    for name, (words, action) in _incident_words().items():
        if name == REFUSED_MAIL and scope.part:
            continue  # mail is refused for an address, before anybody asks where its owner works
        values = _series(scope, name, days[0], today)
        if values is None:
            return None
        counted = [values.get(day, 0) for day in days]
        top = ticks_for(max(counted), spaced)
        titles = [f"{_day(day)} : {spaced(count)}" for day, count in zip(days, counted, strict=True)]
        found.append(
            {
                "words": words, "total": spaced(sum(counted)), "week": spaced(sum(counted[-7:])),
                "plot": bars(counted, titles, (), top), "counted": counted,
                "link": f"/console/journal/?acte={action}&depuis={days[0]}" if action else "",
            }
        )  # fmt: skip
    all_ = sum(sum(one["counted"]) for one in found)
    title = (
        _("%(count)s incidents en trente jours") % {"count": spaced(all_)} if all_ else _("Aucun incident")
    )
    head = (_("Jour"), *(one["words"] for one in found))
    rows = tuple(
        (f"{day:%Y-%m-%d}", *(str(one["counted"][number]) for one in found))
        for number, day in enumerate(days)
    )
    lead = _("Du %(first)s au %(last)s.") % {"first": _day(days[0]), "last": _day(today)}
    return Panel("incidents", title, lead, head, rows, "sparks", extra={"sparks": found})


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
        _("semaine du %(day)s : %(count)s") % {"day": _day(week), "count": spaced(count)}
        for week, count in counts.items()
    ]
    plot = bars(counted, titles, [_short(week) for week in weeks], ticks_for(max(counted), spaced))
    rows = tuple((f"{week:%Y-%m-%d}", str(count)) for week, count in counts.items())
    lead = _("Dans les neuf semaines à venir.")
    head = (_("Semaine du"), _("Comptes qui ferment"))
    return Panel(
        "departs", title if all_ else _("Aucun compte ne va fermer"), lead, head, rows, "bars", plot,
        link="/console/departs/?jours=60", link_words=_("Voir le calendrier"),
    )  # fmt: skip


PANELS: dict[str, Callable[[Scope, datetime], Panel | None]] = {
    "etats": states,
    "departs": departures,
    "activations": activations,
    "etablissements": shares,
    "incidents": incidents,
    "place": storage,
}


def schools_opened(scope: Scope, now: datetime) -> list[dict[str, Any]]:
    """For each school with accounts: how many that may be in use, how many of them were opened."""
    live = (AccountState.INVITED, AccountState.ACTIVE, AccountState.LEAVING)
    postings = Posting.objects.filter(in_force(now), school__isnull=False, person__account__state__in=live)
    if not scope.whole:
        postings = postings.filter(school__in=scope.schools.values("pk"))
    postings = postings.filter(person__account__academy=scope.academy)
    waiting = Q(person__account__state=AccountState.INVITED)
    counted = (
        postings.order_by()
        .values("school")
        .annotate(all=Count("person", distinct=True), waiting=Count("person", filter=waiting, distinct=True))
    )
    schools = School.objects.filter(academy=scope.academy).values("pk", "uai", "name", "department")
    named = {one["pk"]: one for one in schools}
    return [
        {
            "school__uai": named[row["school"]]["uai"],
            "school__name": named[row["school"]]["name"],
            "school__department": named[row["school"]]["department"],
            "all": row["all"],
            "opened": row["all"] - row["waiting"],
        }
        for row in counted
        if row["school"] in named
    ]


def _states(scope: Scope) -> dict[str, int]:
    rows = scope.people.order_by().values_list("state").annotate(count=Count("pk"))
    return {
        **dict.fromkeys(_SHOWN_STATES, 0),
        **{state: count for state, count in rows if state in _SHOWN_STATES},
    }


def _series(scope: Scope, name: str, first: date, last: date) -> dict[date, int] | None:
    """The figures called NAME, day by day; None where none are kept for this scope."""
    if scope.part is None:
        return None
    rows = Figure.objects.filter(
        academy=scope.academy, part=scope.part, name=name, on__gte=first, on__lte=last
    )
    return dict(rows.values_list("on", "value"))


def _incident_words() -> dict[str, tuple[str, str]]:
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


def _share(words: str, opened: int, all_: int, query: str) -> dict[str, Any]:
    return {
        "words": words,
        "share": share_words(opened, all_),
        "left": spaced(all_ - opened),
        "width": round(100 * opened / all_, 1) if all_ else 0,
        "link": f"/console/listes/?{query}",
    }


def _listing(scope: Scope, query: str) -> str:
    return "/console/listes/?" + "&".join(part for part in (scope.filter, query) if part)


def _day(day: date) -> str:
    """« 1er septembre »."""
    first = day.day == 1 and (get_language() or "fr").startswith("fr")
    return dateformat.format(day, "j\\e\\r F" if first else _("j F"))


def _short(day: date) -> str:
    return dateformat.format(day, "j b")
