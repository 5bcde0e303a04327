"""A school: its people, its mailboxes, what waits; somebody leaves it, and comes back."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import REASON, Form, form_of, page
from casier.console.schooling import counts_words, day_words, effects, posting_words, why_not
from casier.console.wording import actor_words, state_words
from casier.contributors import api as contributors
from casier.directory.access import primary_address
from casier.directory.life import ENDED
from casier.directory.mandates import Ability, schools_within
from casier.directory.models import Account, FunctionalMailbox, Membership, School
from casier.directory.postings import not_over, today
from casier.kernel.errors import CasierError, NotAllowed
from casier.life.api import closing_day_of
from casier.policies.api import policy_for
from casier.schools import api, showing
from casier.schools.telling import heads_of, role_words, thing_of

LEFT = 20


def school_of(desk: Desk, uai: str, ability: Ability = Ability.SEE_MAILBOXES) -> School:
    """The school with this UAI. Raises NotWithin where DESK may not see it, NotAllowed where it may not do
    this there: one outside the perimeter looks like one that isn't there.
    """
    within = schools_within(desk.account, Ability.SEE_MAILBOXES, desk.now)
    found = within.select_related("academy").filter(uai=uai.upper()).first()
    if found is None:
        raise NotWithin("Not within your perimeter.", school=uai)
    if not schools_within(desk.account, ability, desk.now).filter(pk=found.pk).exists():
        raise NotAllowed("No mandate allows this.", ability=ability.value)
    return found


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The schools that DESK reaches, by any fragment; whoever has one is led there."""
    desk.require_some(Ability.SEE_MAILBOXES)
    within = schools_within(desk.account, Ability.SEE_MAILBOXES, desk.now)
    typed = request.GET.get("q", "").strip()[:100]
    first = list(within.values_list("uai", flat=True)[:2])
    if len(first) == 1 and not typed:
        return redirect(f"/console/etablissements/{first[0]}/")
    found = showing.find(within, typed, desk.now)
    rows = [{"row": one, "people": found.people.get(one.pk, 0)} for one in found.schools]
    return page(
        request, desk, "schools/list", {"here": "schools", "q": typed, "rows": rows, "more": found.more}
    )


@console
@require_safe
def one(request: HttpRequest, desk: Desk, uai: str) -> HttpResponse:
    """One school, as a document."""
    school = school_of(desk, uai)
    typed = request.GET.get("q", "").strip()[:100]
    people = showing.people_of(school, desk.now, request.GET.get("page"), typed)
    manages = desk.may(Ability.MANAGE_SCHOOL_MAILBOXES, school)
    left = list(api.leavings_of(school)[:LEFT])
    facts = {
        **about(school),
        "q": typed,
        "shown": people.page,
        "query": f"q={typed}" if typed else "",
        "people": [person_row(row) for row in people.rows],
        "counts": counts_words(showing.states_of(school, desk.now)),
        "heads": [row.person.full_name for row in heads_of(school, desk.now)],
        "networks": [row.name for row in school.networks.order_by("name")],
        "soon": [
            {"row": row, "day": day_words(day)}
            for row, day in showing.leaving_soon(school, desk.now)
            if row.pk not in {one.account_id for one in left}
        ],
        "boxes": showing.mailboxes_of(school),
        "requests": [_request(row, desk) for row in api.requests_of(school)],
        "left": [leaving_row(row, desk) for row in left],
        "doubts": list(api.contradicted(school, today(desk.now))),
        "may_manage": manages,
        "may_depart": desk.may(Ability.DEPART, school),
    }
    return page(request, desk, "schools/one", facts)


def about(school: School) -> dict[str, Any]:
    """What every page of SCHOOL says first."""
    return {"here": "schools", "school": school, "home": f"/console/etablissements/{school.uai}/"}


def person_row(row: showing.Here) -> dict[str, Any]:
    """Somebody in the list of a school."""
    said = [posting_words(posting) for posting in row.postings]
    return {
        "id": row.account.pk,
        "name": row.account.person.full_name,
        "address": row.address,
        "functions": ", ".join(dict.fromkeys(said)),
        "subjects": ", ".join(row.subjects),
        "state": "" if row.account.state == "active" else state_words(row.account.state),
        "until": day_words(row.until),
        "soon": row.soon,
    }


