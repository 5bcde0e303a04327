"""What waits for someone: resets, letters, reports, corrections; and what stands behind a reference."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.counting import waiting
from casier.console.forms import REASON, Form, form_of, page, refused
from casier.console.person import person_of
from casier.console.showing import shown
from casier.console.terms import done_words, event_words, report_facts, road_words, shown_facts, wrong_words
from casier.console.wording import actor_words
from casier.directory.mandates import Ability
from casier.identity.activation.api import settle_correction
from casier.identity.activation.models import CorrectionRequest
from casier.identity.history import api as history
from casier.identity.recovery.api import desk_request
from casier.kernel.errors import CasierError


@console
@require_safe
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything that waits, the oldest first."""
    desk.require_some(Ability.APPROVE_RESET)
    found = waiting(desk)
    resets = [
        {"row": row, "by": actor_words(row.asked_by), "mine": row.asked_by == desk.actor.name}
        for row in found.resets
    ]
    reported = [{"row": row, "event": event_words(row.event)} for row in found.reports]
    corrections = [
        {"row": row, "wrong": [wrong_words(one) for one in row.wrong]} for row in found.corrections
    ]
    facts = {"here": "requests", "resets": resets, "reports": reported, "corrections": corrections}
    return page(request, desk, "requests", facts)


@console
@require_safe
def reference(request: HttpRequest, desk: Desk, given: str) -> HttpResponse:
    """What a page of refusal meant; who called for help with this reference."""
    desk.require_some(Ability.SEE_HISTORY)
    language = translation.get_language() or "fr"
    told, asked = history.refusal_with(given, language), desk_request(given)
    facts: dict[str, Any] = {"here": "home", "given": given.upper()}
    report = history.report(given)
    if told is not None and _reaches(desk, told.refusal):
        facts |= {"told": told, "account": told.refusal.account, "facts": shown_facts(told.refusal.facts)}
    elif asked is not None and _reaches(desk, asked):
        facts |= {"asked": asked, "account": asked.account}
    elif report is not None and desk.may(Ability.SEE_HISTORY, report.account):
        return redirect(f"/console/signalements/{report.reference}/")
    else:
        # Of another academy, or never given: the same answer.
        return page(request, desk, "no_reference", facts)
    return page(request, desk, "reference", facts)


def _reaches(desk: Desk, row: Any) -> bool:
    """A refusal without a person belongs to its academy; one without either to nobody."""
    if row.account is not None:
        return desk.may(Ability.SEE_HISTORY, row.account)
    return row.academy is not None and desk.may(Ability.SEE_HISTORY, row.academy)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, desk: Desk, given: str) -> HttpResponse:
    """« It wasn't me »: what was disowned, what was done, and what it came to."""
    row = history.report(given)
    if row is None:
        raise NotWithin("No such report.")
    desk.require_reach(row.account)
    desk.require(Ability.SEE_HISTORY, row.account)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        try:
            history.close_report(row.reference, form.reason, desk.account, desk.source)
        except CasierError as error:
            refused(form, error)
        else:
            messages.success(request, _("Le signalement est clos."))
            return redirect("/console/demandes/")
    facts = {
        "here": "requests",
        "report": row,
        "event": event_words(row.event),
        "road": road_words(row.road),
        "facts": report_facts(row),
        "done": done_words(row),
        "p": shown(person_of(row.account), desk),
    }
    return page(request, desk, "report", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, desk: Desk, given: str) -> HttpResponse:
    """What someone says is wrong about them: put right in the directory, or not, and why."""
    row = _correction(desk, given)
    form = form_of(request, "issue")
    if request.method == "POST" and _settled(form, desk, row):
        messages.success(request, _("La demande est réglée, et la personne en est avertie."))
        return redirect("/console/demandes/")
    facts = {
        "here": "requests",
        "row": row,
        "wrong": [wrong_words(one) for one in row.wrong],
        "by": actor_words(row.settled_by) if row.settled_by else "",
        "p": shown(person_of(row.account), desk),
    }
    return page(request, desk, "correction", facts, form)


def _correction(desk: Desk, given: str) -> CorrectionRequest:
    """The request with this reference, of someone within the perimeter. Raises NotWithin, NotAllowed."""
    rows = CorrectionRequest.objects.select_related("account__academy", "account__person")
    row = rows.filter(reference=given.upper()).first()
    if row is None:
        raise NotWithin("No such request.")
    desk.require_reach(row.account)
    desk.require(Ability.RESET, row.account)
    return row


def _settled(form: Form, desk: Desk, row: CorrectionRequest) -> bool:
    """Whether ROW is settled now; otherwise the form says why not."""
    if row.account_id == desk.account.pk:
        form.errors[REASON] = _("C’est votre demande : une autre personne doit y répondre.")
    elif form.values["issue"] not in {"corrigee", "refusee"}:
        form.errors[REASON] = _("Dites si l’annuaire a été corrigé, ou non.")
    if form.errors:
        return False
    try:
        settle_correction(
            row, form.reason, accepted=form.values["issue"] == "corrigee", by=desk.actor, now=desk.now
        )
    except CasierError as error:
        refused(form, error)
        return False
    return True
