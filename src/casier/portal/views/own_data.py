"""What is kept about oneself: a copy to take along, what others did with it, and for how long it stays."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.deeds import action_words, reason_words
from casier.console.wording import office_words
from casier.kernel.errors import CasierError, Unavailable
from casier.mailbox.transfer.telling import told_size
from casier.portal.factors.stepping import freshly_proved
from casier.portal.views.account import actor_of, person_of, signed_in
from casier.privacy.copies import asking
from casier.privacy.errors import NoSuchCopy, NotReady
from casier.privacy.models import ExportState, PersonExport
from casier.privacy.registering import register_of
from casier.privacy.seeing import Done, done_to
from casier.privacy.words import failed_words

PAGE = "/compte/donnees/"
COPIES = 3


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The copies, what was done, the times."""
    account, language = person_of(request).account, _language()
    typed = request.GET.get("avant", "")
    before = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    page = done_to(account, language, before)
    lines = [_act(one) for one in page.acts]
    register = register_of(account.academy, language)
    facts = {
        "copies": [_copy(one) for one in asking.copies_of(account, own=True)[:COPIES]],
        "waiting": asking.copies_of(account, own=True).filter(state__in=asking.LIVE).exists(),
        "days": [(day, list(rows)) for day, rows in groupby(lines, key=lambda line: line["day"])],
        "older": page.older,
        "paging": before is not None,
        "processings": register.processings,
        "dpo": register.fields["dpo"],
        "dpo_contact": register.fields["dpo_contact"],
    }
    return render(request, "portal/own_data.html", facts)


@signed_in
@freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Have a copy made; who comes back from the proof is asked once more by a page of its own."""
    if request.method != "POST":
        return render(request, "portal/own_data_ask.html")
    account = person_of(request).account
    try:
        asking.ask(account, by=actor_of(request), reason="", language=_language(), now=timezone.now())
    except Unavailable:
        raise  # the page that says so, with a reference
    except CasierError as error:
        messages.error(request, _sentence(error.code))
    else:
        messages.success(request, _("La copie se prépare. Revenez sur cette page pour la télécharger."))
    return redirect(PAGE)


@signed_in
@freshly_proved
@require_safe
def fetch(request: HttpRequest, copy_id: uuid.UUID) -> HttpResponse:
    """The zip; nginx sends it."""
    try:
        road, name = asking.fetch(copy_id.hex, by=actor_of(request), now=timezone.now())
    except (NoSuchCopy, NotReady):
        messages.error(request, _("Cette copie n’est plus disponible."))
        return redirect(PAGE)
    return as_download(road, name)


def as_download(road: str, name: str) -> HttpResponse:
    """What makes nginx send the file at ROAD, and nobody keep it."""
    response = HttpResponse(content_type="application/zip")
    response.headers["X-Accel-Redirect"] = road
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def _sentence(code: str) -> str:
    if code == "copy_under_way":
        return _("Une copie se prépare déjà.")
    return _("La copie n’est pas possible pour le moment. Réessayez plus tard.")


def _copy(row: PersonExport) -> dict[str, Any]:
    ready = row.state == ExportState.READY and row.expires_at is not None and row.expires_at > timezone.now()
    words = {
        ExportState.WAITING.value: _("en attente"),
        ExportState.WORKING.value: _("en préparation"),
        ExportState.READY.value: _("prête"),
        ExportState.FAILED.value: _("échouée"),
        ExportState.CANCELLED.value: _("remplacée"),
        ExportState.EXPIRED.value: _("expirée"),
    }
    failed = failed_words(row.fault, _language()) if row.state == ExportState.FAILED else ""
    size = told_size(row.octets, _language())
    return {"row": row, "state": words[row.state], "ready": ready, "size": size, "failed": failed}


def _act(one: Done) -> dict[str, Any]:
    return {
        "day": timezone.localtime(one.at).date(),
        "at": one.at,
        "what": action_words(one.action),
        "by": _by(one),
        "reason": reason_words(one.reason),
        "look": one.is_look,
    }


def _by(one: Done) -> str:
    if one.by == "office":
        return ", ".join(office_words(office) for office in one.offices) or _("un agent de l’académie")
    return {"operations": _("l’exploitation de la plateforme")}.get(one.by, _("la plateforme, d’elle-même"))
