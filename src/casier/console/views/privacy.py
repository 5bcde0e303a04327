"""The data protection officer's room: the register, a copy of somebody's data, their erasure."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.down import unless_down
from casier.console.forms import Form, form_of, page
from casier.console.looking import note_look
from casier.directory.access import account_by_id, primary_address
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account
from casier.kernel.csv_cells import csv_text
from casier.kernel.errors import CasierError
from casier.mailbox.transfer.telling import told_size
from casier.privacy import erasing, registering
from casier.privacy.access import found_exactly
from casier.privacy.copies import asking
from casier.privacy.errors import BadRegister, NoSuchCopy, NotReady, UnderWay
from casier.privacy.models import ExportState, PersonExport
from casier.privacy.registering import FIELDS, as_data, as_rows, register_of
from casier.privacy.words import REFUSALS, STAYS, TABLES, failed_words, in_words

_LONG = ("controller_contact", "dpo_contact", "processors", "recipients", "notes")


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


# The register -----------------------------------------------------------------------------------------
def _academy(request: HttpRequest, desk: Desk) -> Academy:
    """The academy that is asked for, else the first. Raises NotWithin."""
    academies = desk.academies(Ability.SEE_REGISTER)
    wanted = request.GET.get("academie", "") or request.POST.get("academie", "")
    found = [one for one in academies if not wanted or one.slug == wanted]
    if not found:
        raise NotWithin("Not within your perimeter.")
    return found[0]


@console
@require_safe
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The register of an academy, to be read and printed."""
    academy = _academy(request, desk)
    found, place = register_of(academy, _language()), 1 if _language() == "en" else 0
    facts = {
        "here": "register",
        "academy_of": academy,
        "academies": desk.academies(Ability.SEE_REGISTER),
        "register": found,
        "fields": [
            {"title": FIELDS[name][place], "text": text} for name, text in found.fields.items() if text
        ],
        "missing": [FIELDS[name][place] for name in found.missing],
        "versions": registering.versions_of(academy),
    }
    return page(request, desk, "privacy/register", facts)


@console
@require_safe
def register_file(request: HttpRequest, desk: Desk, form: str) -> HttpResponse:
    """The register as a file; that it went out is written in the journal."""
    academy = _academy(request, desk)
    registering.exported(academy, by=desk.actor, form=form, now=desk.now)
    found = register_of(academy, _language())
    headers = {
        "Content-Disposition": f'attachment; filename="registre-{academy.slug}-v{found.version}.{form}"'
    }
    if form == "json":
        return JsonResponse(as_data(found), headers=headers, json_dumps_params={"ensure_ascii": False})
    head, *rows = as_rows(found, _language())
    return HttpResponse(csv_text(head, rows), content_type="text/csv; charset=utf-8", headers=headers)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the academy says of itself."""
    academy, place = _academy(request, desk), 1 if _language() == "en" else 0
    form = form_of(request, *FIELDS)
    if request.method != "POST":
        form.values |= register_of(academy, "fr").fields
    elif not form.errors and _completed(academy, form, desk):
        messages.success(request, _("Le registre est à jour."))
        return redirect(f"/console/registre/?academie={academy.slug}")
    rows = [
        {
            "name": name,
            "title": words[place],
            "text": form.values[name],
            "long": name in _LONG,
            "error": form.errors.get(name, ""),
        }
        for name, words in FIELDS.items()
    ]
    return page(
        request, desk, "privacy/complete", {"here": "register", "academy_of": academy, "rows": rows}, form
    )


def _completed(academy: Academy, form: Form, desk: Desk) -> bool:
    values = {name: form.values[name] for name in FIELDS}
    try:
        registering.change(academy, values, by=desk.actor, reason=form.reason, now=desk.now)
    except BadRegister as error:
        name = str(error.facts.get("field", ""))
        form.errors[name if name in FIELDS else "motif"] = _("Mille signes au plus.")
        return False
    return True


# People -----------------------------------------------------------------------------------------------
@console
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody by their whole address: nobody is searched for here."""
    desk.require_some(Ability.EXPORT_PERSON)
    form = Form({"adresse": request.POST.get("adresse", "").strip()})
    if request.method == "POST":
        try:
            account = found_exactly(form.values["adresse"], desk.account, Ability.EXPORT_PERSON, desk.now)
            return redirect(f"/console/donnees/{account.pk}/")
        except NotFound:
            form.errors["adresse"] = _(
                "Aucun compte de votre ressort n’a, ou n’a eu, exactement cette adresse."
            )
    return page(request, desk, "privacy/people", {"here": "data"}, form)