def leaving_row(row: api.Leaving, desk: Desk) -> dict[str, Any]:
    """Somebody who left, with what can still be done about it."""
    closes = closing_day_of(row.account) if row.departure_id else None
    return {
        "row": row,
        "day": day_words(row.last_day),
        "closes": day_words(closes),
        "by": actor_words(row.by),
        "undo": api.can_undo(row, row.account, desk.now) and row.account_id != desk.account.pk,
        "moves": row.settled_on is None and row.last_day >= today(desk.now),
    }


def _request(row: api.Request, desk: Desk) -> dict[str, Any]:
    return {"row": row, "what": thing_of(row), "decides": api.decides(desk.account, row, desk.now)}


# Somebody, for who answers for the school -----------------------------------------------------------
def person_for_head(request: HttpRequest, desk: Desk, account: Account) -> HttpResponse:
    """What who answers for a school may know of somebody who works there: no sign-in, no other school."""
    within = schools_within(desk.account, Ability.SEE_PERSON, desk.now)
    day = today(desk.now)
    live = not_over(day).filter(person=account.person_id).select_related("school")
    mine = set(within.filter(postings__person=account.person_id).values_list("pk", flat=True))
    here = [row for row in live if row.school_id in mine]
    boxes = Membership.objects.filter(account=account, mailbox__school__in=mine, mailbox__is_closed=False)
    closes = closing_day_of(account)
    schools = {row.school.pk: row.school for row in here if row.school}
    facts = {
        "here": "schools",
        "account": account,
        "name": account.person.full_name,
        "address": primary_address(account),
        "state": state_words(account.state),
        "opened": account.state != "invited",
        "postings": [
            {"row": row, "what": posting_words(row), "until": day_words(row.ends_on)} for row in here
        ],
        "elsewhere": any(row.school_id not in mine for row in live),
        "closes": day_words(closes),
        "boxes": [
            {"row": row, "role": role_words(row.role)}
            for row in boxes.select_related("mailbox__school").order_by("mailbox__name")
        ],
        "more_boxes": _boxes_to_open(desk, account, list(schools.values())),
        "departs": schools_to_leave(desk, account),
        "first_way_in": _first_way_in(desk, account),
        "is_self": account.pk == desk.account.pk,
    }
    return page(request, desk, "schools/person", facts)


def _first_way_in(desk: Desk, account: Account) -> str:
    """The page that gives ACCOUNT, not opened yet, its way in: a sheet, or a contributor's access."""
    if api.renewable(account, desk.account, desk.now):
        return f"/console/personnes/{account.pk}/feuille/"
    asks = schools_within(desk.account, Ability.REQUEST_CONTRIBUTOR, desk.now)
    stays = contributors.stays_of(account).filter(school__in=asks.values("pk"), school__is_open=True)
    gives = (stay for stay in stays if contributors.may_be_given(stay, desk.now))
    return next((f"/console/intervenants/{stay.pk}/acces/" for stay in gives), "")


def schools_to_leave(desk: Desk, account: Account) -> list[School]:
    """The schools where ACCOUNT works, or will, and from which DESK may let it go."""
    if account.pk == desk.account.pk or account.state in ENDED:
        return []
    live = not_over(today(desk.now)).filter(person=account.person_id)
    within = schools_within(desk.account, Ability.DEPART, desk.now)
    return list(within.filter(pk__in=live.values("school"), academy=account.academy_id).order_by("name"))


def _boxes_to_open(desk: Desk, account: Account, schools: list[School]) -> list[FunctionalMailbox]:
    """The mailboxes of SCHOOLS that DESK may open to ACCOUNT, which doesn't open them yet."""
    mine = [school for school in schools if desk.may(Ability.MANAGE_SCHOOL_MAILBOXES, school)]
    rows = FunctionalMailbox.objects.filter(school__in=mine, is_closed=False).exclude(
        memberships__account=account
    )
    return list(rows.select_related("school").order_by("name")) if account.state not in ENDED else []


