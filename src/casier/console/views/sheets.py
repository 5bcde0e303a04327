"""The arrival sheet of one person who hasn't opened their account yet, made anew and printed."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casier.console.access import Desk, console, with_proof
from casier.console.forms import REASON, form_of, page
from casier.console.schooling import why_not
from casier.directory.mandates import Ability
from casier.directory.models import Account
from casier.kernel.errors import CasierError
from casier.schools import api


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """What it will do, the reason, and the sheet as PDF."""
    account = desk.person(account_id, Ability.RENEW_SHEET)
    form = form_of(request, told=False)
    if request.method == "POST" and not form.errors:
        try:
            pdf = api.renew_sheet(account, by=desk.actor, reason=form.reason, now=desk.now)
        except CasierError as error:
            form.errors[REASON] = why_not(error)
        else:
            return as_paper(pdf)
    return page(request, desk, "schools/sheet", _facts(account, desk), form)


def as_paper(pdf: bytes) -> HttpResponse:
    """PDF to be saved or printed, kept by no cache: it opens an account."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="arrivee.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _facts(account: Account, desk: Desk) -> dict[str, object]:
    facts: dict[str, object] = {"here": "schools", "account": account, "name": account.person.full_name}
    try:
        giver = api.giver_of(account, desk.account, desk.now)
        giver.require_some(account)
    except CasierError as error:
        return {**facts, "refused": why_not(error)}
    if giver.school is None:
        facts["here"] = "home"
    return {**facts, "giver": giver}
