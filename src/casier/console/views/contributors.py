"""Outside contributors: those of one's schools, asking for one, and what the DSI decides."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console import contributing
from casier.console.access import Desk, console, with_proof
from casier.console.contributing import Reach, reach_of, request_within, stay_row, stay_within
from casier.console.forms import Form, page
from casier.contributors import api
from casier.directory.access import primary_address
from casier.directory.importing import parse_day
from casier.directory.models import School
from casier.kernel.errors import CasierError, NotAllowed

HERE = "/console/intervenants/"
PAGE = 40
OVER = 10
FORM = tuple(name for name in contributing.FIELDS.values() if name != "personne")


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for an answer, who contributes now, who did."""
    reach, today = reach_of(desk), contributing.today_of(desk)
    seen, asks = reach.sees, reach.asks
    stays = api.stays_at(seen)
    going = stays.filter(ended_on=None, posting__ends_on__gte=today)
    shown = Paginator(going, PAGE).get_page(request.GET.get("page"))
    over = stays.exclude(ended_on=None, posting__ends_on__gte=today).order_by("-posting__ends_on", "pk")
    facts = {
        "here": "contributors",
        "asks": asks.exists(),
        "decide": api.waiting(reach.decides),
        "orphans": [
            stay_row(one, today)
            for one in api.stays_at(reach.decides).filter(sponsor=None, ended_on=None)[:PAGE]
        ],
        "mine": api.waiting(asks.exclude(pk__in=reach.decides.values("pk"))),
        "shown": shown,
        "rows": [stay_row(one, today) for one in shown],
        "over": [stay_row(one, today) for one in over[:OVER]],
        "several": seen.count() > 1,
    }
    return page(request, desk, "contributors/list", facts)


