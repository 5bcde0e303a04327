"""Who holds which office; giving one and taking it back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import Form, form_of, page, refused
from casier.console.person import person_of
from casier.console.showing import shown
from casier.console.wording import office_words, part_words
from casier.directory import actions
from casier.directory.access import school_with
from casier.directory.actions import NewMandate
from casier.directory.errors import BadMandate
from casier.directory.mandates import Ability, end_of_day, in_force
from casier.directory.models import Account, Mandate, Office, School
from casier.kernel.errors import CasierError
from casier.rights import api as rights

PAGE = 100
# The platform's is given at the command line: here it would widen a perimeter from inside.
GIVEN_HERE = tuple(office for office in Office if office != Office.PLATFORM)


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who holds an office in the academies where DESK may give them; apart, by pages, what comes
    with a function or a group.
    """
    desk.require_some(Ability.GIVE_MANDATES)
    academies = desk.academies(Ability.GIVE_MANDATES)
    brought = in_force(desk.now).filter(academy__in=academies).exclude(by_function="", by_group="")
    if "d-office" in request.GET:
        return _brought(request, desk, brought)
    rows = [
        {
            "row": row,
            "office": office_words(row.office),
            "part": part_words(row),
            "lender": row.shared_from.account.person.full_name if row.shared_from else "",
            "ends_here": row.office in GIVEN_HERE,
        }
        for academy in academies
        for row in held(academy.pk, desk.now)
    ]
    facts = {"here": "mandates", "rows": rows, "brought": brought.count()}
    return page(request, desk, "mandates", facts)


def _brought(request: HttpRequest, desk: Desk, rows: QuerySet[Mandate]) -> HttpResponse:
    ordered = rows.select_related("account__person", "school").order_by(
        "school__name", "account__person__family_name", "pk"
    )
    part = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    rows_shown = [{"row": row, "office": office_words(row.office), "part": part_words(row)} for row in part]
    facts = {"here": "mandates", "shown": part, "rows": rows_shown, "query": "d-office"}
    return page(request, desk, "mandates_brought", facts)


def held(academy_id: int, now: datetime) -> list[Mandate]:
    """The offices that somebody gave in an academy and that are held now, by name."""
    rows = in_force(now).filter(academy=academy_id, by_function="", by_group="")
    rows = rows.select_related(
        "account__person", "school", "network", "academy", "shared_from__account__person"
    )
    return sorted(rows, key=lambda row: (row.office, row.account.person.family_name))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Charge someone with an office: only who may do so in the whole academy."""
    account = desk.person(account_id, Ability.SEE_PERSON)
    desk.require(Ability.GIVE_MANDATES, account.academy)
    form = form_of(request, "charge", "uai", "departement", "reseau", "fin")
    if request.method == "POST" and _given(form, desk, account):
        messages.success(request, _("La charge est donnée."))
        return redirect(f"/console/personnes/{account.pk}/")
    facts = {
        "here": "mandates",
        "p": shown(person_of(account), desk),
        "offices": [{"code": str(office), "words": office_words(office)} for office in GIVEN_HERE],
        "networks": account.academy.networks.order_by("name"),
    }
    return page(request, desk, "give", facts, form)


def _given(form: Form, desk: Desk, account: Account) -> bool:
    if form.values["charge"] not in GIVEN_HERE:
        form.errors["charge"] = _("Choisissez une charge.")
    school, ends_at = school_of(form), end_of(form)
    network = account.academy.networks.filter(slug=form.values["reseau"]).first()
    if form.values["reseau"] and network is None:
        form.errors["reseau"] = _("Choisissez un réseau.")
    if form.values["charge"] == Office.HEAD and not (school or network or form.values["departement"]):
        form.errors.setdefault("uai", _("Un chef est celui d’un établissement : écrivez son UAI."))
    if form.errors:
        return False
    department = form.values["departement"].upper()[:3]
    new = NewMandate(Office(form.values["charge"]), school, ends_at, department, network)
    try:
        actions.give_mandate(account, new, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        names = {"school": "uai", "ends_at": "fin", "department": "departement", "network": "reseau"}
        where = str(error.facts.get("field", "")) if isinstance(error, BadMandate) else ""
        refused(form, error, names.get(where, "charge"))
        return False
    return True


def school_of(form: Form) -> School | None:
    """The school that was typed, if any."""
    if not form.values["uai"]:
        return None
    try:
        return school_with(form.values["uai"])
    except CasierError:
        form.errors["uai"] = _("Aucun établissement n’a cet UAI.")
        return None


def end_of(form: Form) -> datetime | None:
    """The end of the day that was typed, in Paris."""
    if not form.values["fin"]:
        return None
    try:
        day = parse_date(form.values["fin"])
    except ValueError:
        day = None
    if day is None:
        form.errors["fin"] = _("Écrivez une date, par exemple 2026-12-31.")
        return None
    return end_of_day(day)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, desk: Desk, mandate_id: int) -> HttpResponse:
    """Take an office back."""
    rows = Mandate.objects.select_related(
        "account__person", "account__academy", "academy", "school", "network"
    )
    row = rows.filter(pk=mandate_id, ended_at=None).first()
    if row is None or row.office not in GIVEN_HERE:
        raise NotWithin("No such office.")
    if not desk.may(Ability.GIVE_MANDATES, row.academy):
        desk.require_reach(row.account)
    desk.require(Ability.GIVE_MANDATES, row.academy)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        if row.account_id == desk.account.pk and rights.is_last(row, desk.now):
            form.errors["motif"] = _("C’est la dernière : personne ne pourrait plus en donner.")
        else:
            rights.end(row, by=desk.actor, reason=form.reason, now=desk.now)
            messages.success(request, _("La charge a pris fin."))
            return redirect("/console/charges/")
    facts = {"here": "mandates", "row": row, "office": office_words(row.office), "part": part_words(row)}
    return page(request, desk, "end_mandate", facts, form)