# Leaving --------------------------------------------------------------------------------------------
@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def depart(request: HttpRequest, desk: Desk, uai: str, account_id: uuid.UUID) -> HttpResponse:
    """Somebody leaves: which day, exactly what that does, the reason, and the deed."""
    school = school_of(desk, uai, Ability.DEPART)
    account = _posted(school, account_id, desk)
    form = form_of(request, "jour", "vers", "vu")
    if request.method != "POST":
        form.values["jour"] = request.GET.get("jour", "").strip()[:10]
    first, last = api.last_days(school, desk.now)
    day = _day(form, first, last)
    try:
        seen = api.preview(account, school, day, desk.now)
    except CasierError as error:
        form.errors["jour"] = why_not(error)
        day, seen = None, _first_preview(account, school, desk)
    if request.method == "POST" and not form.errors and _departed(account, school, seen, form, desk):
        messages.success(
            request, _("Le départ de %(name)s est enregistré.") % {"name": account.person.full_name}
        )
        return redirect(f"/console/etablissements/{school.uai}/")
    if request.method == "POST" and form.errors:
        # What is shown below is what counts when they confirm.
        seen = api.preview(account, school, day, desk.now)
    if request.method != "POST":
        form.values["vers"] = seen.redirected or _usually(seen, school)
    facts = {
        **about(school),
        "account": account,
        "name": account.person.full_name,
        "address": primary_address(account),
        "seen": seen,
        "effects": effects(seen),
        "day": (day or first).isoformat(),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "undoable": not seen.at_once,
    }
    return page(request, desk, "schools/depart", facts, form)


def _usually(seen: api.Preview, school: School) -> str:
    """The mailbox that is offered first, where the academy usually redirects: the school's own."""
    redirects = policy_for(school.academy).leaving.then == "redirected"
    return str(seen.redirects[0][0].pk) if redirects and seen.redirects and seen.prior is None else ""


def _posted(school: School, account_id: uuid.UUID, desk: Desk) -> Account:
    """Somebody who works at SCHOOL, or will. Raises NotWithin for everybody else."""
    there = not_over(today(desk.now)).filter(school=school)
    rows = Account.objects.filter(academy=school.academy_id, person__in=there.values("person"))
    found = rows.select_related("person", "academy", "store").filter(pk=account_id).first()
    if found is None:
        raise NotWithin("Not within your perimeter.", account=account_id.hex)
    return found


def _first_preview(account: Account, school: School, desk: Desk) -> api.Preview:
    """Of today; where there is nothing to end any more, there is no such page."""
    try:
        return api.preview(account, school, None, desk.now)
    except CasierError as error:
        raise NotWithin("Nothing to end here.", account=account.public_id) from error


def _day(form: Form, first: date, last: date) -> date | None:
    text = form.values["jour"]
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not first <= day <= last:
        form.errors["jour"] = _("Choisissez un jour du %(first)s au %(last)s.") % {
            "first": day_words(first), "last": day_words(last),
        }  # fmt: skip
        return None
    return day


def _departed(account: Account, school: School, seen: api.Preview, form: Form, desk: Desk) -> bool:
    boxes = {str(box.pk): box for box, _address in seen.redirects}
    to: FunctionalMailbox | None = boxes.get(form.values["vers"])
    how = api.How(seen.last_day, to, form.values["vu"])
    try:
        api.depart(account, school, how, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        form.errors[REASON] = why_not(error)
        return False
    return True


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, desk: Desk, uai: str, leaving_id: uuid.UUID) -> HttpResponse:
    """They stay after all."""
    school, row = _leaving(desk, uai, leaving_id)
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        try:
            api.undo(row, by=desk.actor, reason=form.reason, now=desk.now)
        except CasierError as error:
            form.errors[REASON] = why_not(error)
        else:
            name = row.account.person.full_name
            messages.success(request, _("Le départ de %(name)s est annulé.") % {"name": name})
            return redirect(f"/console/etablissements/{school.uai}/")
    facts = {**about(school), **leaving_row(row, desk), "doubt": False}
    return page(request, desk, "schools/undo", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, desk: Desk, uai: str, leaving_id: uuid.UUID) -> HttpResponse:
    """The feed still names somebody who left: they have left."""
    school, row = _leaving(desk, uai, leaving_id)
    form = form_of(request, told=False)
    if request.method == "POST" and not form.errors:
        try:
            api.confirm(row, by=desk.actor, reason=form.reason, now=desk.now)
        except CasierError as error:
            form.errors[REASON] = why_not(error)
        else:
            messages.success(request, _("Le départ est confirmé ; faites corriger le fichier du rectorat."))
            return redirect(f"/console/etablissements/{school.uai}/")
    facts = {**about(school), **leaving_row(row, desk), "doubt": True}
    return page(request, desk, "schools/undo", facts, form)


def _leaving(desk: Desk, uai: str, leaving_id: uuid.UUID) -> tuple[School, api.Leaving]:
    school = school_of(desk, uai, Ability.DEPART)
    row = api.leavings_of(school).filter(pk=leaving_id).first()
    if row is None:
        raise NotWithin("No such departure.", school=uai)
    return school, row
