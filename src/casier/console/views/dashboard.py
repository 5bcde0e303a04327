"""The dashboard: how an academy or a part of it does, drawn, as tables, as files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casier.console.access import Desk, console
from casier.console.counting import waiting_counts
from casier.console.figures.panels import PANELS, panels
from casier.console.figures.scopes import Scope, scope_of, scopes
from casier.console.forms import page, rooms
from casier.directory.mandates import Ability
from casier.kernel.csv_cells import csv_text


@console
@require_safe
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All panels for the scope that was chosen."""
    scope = _scope(request, desk)
    own = scope.academy.pk == desk.account.academy_id
    facts: dict[str, Any] = {
        "here": "dashboard",
        "scope": scope,
        "scopes": scopes(desk, scope.academy),
        "subject": scope.academy,
        "academies": desk.reached(Ability.SEE_DASHBOARD),
        "panels": panels(scope, desk.now),
        # The rooms where things wait are those of one's own academy.
        "waiting": _waiting(desk) if own else [],
    }
    return page(request, desk, "dashboard/page", facts)


@console
@require_safe
def as_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The figures of one panel, for a spreadsheet."""
    scope, panel = _scope(request, desk), request.GET.get("quoi", "etats")
    found = PANELS[panel](scope, desk.now) if panel in PANELS else None
    if found is None:
        raise Http404
    answer = HttpResponse(csv_text(found.head, found.rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _scope(request: HttpRequest, desk: Desk) -> Scope:
    """The academy and the part of it that were chosen."""
    academy = desk.looked_at(request.GET.get("academie", ""), Ability.SEE_DASHBOARD)
    return scope_of(desk, academy, request.GET.get("lieu", ""))


def _waiting(desk: Desk) -> list[dict[str, Any]]:
    """What waits in each room that knows of it, nothing too."""
    counts = waiting_counts(desk)
    found = [room for room in rooms(desk) if room["here"] in counts]
    # In the room of lists it is acts on many that wait.
    acts = {"title": _("Actes en nombre"), "url": "/console/operations/"}
    return [room | acts if room["here"] == "lists" else room for room in found]