@console
@require_safe
def person(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """What can be done for somebody's rights."""
    account = _account(desk, account_id)
    plan = erasing.look(account, desk.now)
    rows = [_copy(one, desk) for one in asking.copies_of(account, own=False)[:5]]
    facts = _person(account) | {
        "copies": rows,
        "waiting": asking.copies_of(account, own=False).filter(state__in=asking.LIVE).exists(),
        "plan": plan,
        "refusal": in_words(REFUSALS[plan.refused], _language()) if plan.refused else "",
        "may_erase": desk.may(Ability.ERASE_PERSON, account),
        "certificate": account.certificates.order_by("-at").first(),
    }
    return page(request, desk, "privacy/person", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Have a copy made, for a reason."""
    account = _account(desk, account_id)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        try:
            asking.ask(account, by=desk.actor, reason=form.reason, language=_language(), now=desk.now)
            messages.success(request, _("La copie se prépare. Revenez sur cette page pour la télécharger."))
            return redirect(f"/console/donnees/{account.pk}/")
        except UnderWay:
            form.errors["motif"] = _("Une copie se prépare déjà.")
        except CasierError as error:
            unless_down(error)
            form.errors["motif"] = _("La copie n’est pas possible pour le moment. Réessayez plus tard.")
    facts = {**_person(account), "with_mailbox": asking.holds_mailbox(account)}
    return page(request, desk, "privacy/copy", facts, form)


@console
@with_proof
@require_safe
def fetch(_request: HttpRequest, desk: Desk, copy_id: uuid.UUID) -> HttpResponse:
    """The file; nginx sends it."""
    desk.require_some(Ability.EXPORT_PERSON)
    try:
        road, name = asking.fetch(copy_id.hex, by=desk.actor, now=desk.now)
    except (NoSuchCopy, NotReady) as error:
        raise NotWithin("No such copy.") from error
    headers = {
        "X-Accel-Redirect": road,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content_type="application/zip", headers=headers)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """First what goes and what stays; the address typed once more, a reason, and then the deed."""
    account, language = _account(desk, account_id), _language()
    desk.require(Ability.ERASE_PERSON, account)
    plan = erasing.look(account, desk.now)
    if plan.refused:
        return redirect(f"/console/donnees/{account.pk}/")
    form, facts = form_of(request, "adresse"), _person(account)
    if request.method == "POST":
        if form.values["adresse"].lower() not in facts["addresses"]:
            form.errors["adresse"] = _("Recopiez exactement l’adresse de cette personne.")
        if not form.errors and _erased(account, form, desk):
            messages.success(request, _("L’effacement est en cours. Le certificat apparaîtra ici."))
            return redirect(f"/console/donnees/{account.pk}/")
    facts |= {
        "plan": plan,
        "goes": [(in_words(TABLES[label], language), count) for label, count in plan.rows.items()],
        "stays": [
            {
                "what": in_words(STAYS[one.code][0], language),
                "why": in_words(STAYS[one.code][1], language),
                "until": one.until,
            }
            for one in plan.stays
        ],
        "typed": form.values["adresse"],
    }
    return page(request, desk, "privacy/erase", facts, form)


def _erased(account: Account, form: Form, desk: Desk) -> bool:
    try:
        erasing.ask(account, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        unless_down(error)
        why = str(error.facts.get("why", ""))
        form.errors["motif"] = in_words(REFUSALS.get(why, REFUSALS["in_service"]), _language())
        return False
    return True


def _account(desk: Desk, account_id: uuid.UUID) -> Account:
    """Raises NotWithin: whoever is out of reach looks like nobody."""
    try:
        account = account_by_id(account_id.hex)
    except NotFound as error:
        raise NotWithin("Not within your perimeter.") from error
    if not desk.may(Ability.EXPORT_PERSON, account):
        raise NotWithin("Not within your perimeter.")
    note_look(account, by=desk.actor, now=desk.now)
    return account


def _person(account: Account) -> dict[str, Any]:
    addresses = list(account.addresses.order_by("-is_primary", "address").values_list("address", flat=True))
    return {
        "here": "data",
        "account": account,
        "name": account.person.full_name,
        "addresses": addresses,
        "address": primary_address(account) or (addresses[0] if addresses else ""),
    }


def _copy(row: PersonExport, desk: Desk) -> dict[str, Any]:
    ready = row.state == ExportState.READY and row.expires_at is not None and row.expires_at > desk.now
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