# Asking -----------------------------------------------------------------------------------------------
@console
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for a contributor: what is needed, then what it will do, then it is sent."""
    desk.require_some(contributing.ASK)
    schools = list(reach_of(desk).asks[:200])
    form = Form({name: request.POST.get(name, "").strip() for name in FORM})
    school = _school(schools, form)
    if school is None:
        raise NotAllowed("No mandate allows this.")
    facts = _asking(desk, schools, school)
    if request.method != "POST":
        form.values["debut"] = contributing.today_of(desk).isoformat()
        return page(request, desk, "contributors/ask", facts, form)
    try:
        wanted = api.plain(_wanted(form))
        rules = api.rules_of(school.academy)
        api.check(wanted, rules, contributing.today_of(desk))
        step = request.POST.get("geste", "")
        if step == "envoyer":
            row = api.ask(school, wanted, asker=desk.account, by=desk.actor, now=desk.now)
            messages.success(request, _("La demande est envoyée à la DSI. Sa réponse vous sera écrite."))
            return redirect(f"{HERE}demandes/{row.pk}/")
        if step != "modifier":
            facts |= {
                "wanted": wanted,
                "effects": contributing.effects(wanted, school, rules, contributing.today_of(desk)),
            }
            return page(request, desk, "contributors/ask_preview", facts, form)
    except CasierError as error:
        name, words = contributing.refusal(error)
        form.errors[name] = words
    return page(request, desk, "contributors/ask", facts, form)


def _school(schools: list[School], form: Form) -> School | None:
    chosen = form.values["etablissement"]
    if not chosen:
        return schools[0] if schools else None
    return next((one for one in schools if one.uai == chosen), None)


def _asking(desk: Desk, schools: list[School], school: School) -> dict[str, Any]:
    today = contributing.today_of(desk)
    facts: dict[str, Any] = {"here": "contributors", "schools": schools, "school": school}
    try:
        rules = api.rules_of(school.academy)
    except api.NotTaken:
        return facts | {"off": True}
    furthest = api.furthest(today, today, rules)
    return facts | {"rules": rules, "by_message": rules.way_in == "message", "furthest": furthest}


def _wanted(form: Form) -> api.Wanted:
    """What was typed. Raises BadRequest."""
    values = form.values
    starts_on, ends_on = _day(values["debut"], "starts_on"), _day(values["fin"], "ends_on")
    if starts_on is None or ends_on is None:
        raise api.BadRequest(field="ends_on" if starts_on else "starts_on", why="missing")
    return api.Wanted(
        given_name=values["prenom"], family_name=values["nom"], role=values["role"], starts_on=starts_on,
        ends_on=ends_on, reason=values["motif"], title=values["civilite"],
        birth_date=_day(values["naissance"], "birth_date"), mail=values["courriel"],
        telephone=values["telephone"],
    )  # fmt: skip


def _day(text: str, name: str) -> date | None:
    """A day as a browser sends it, or as people write it. Raises BadRequest."""
    try:
        return parse_day(text)
    except CasierError as error:
        raise api.BadRequest("Not a day.", field=name, why="bad_day") from error


# Deciding ---------------------------------------------------------------------------------------------
@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, desk: Desk, request_id: uuid.UUID) -> HttpResponse:
    """One request: the DSI answers it, the school takes it back."""
    reach = reach_of(desk)
    row = request_within(reach, request_id.hex)
    form = Form({name: request.POST.get(name, "").strip() for name in ("motif", "fin", "personne")})
    if request.method == "POST":
        try:
            done = _answered(request, desk, row, form)
        except CasierError as error:
            name, words = contributing.refusal(error)
            form.errors[name] = words
        else:
            messages.success(request, done)
            return redirect(HERE)
    else:
        form.values["fin"] = row.ends_on.isoformat()
    return page(request, desk, "contributors/request", _request_facts(desk, reach, row), form)


def _answered(request: HttpRequest, desk: Desk, row: api.Request, form: Form) -> str:
    """Do what was chosen; the words for it. Raises CasierError."""
    wanted, reason = request.POST.get("geste", ""), form.values["motif"]
    if wanted == "retirer":
        api.withdraw(row, by=desk.actor, now=desk.now)
        return _("La demande est retirée.")
    if wanted == "refuser":
        api.refuse(row, reason, by=desk.actor, now=desk.now)
        return _("La demande est refusée, et l’établissement en est averti.")
    person, waits = None, row.state == api.State.WAITING
    if (
        waits
        and not row.renewal
        and desk.may(contributing.APPROVE, row.school)
        and api.namesakes(row, desk.now)
    ):
        person = _chosen(row, form.values["personne"], desk)
    agreed = api.Agreed(_day(form.values["fin"], "ends_on"), person, reason)
    api.approve(row, agreed, by=desk.actor, now=desk.now)
    return _("La demande est acceptée, et l’établissement en est averti.")


def _chosen(row: api.Request, text: str, desk: Desk) -> Any:
    """Who it is, where somebody has the name. Raises BadRequest."""
    if text == "nouvelle":
        return None
    found = api.person_like(row, int(text), desk.now) if text.isascii() and text.isdigit() else None
    if found is None:
        raise api.BadRequest("Say who it is.", field="person", why="choose")
    return found


def _request_facts(desk: Desk, reach: Reach, row: api.Request) -> dict[str, Any]:
    waits = row.state == api.State.WAITING
    decides = waits and reach.may_decide(row.school)
    others = row.asked_by_id != desk.account.pk
    new = decides and others and not row.renewal
    return {
        "here": "contributors",
        "row": row,
        "state": contributing.state_words(row),
        "waits": waits,
        "decides": decides and others,
        "own": decides and not others,
        "asks": waits and reach.may_ask(row.school),
        "namesakes": api.namesakes(row, desk.now) if new else [],
        "alike": api.alike(row) if new else [],
        "before": row.stay.posting.ends_on if row.renewal and row.stay else None,
    }


# One contributor --------------------------------------------------------------------------------------
@console
@require_safe
def one(request: HttpRequest, desk: Desk, stay_id: uuid.UUID) -> HttpResponse:
    """Where somebody's contribution stands, and what can be done."""
    reach = reach_of(desk)
    return page(request, desk, "contributors/one", _stay_facts(desk, reach, stay_within(reach, stay_id.hex)))


