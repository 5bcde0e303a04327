"""The journal: who did what to whom, when and why; whether it holds; and parts of it taken out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import Query, Recorded, export, record, search
from casier.console.access import Desk, console, with_proof
from casier.console.acting import reason_in
from casier.console.forms import form_of, page
from casier.console.journal import Asked, acts, asked, in_words, note_reading
from casier.console.models import ChainCheck
from casier.directory.mandates import Ability
from casier.kernel.csv_cells import csv_lines
from casier.kernel.errors import NotAllowed

ON_A_PAGE, IN_A_FILE = 50, 500
_NUMBER = re.compile(r"[0-9]{1,15}")


@console
@require_safe
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The latest entries, or those that were asked for. That they were read stands in the journal, too."""
    wanted = asked(desk, request.GET)
    before = request.GET.get("avant", "")
    facts: dict[str, Any] = {
        "here": "journal",
        "values": wanted.values,
        "errors": wanted.errors,
        "query": urlencode(wanted.facts),
        "acts": acts(),
        "academies": desk.reached(Ability.SEE_JOURNAL),
        "check": ChainCheck.objects.order_by("-at").first(),
        "person_wanted": wanted.person_wanted,
        "whole": bool(desk.academies(Ability.SEE_JOURNAL)),
    }
    if not wanted.errors and not wanted.person_wanted:
        found = search(
            wanted.query, ON_A_PAGE, int(before) if before.isascii() and before.isdigit() else None
        )
        note_reading(desk, wanted)
        facts |= {"entries": in_words(found.entries), "older": found.older, "searched": True}
    return page(request, desk, "journal/page", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, desk: Desk) -> Any:
    """The entries that were asked for as a table, or as a signed file that proves what stood there."""
    wanted = asked(desk, request.GET)
    if wanted.errors or wanted.person_wanted:
        raise NotAllowed("Say whose entries.")
    form = form_of(request, "forme", told=False)
    if request.method != "POST" or form.errors:
        facts = {"here": "journal", "query": urlencode(wanted.facts), "asked": wanted.facts}
        return page(request, desk, "journal/export", facts, form)
    reason, academy = reason_in(form.reason), desk.account.academy.slug
    with transaction.atomic():
        record(
            desk.actor, "journal.exported", wanted.query.target or f"academy:{academy}", reason,
            academy=academy, at=desk.now, asked=wanted.facts,
        )  # fmt: skip
    return _signed(desk, wanted, reason) if form.values["forme"] == "signe" else _table(wanted)


def _signed(desk: Desk, wanted: Asked, reason: str) -> FileResponse:
    # It is deleted as soon as it is closed: the file lives as long as the answer.
    file = tempfile.NamedTemporaryFile(suffix=".zip")  # noqa: SIM115 - closed by the answer that sends it
    key = settings.CASIER_INSTANCE.key("journal")
    export(Path(file.name), wanted.query, by=desk.actor, reason=reason, now=desk.now, key=key)
    answer = FileResponse(file, as_attachment=True, filename="journal.zip", content_type="application/zip")
    answer["Cache-Control"] = "no-store"
    return answer


def _table(wanted: Asked) -> StreamingHttpResponse:
    head = (
        _("Numéro"),
        _("Quand"),
        _("Qui"),
        _("Quoi"),
        _("Sur qui"),
        _("Motif"),
        _("Depuis"),
        _("Académie"),
    )
    answer = StreamingHttpResponse(
        csv_lines(head, _rows(wanted.query)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="journal.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _rows(query: Query) -> Iterator[tuple[object, ...]]:
    before: int | None = None
    while True:
        found = search(query, IN_A_FILE, before)
        for one in in_words(found.entries):
            row: Recorded = one["row"]
            at = timezone.localtime(row.at).isoformat(sep=" ", timespec="seconds")
            yield row.id, at, one["who"], one["what"], one["whom"], one["reason"], row.origin, row.academy
        before = found.older
        if before is None:
            return
