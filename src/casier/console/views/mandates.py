"""Who holds which office; giving one and taking it back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
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
from casier.console.wording import office_words
from casier.directory import actions
from casier.directory.access import school_with
from casier.directory.actions import NewMandate
from casier.directory.errors import BadMandate
from casier.directory.mandates import Ability, end_of_day, holders
from casier.directory.models import Account, Mandate, Office, School
from casier.kernel.errors import CasierError

# The platform's is given at the command line: here it would widen a perimeter from inside.
GIVEN_HERE = tuple(office for office in Office if office != Office.PLATFORM)


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who holds an office in the academies where DESK may give them."""
    desk.require_some(Ability.GIVE_MANDATES)
    rows = [
        {"row": row, "office": office_words(row.office), "ends_here": row.office in GIVEN_HERE}
        for academy in desk.academies(Ability.GIVE_MANDATES)
        for row in held(academy.pk, desk.now)
    ]
    return page(request, desk, "mandates", {"here": "mandates", "rows": rows})


def held(academy_id: int, now: datetime) -> list[Mandate]:
    """The offices held in an academy now, by name."""
    rows = Mandate.objects.filter(academy=academy_id, starts_at__lte=now, ended_at=None)
    rows = rows.select_related("account__person", "school", "academy")
    live = [row for row in rows if row.ends_at is None or row.ends_at > now]
    return sorted(live, key=lambda row: (row.office, row.account.person.family_name))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Charge someone with an office: only who may do so in the whole academy."""
    account = desk.person(account_id, Ability.SEE_PERSON)
    desk.require(Ability.GIVE_MANDATES, account.academy)
    form = form_of(request, "charge", "uai", "fin")
    if request.method == "POST" and _given(form, desk, account):
        messages.success(request, _("La charge est donnée."))
        return redirect(f"/console/personnes/{account.pk}/")
    facts = {
        "here": "mandates",
        "p": shown(person_of(account), desk),
        "offices": [{"code": str(office), "words": office_words(office)} for office in GIVEN_HERE],
    }
    return page(request, desk, "give", facts, form)


def _given(form: Form, desk: Desk, account: Account) -> bool:
    if form.values["charge"] not in GIVEN_HERE:
        form.errors["charge"] = _("Choisissez une charge.")
    school, ends_at = _school(form), _end(form)
    if form.errors:
        return False
    new = NewMandate(Office(form.values["charge"]), school, ends_at)
    try:
        actions.give_mandate(account, new, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        names = {"school": "uai", "ends_at": "fin"}
        where = str(error.facts.get("field", "")) if isinstance(error, BadMandate) else ""
        refused(form, error, names.get(where, "charge"))
        return False
    return True


def _school(form: Form) -> School | None:
    if not form.values["uai"]:
        return None
    try:
        return school_with(form.values["uai"])
    except CasierError:
        form.errors["uai"] = _("Aucun établissement n’a cet UAI.")
        return None


def _end(form: Form) -> datetime | None:
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
    rows = Mandate.objects.select_related("account__person", "account__academy", "academy", "school")
    row = rows.filter(pk=mandate_id, ended_at=None).first()
    if row is None or row.office not in GIVEN_HERE:
        raise NotWithin("No such office.")
    desk.require_reach(row.account)
    desk.require(Ability.GIVE_MANDATES, row.academy)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        if row.account_id == desk.account.pk and _is_last(row, desk.now):
            form.errors["motif"] = _("C’est la dernière : personne ne pourrait plus en donner.")
        else:
            actions.end_mandate(row, by=desk.actor, reason=form.reason, now=desk.now)
            messages.success(request, _("La charge a pris fin."))
            return redirect("/console/charges/")
    facts = {"here": "mandates", "row": row, "office": office_words(row.office)}
    return page(request, desk, "end_mandate", facts, form)


def _is_last(row: Mandate, now: datetime) -> bool:
    """Whether nobody could give offices in the academy without this one."""
    others = holders(Ability.GIVE_MANDATES, row.academy, now).filter(school=None).exclude(pk=row.pk)
    return not others.exists()
