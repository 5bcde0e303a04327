"""The panel on where accounts wait to be opened: by department, and the schools that are furthest behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from casier.console.figures.pieces import Panel, lists
from casier.console.figures.scopes import Scope
from casier.console.many.filters import in_force
from casier.console.measures import share_words, spaced
from casier.directory.models import AccountState, Posting, School

WORST = 10
# A school with fewer has a share that says nothing.
FEWEST = 3


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
        _share(scope, _("Département %(number)s") % {"number": number}, opened, all_, f"departement={number}")
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
        _share(scope, one["school__name"], one["opened"], one["all"], f"uai={one['school__uai']}")
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


def _share(scope: Scope, words: str, opened: int, all_: int, query: str) -> dict[str, Any]:
    return {
        "words": words,
        "share": share_words(opened, all_),
        "left": spaced(all_ - opened),
        "width": round(100 * opened / all_, 1) if all_ else 0,
        "link": lists(scope.elsewhere, query, "active=non"),
    }
