"""Secured letters: asked for, agreed to, printed, posted, cancelled."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.counting import waiting
from casier.console.forms import Form, form_of, page, refused, sentence
from casier.console.person import person_of
from casier.console.showing import shown
from casier.console.wording import actor_words, letter_words
from casier.directory.mandates import Ability
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Letter, LetterState
from casier.kernel.errors import CasierError

ADDRESS = "adresse"


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Have a letter made for someone."""
    account = desk.person(account_id, Ability.RESET)
    form = form_of(request, "preuve")
    form.values[ADDRESS] = request.POST.get(ADDRESS, "")
    if request.method == "POST" and not form.errors:
        try:
            recovery.ask_letter(
                account, desk.actor, form.reason,
                address=form.values[ADDRESS].splitlines(), resets_factors=form.values["preuve"] == "on",
            )  # fmt: skip
        except CasierError as error:
            refused(form, error, ADDRESS if error.code == "bad_address" else "motif")
        else:
            messages.success(request, _("La lettre est demandée : imprimez-la depuis « Lettres »."))
            return redirect(f"/console/personnes/{account.pk}/")
    return page(request, desk, "letter", {"here": "home", "p": shown(person_of(account), desk)}, form)


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The letters that wait to be agreed to, printed or posted."""
    desk.require_some(Ability.RESET)
    found = waiting(desk).letters
    rows = [{"row": row, "state": letter_words(row.state)} for row in found]
    ready = any(row.state in (LetterState.APPROVED, LetterState.PRINTED) for row in found)
    return page(request, desk, "letters", {"here": "letters", "rows": rows, "ready": ready})


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def printing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The chosen letters as one PDF: each code is drawn for this print alone."""
    desk.require_some(Ability.RESET)
    if request.method != "POST":
        return redirect("/console/lettres/")
    chosen = [_letter(desk, letter_id).id.hex for letter_id in _ids(request)]
    try:
        pdf = recovery.print_letters(chosen, desk.actor)
    except CasierError as error:
        words = _("Choisissez au moins une lettre.") if error.code == "no_such_letter" else sentence(error)
        messages.error(request, words)
        return redirect("/console/lettres/")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="lettres.pdf"'
    return answer


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, desk: Desk, letter_id: uuid.UUID) -> HttpResponse:
    """One letter: agree to it, note that it has left, cancel it."""
    letter = _letter(desk, letter_id)
    form = form_of(request)
    form.values[ADDRESS] = request.POST.get(ADDRESS, "\n".join(letter.address))
    if request.method == "POST" and not form.errors and _changed(request, desk, letter, form):
        return redirect("/console/lettres/")
    facts: dict[str, Any] = {
        "here": "letters",
        "p": shown(person_of(letter.account), desk),
        "letter": letter,
        "state": letter_words(letter.state),
        "asked_by": actor_words(letter.asked_by),
        "mine": letter.asked_by == desk.actor.name,
        "asked": letter.state == LetterState.ASKED,
        "printed": letter.state == LetterState.PRINTED,
    }
    return page(request, desk, "one_letter", facts, form)


def _changed(request: HttpRequest, desk: Desk, letter: Letter, form: Form) -> bool:
    """Whether what was asked of LETTER is done; otherwise the form says why not."""
    lines, wanted = form.values[ADDRESS].splitlines(), request.POST.get("geste", "")
    try:
        if wanted == "accepter":
            recovery.approve_letter(letter.id.hex, desk.actor, form.reason, address=lines)
        elif wanted == "postee":
            recovery.mark_posted(letter.id.hex, desk.actor)
        elif wanted == "annuler":
            recovery.revoke_letter(letter.id.hex, desk.actor, form.reason)
        else:
            return False
    except CasierError as error:
        refused(form, error, ADDRESS if error.code == "bad_address" else "motif")
        return False
    messages.success(request, _("C’est noté."))
    return True


def _ids(request: HttpRequest) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in request.POST.getlist("lettre")]
    except ValueError:
        raise Http404 from None


def _letter(desk: Desk, letter_id: uuid.UUID) -> Letter:
    """The letter with this id, of someone within the perimeter. Raises NotWithin, NotAllowed."""
    letter = Letter.objects.select_related("account__academy", "account__person").filter(pk=letter_id).first()
    if letter is None:
        raise NotWithin("No such letter within your perimeter.")
    desk.require_reach(letter.account)
    desk.require(Ability.RESET, letter.account)
    return letter
