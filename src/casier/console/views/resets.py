"""Resetting a password or the factors: the identity is checked, a second person agrees where wanted."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import Form, form_of, page, refused
from casier.console.person import person_of
from casier.console.showing import shown
from casier.console.wording import actor_words, check_words
from casier.directory.mandates import Ability
from casier.directory.models import Account
from casier.identity.recovery import api as recovery
from casier.identity.recovery.api import Check, Outcome, Reset, ResetKind, ResetState
from casier.kernel.errors import CasierError

CHECKS = "controle"
# The strong ones first: two of them are enough, two weak ones are not.
_ORDER = ("called_back", "document", "in_person", "superior", "posting", "birth_date")


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Reset a password after the identity was checked; it is shown once, in the answer."""
    account = desk.person(account_id, Ability.RESET)
    form = form_of(request)
    form.values[CHECKS] = [check for check in _ORDER if check in request.POST.getlist(CHECKS)]
    if request.method == "POST" and not form.errors:
        checks = [Check(check) for check in form.values[CHECKS]]
        outcome = _tried(form, CHECKS, lambda: recovery.start_reset(account, checks, desk.actor, form.reason))
        if outcome is not None:
            return _answer(request, desk, outcome)
    return _form(request, desk, account, form, ResetKind.PASSWORD)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def factors(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Take the second factors off: for someone whose identity was just checked for the password."""
    account = desk.person(account_id, Ability.RESET)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        outcome = _tried(form, "motif", lambda: recovery.reset_factors(account, desk.actor, form.reason))
        if outcome is not None:
            return _answer(request, desk, outcome)
    return _form(request, desk, account, form, ResetKind.FACTORS)


def _form(request: HttpRequest, desk: Desk, account: Account, form: Form, kind: ResetKind) -> HttpResponse:
    facts: dict[str, Any] = {
        "here": "home",
        "p": shown(person_of(account), desk),
        "kind": kind,
        "checks": [{"code": code, "words": check_words(code)} for code in _ORDER],
        "least": recovery.LEAST_CHECKS,
    }
    return page(request, desk, "reset", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, desk: Desk, reset_id: uuid.UUID) -> HttpResponse:
    """The second pair of eyes: agree or refuse, with what was checked in sight."""
    reset = _reset(desk, reset_id)
    mine = reset.asked_by == desk.actor.name
    desk.require(Ability.RESET if mine else Ability.APPROVE_RESET, reset.account)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        yes = request.POST.get("decision") == "oui"
        done = _tried(form, "motif", lambda: _decided(reset, desk, form.reason, yes=yes))
        if done is not None:
            said = _("La réinitialisation est acceptée.") if yes else _("La réinitialisation est refusée.")
            messages.success(request, said)
            return redirect("/console/demandes/")
    facts: dict[str, Any] = {
        "here": "requests",
        "p": shown(person_of(reset.account), desk),
        "reset": reset,
        "mine": mine,
        "asked_by": actor_words(reset.asked_by),
        "checked": [check_words(check) for check in reset.checks],
        "takes": mine and reset.state == ResetState.APPROVED and reset.kind == ResetKind.PASSWORD,
        "waits": reset.state == ResetState.PENDING,
    }
    return page(request, desk, "decide", facts, form)


def _decided(reset: Reset, desk: Desk, reason: str, *, yes: bool) -> Outcome:
    if yes:
        return recovery.approve_reset(reset.id.hex, desk.actor, reason)
    return Outcome(recovery.refuse_reset(reset.id.hex, desk.actor, reason))


@console
@with_proof
@require_POST
def take(request: HttpRequest, desk: Desk, reset_id: uuid.UUID) -> HttpResponse:
    """The password of an agreed reset, for who asked: drawn now, never to be read again."""
    reset = _reset(desk, reset_id)
    desk.require(Ability.RESET, reset.account)
    form = Form()
    drawn = _tried(form, "motif", lambda: Outcome(reset, recovery.take_password(reset.id.hex, desk.actor)))
    if drawn is None:
        messages.error(request, form.errors["motif"])
        return redirect("/console/demandes/")
    return _answer(request, desk, drawn)


def _reset(desk: Desk, reset_id: uuid.UUID) -> Reset:
    """The reset with this id, of someone within the perimeter. Raises NotWithin."""
    reset = Reset.objects.select_related("account__academy", "account__person").filter(pk=reset_id).first()
    if reset is None:
        raise NotWithin("No such reset within your perimeter.")
    desk.require_reach(reset.account)
    return reset


def _tried(form: Form, name: str, act: Any) -> Outcome | None:
    """What ACT came to; None with the reason at the field called NAME."""
    try:
        outcome: Outcome = act()
    except CasierError as error:
        refused(form, error, name)
        return None
    return outcome


def _answer(request: HttpRequest, desk: Desk, outcome: Outcome) -> HttpResponse:
    account = outcome.reset.account
    if outcome.password is not None:
        facts = {"here": "home", "p": shown(person_of(account), desk), "password": outcome.password.reveal()}
        return page(request, desk, "password", facts)
    if outcome.reset.state == ResetState.PENDING:
        messages.success(request, _("La demande attend l’accord d’une seconde personne."))
    else:
        messages.success(request, _("Les seconds facteurs sont retirés."))
    return redirect(f"/console/personnes/{account.pk}/")