def _stay_facts(desk: Desk, reach: Reach, stay: api.Stay) -> dict[str, Any]:
    phase = api.phase_of(stay, contributing.today_of(desk))
    asks = reach.may_ask(stay.school) and stay.account_id != desk.account.pk
    over = phase is api.Phase.OVER
    waits = [row for row in stay.requests.order_by("asked_at") if row.state == api.State.WAITING]
    return {
        "here": "contributors",
        "stay": stay,
        "row": stay_row(stay, contributing.today_of(desk)),
        "address": primary_address(stay.account),
        "way": contributing.way_words(stay),
        "neighbour": stay.account.academy_id != stay.school.academy_id,
        "over": over,
        "waits": waits[0] if waits else None,
        "renews": asks and not waits,
        "ends": not over and (asks or reach.may_decide(stay.school)),
        "gives": asks and api.may_be_given(stay, desk.now),
    }


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, desk: Desk, stay_id: uuid.UUID) -> HttpResponse:
    """More time: at once within the policy's limits, else by the DSI."""
    reach = reach_of(desk)
    stay = stay_within(reach, stay_id.hex)
    desk.require(contributing.ASK, stay.school)
    form = Form({name: request.POST.get(name, "").strip() for name in ("motif", "fin")})
    if request.method == "POST":
        try:
            ends_on = _day(form.values["fin"], "ends_on")
            if ends_on is None:
                raise api.BadRequest(field="ends_on", why="missing")
            row = api.renew(stay, ends_on, by=desk.actor, reason=form.values["motif"], now=desk.now)
        except CasierError as error:
            name, words = contributing.refusal(error)
            form.errors[name] = words
        else:
            told = (
                _("La demande est envoyée à la DSI.") if row else _("C’est prolongé, et la personne le sait.")
            )
            messages.success(request, told)
            return redirect(f"{HERE}{stay.pk}/")
    facts = _stay_facts(desk, reach, stay)
    try:
        rules = api.rules_of(stay.school.academy)
    except api.NotTaken:
        return redirect(f"{HERE}{stay.pk}/")
    today = contributing.today_of(desk)
    facts |= {
        "furthest": api.furthest(today, today, rules),
        "by_dsi": api.needs_the_dsi(stay, rules, desk.actor),
    }
    return page(request, desk, "contributors/renew", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, desk: Desk, stay_id: uuid.UUID) -> HttpResponse:
    """Today is the last day."""
    reach = reach_of(desk)
    stay = stay_within(reach, stay_id.hex)
    form = Form({"motif": request.POST.get("motif", "").strip()})
    if request.method == "POST":
        try:
            api.end(stay, by=desk.actor, reason=form.values["motif"], now=desk.now)
        except CasierError as error:
            name, words = contributing.refusal(error)
            form.errors[name] = words
        else:
            messages.success(request, _("L’intervention est terminée."))
            return redirect(f"{HERE}{stay.pk}/")
    return page(request, desk, "contributors/end", _stay_facts(desk, reach, stay), form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def way_in(request: HttpRequest, desk: Desk, stay_id: uuid.UUID) -> HttpResponse:
    """The way in, given again: sent, or as a sheet to hand over."""
    reach = reach_of(desk)
    stay = stay_within(reach, stay_id.hex)
    desk.require(contributing.ASK, stay.school)
    if request.method == "POST":
        try:
            if request.POST.get("geste") == "feuille":
                pdf = api.printed(stay, by=desk.actor, now=desk.now)
                answer = HttpResponse(pdf, content_type="application/pdf")
                answer.headers["Content-Disposition"] = 'attachment; filename="arrivee.pdf"'
                return answer
            sent = api.send_again(stay, by=desk.actor, now=desk.now)
        except CasierError as error:
            messages.error(request, contributing.refusal(error)[1])
        else:
            if sent:
                messages.success(request, _("Le premier accès est envoyé."))
            else:
                messages.error(request, _("Il n’y a nulle part où l’envoyer : imprimez la feuille."))
        return redirect(f"{HERE}{stay.pk}/")
    facts = _stay_facts(desk, reach, stay)
    if not facts["gives"]:
        return redirect(f"{HERE}{stay.pk}/")
    return page(request, desk, "contributors/way_in", facts)
