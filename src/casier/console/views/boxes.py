"""A school's mailboxes: members, what is asked for, and the answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import REASON, Form, form_of, page
from casier.console.schooling import why_not
from casier.console.views.schools import about, school_of
from casier.console.wording import actor_words
from casier.directory.access import account_with, primary_address
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Account, FunctionalMailbox, Membership, Role, School
from casier.directory.naming import in_order
from casier.kernel.errors import CasierError
from casier.policies.api import policy_for
from casier.schools import api, showing
from casier.schools.asking import address_for
from casier.schools.errors import Elsewhere
from casier.schools.telling import role_words, thing_of

SUGGESTED = 300
_OF_ADDRESS = {"address_taken", "already_asked", "bad_address", "not_our_domain"}


@console
@require_safe
def one(request: HttpRequest, desk: Desk, uai: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """A mailbox of the school with its members."""
    school, mailbox = _mailbox(desk, uai, mailbox_id, Ability.SEE_MAILBOXES)
    waiting = api.requests_of(school).filter(mailbox=mailbox)
    facts = {
        **_about(school, mailbox),
        "members": [
            {"row": row, "role": role_words(row.role), "address": primary_address(row.account)}
            for row in showing.box_of(mailbox).members
        ],
        "requests": [
            {"row": row, "what": thing_of(row), "decides": api.decides(desk.account, row, desk.now)}
            for row in waiting
        ],
        "may_manage": desk.may(Ability.MANAGE_SCHOOL_MAILBOXES, school),
    }
    return page(request, desk, "schools/mailbox", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, uai: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Name a member; who works elsewhere is asked for, where the policy wants that."""
    school, mailbox = _mailbox(desk, uai, mailbox_id, Ability.MANAGE_SCHOOL_MAILBOXES)
    form = form_of(request, "membre", "role")
    if request.method == "POST":
        account = _somebody(school, form, desk)
        if account is not None and not form.errors and _named(mailbox, account, form, desk, request):
            return redirect(_page_of(school, mailbox))
    else:
        form.values["membre"] = request.GET.get("membre", "").strip()[:254]
    people = showing.people_of(school, desk.now, 1, most=SUGGESTED).rows
    facts = {
        **_about(school, mailbox),
        "people": [{"name": row.account.person.full_name, "address": row.address} for row in people],
        "roles": _roles(form.values["role"] or Role.ANSWER),
        "elsewhere": policy_for(school.academy).schools.members_elsewhere,
    }
    return page(request, desk, "schools/add", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def member(
    request: HttpRequest, desk: Desk, uai: str, mailbox_id: uuid.UUID, account_id: uuid.UUID
) -> HttpResponse:
    """Change what a member may do, or close the mailbox to them."""
    school, mailbox = _mailbox(desk, uai, mailbox_id, Ability.MANAGE_SCHOOL_MAILBOXES)
    rows = Membership.objects.select_related("account__person", "account__academy")
    row = rows.filter(mailbox=mailbox, account=account_id).first()
    if row is None:
        raise NotWithin("Not a member.")
    form = form_of(request, "role", "acte", "etait")
    if request.method == "POST" and not form.errors and _changed(mailbox, row.account, form, desk):
        messages.success(request, _("C’est fait ; la personne en est avertie."))
        return redirect(_page_of(school, mailbox))
    facts = {
        **_about(school, mailbox),
        "row": row,
        "name": row.account.person.full_name,
        "address": primary_address(row.account),
        "roles": _roles(form.values["role"] or row.role),
        "last": api.is_last_manager(mailbox, row.account),
    }
    return page(request, desk, "schools/member", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, desk: Desk, uai: str) -> HttpResponse:
    """Ask for a mailbox for the school; who would answer makes it."""
    school = school_of(desk, uai, Ability.MANAGE_SCHOOL_MAILBOXES)
    form = form_of(request, "nom", "adresse", told=False)
    if request.method == "POST" and not form.errors and _asked(school, form, desk, request):
        return redirect(f"/console/etablissements/{school.uai}/")
    facts = {**about(school), "example": address_for(school, _("gestion")), "whole": _whole(desk, school)}
    return page(request, desk, "schools/ask", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, desk: Desk, uai: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Ask that a mailbox be shut; who would answer shuts it."""
    school, mailbox = _mailbox(desk, uai, mailbox_id, Ability.MANAGE_SCHOOL_MAILBOXES)
    form = form_of(request, told=False)
    if request.method == "POST" and not form.errors:
        try:
            row = api.ask_close(mailbox, by=desk.actor, reason=form.reason, now=desk.now)
        except CasierError as error:
            form.errors[REASON] = why_not(error)
        else:
            messages.success(request, _done_or_waits(row))
            return redirect(f"/console/etablissements/{school.uai}/")
    return page(
        request, desk, "schools/close", {**_about(school, mailbox), "whole": _whole(desk, school)}, form
    )


@console
@require_safe
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for an answer of DESK's, and what they asked for."""
    desk.require_some(Ability.MANAGE_SCHOOL_MAILBOXES)
    facts = {
        "here": "boxes",
        "waiting": [_row(row) for row in api.waiting_for(desk.account, desk.now)[:100]],
        "mine": [_row(row) for row in api.asked_by(desk.account)[:20]],
    }
    return page(request, desk, "schools/requests", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, desk: Desk, box_request_id: uuid.UUID) -> HttpResponse:
    """Approve, refuse or, for who asked, take back."""
    rows = api.Request.objects.select_related(
        "school__academy", "academy", "mailbox", "about__person", "asked_by__person"
    )
    row = rows.filter(pk=box_request_id).first()
    mine = row is not None and row.asked_by_id == desk.account.pk
    if row is None or not (mine or api.decides(desk.account, row, desk.now)):
        raise NotWithin("No such request.")
    form = form_of(request, "acte", "local", "domaine")
    if form.values["acte"] != "refuser":
        form.errors.pop(REASON, None)
    if request.method != "POST":
        form.values["local"], _at, form.values["domaine"] = row.address.partition("@")
    if request.method == "POST" and not form.errors and _decided(row, form, desk):
        messages.success(request, _("C’est fait ; qui a demandé en est averti."))
        return redirect("/console/boites/")
    facts = {"here": "boxes", **_row(row), "mine": mine, "decides": not mine, **_addresses(row)}
    return page(request, desk, "schools/decide", facts, form)


def _addresses(row: api.Request) -> dict[str, Any]:
    """For a new mailbox: among which domains to choose, and which address it has where that is another."""
    if row.kind != api.Kind.NEW:
        return {}
    main = row.mailbox.addresses.filter(is_primary=True).first() if row.mailbox else None
    given = main.address if main is not None and main.address != row.address else ""
    return {"domains": [domain.name for domain in in_order(row.academy)], "given": given}


def _mailbox(
    desk: Desk, uai: str, mailbox_id: uuid.UUID, ability: Ability
) -> tuple[School, FunctionalMailbox]:
    school = school_of(desk, uai, ability)
    rows = FunctionalMailbox.objects.filter(school=school, is_closed=False)
    mailbox = rows.select_related("academy", "school__academy").filter(pk=mailbox_id).first()
    if mailbox is None:
        raise NotWithin("No such mailbox.", school=uai)
    return school, mailbox


def _about(school: School, mailbox: FunctionalMailbox) -> dict[str, Any]:
    main = mailbox.addresses.filter(is_primary=True).values_list("address", flat=True).first()
    page_of = _page_of(school, mailbox)
    return {**about(school), "mailbox": mailbox, "box_address": main or mailbox.mailbox_key, "box": page_of}


def _page_of(school: School, mailbox: FunctionalMailbox) -> str:
    return f"/console/etablissements/{school.uai}/boites/{mailbox.pk}/"


def _roles(chosen: str) -> list[dict[str, Any]]:
    return [{"code": role.value, "words": role_words(role), "chosen": role == chosen} for role in Role]


def _whole(desk: Desk, school: School) -> bool:
    return desk.may(Ability.MANAGE_SCHOOL_MAILBOXES, school.academy)


def _somebody(school: School, form: Form, desk: Desk) -> Account | None:
    """Who was typed: an address, or a name that only one person of the school has."""
    typed = form.values["membre"]
    try:
        if "@" in typed:
            found: Account | None = account_with(typed)
            if found is None or found.academy_id != school.academy_id:
                raise NotFound("Nobody of this academy.")
            return found
    except NotFound as error:
        form.errors["membre"] = why_not(error)
        return None
    rows = showing.people_of(school, desk.now, 1, typed).rows if typed else []
    if len(rows) == 1:
        return rows[0].account
    form.errors["membre"] = (
        _("Plusieurs personnes portent ce nom ici : écrivez l’adresse.")
        if rows
        else _("Écrivez le nom d’une personne de l’établissement, ou une adresse de l’académie.")
    )
    return None


def _role(form: Form) -> Role:
    code = form.values["role"]
    return Role(code) if code in set(Role.values) else Role.READ


def _named(
    mailbox: FunctionalMailbox, account: Account, form: Form, desk: Desk, request: HttpRequest
) -> bool:
    role = _role(form)
    said: dict[str, Any] = {"by": desk.actor, "reason": form.reason, "now": desk.now}
    name = account.person.full_name
    try:
        try:
            api.name_member(mailbox, account, role, **said)
        except Elsewhere as error:
            if error.facts.get("policy") != "approved":
                raise
            api.ask_member(mailbox, account, role, **said)
            told = _("%(name)s travaille dans un autre établissement : la demande est envoyée à la DSI.")
            messages.success(request, told % {"name": name})
        else:
            messages.success(request, _("La boîte est ouverte à %(name)s.") % {"name": name})
    except CasierError as error:
        form.errors["membre"] = why_not(error)
        return False
    return True


def _changed(mailbox: FunctionalMailbox, account: Account, form: Form, desk: Desk) -> bool:
    said: dict[str, Any] = {"by": desk.actor, "reason": form.reason, "now": desk.now}
    said["was"] = form.values["etait"]
    try:
        if form.values["acte"] == "retirer":
            api.take_away(mailbox, account, **said)
        else:
            api.name_member(mailbox, account, _role(form), **said)
    except CasierError as error:
        form.errors[REASON] = why_not(error)
        return False
    return True


def _asked(school: School, form: Form, desk: Desk, request: HttpRequest) -> bool:
    name = form.values["nom"]
    if not name:
        form.errors["nom"] = _("Écrivez le nom que la boîte portera.")
        return False
    wanted = form.values["adresse"] or name
    try:
        row = api.ask_new(school, name, wanted, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        field = (
            "adresse" if error.code in {"bad_mailbox_request", "address_taken", "already_asked"} else REASON
        )
        form.errors[field] = why_not(error)
        return False
    messages.success(request, _done_or_waits(row))
    return True


def _done_or_waits(row: api.Request) -> str:
    if row.state == api.State.WAITING:
        return _("La demande est envoyée à la DSI ; vous recevrez sa réponse.")
    return _("C’est fait.")


def _decided(row: api.Request, form: Form, desk: Desk) -> bool:
    said: dict[str, Any] = {"by": desk.actor, "now": desk.now}
    try:
        match form.values["acte"]:
            case "accepter":
                api.approve(row, answer=form.reason, address=_address(form), **said)
            case "refuser":
                api.refuse(row, reason=form.reason, **said)
            case "reprendre":
                api.withdraw(row, **said)
            case _:
                form.errors[REASON] = _("Choisissez une réponse.")
    except CasierError as error:
        of_address = row.kind == api.Kind.NEW and error.code in _OF_ADDRESS
        form.errors["local" if of_address else REASON] = why_not(error)
    return not form.errors


def _address(form: Form) -> str:
    local = form.values["local"]
    return f"{local}@{form.values['domaine']}" if local else ""


def _row(row: api.Request) -> dict[str, Any]:
    return {
        "row": row,
        "what": thing_of(row),
        "who": row.asked_by.person.full_name if row.asked_by else actor_words(row.by),
        "role": role_words(row.role) if row.role else "",
        "state": _states()[row.state],
    }


def _states() -> dict[str, str]:
    return {
        "waiting": _("en attente"),
        "approved": _("acceptée"),
        "refused": _("refusée"),
        "withdrawn": _("retirée"),
    }
