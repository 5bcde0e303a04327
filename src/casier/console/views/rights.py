"""One's own offices, lent to a colleague until a day; reviews of who holds which right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.down import unless_down
from casier.console.forms import REASON, Form, form_of, page, sentence
from casier.console.reviewing import answer_words, report_file, right_words
from casier.console.views.mandates import end_of, school_of
from casier.console.wording import office_words, part_words
from casier.directory.access import account_with
from casier.directory.actions import Loan
from casier.directory.errors import AlreadyThere, BadMandate
from casier.directory.mandates import Ability, in_force, mandates_of, schools_within
from casier.directory.models import Mandate, Office
from casier.kernel.errors import CasierError
from casier.kernel.lasting import last_moment
from casier.policies.api import policy_for
from casier.rights import api as rights
from casier.rights.api import Answer, Line, Review

LINES = 100


# One's own offices ----------------------------------------------------------------------------------
@console
@require_safe
def mine(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What DESK is charged with, and what they lent of it."""
    held = mandates_of(desk.account, desk.now).select_related("shared_from__account__person", "academy")
    lent = in_force(desk.now).filter(shared_from__account=desk.account)
    lent = lent.select_related("school", "network", "academy", "account__person")
    may_lend = policy_for(desk.account.academy).rights.lend_days > 0
    facts = {
        "here": "mine",
        "rows": [
            {**_said(row), "lends": may_lend and row.shared_from is None and row.office != Office.PLATFORM}
            for row in held
        ],
        "lent": [
            _said(row) for row in lent.select_related("school", "network", "academy", "account__person")
        ],
    }
    return page(request, desk, "rights/mine", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def lend(request: HttpRequest, desk: Desk, mandate_id: int) -> HttpResponse:
    """Lend an office of one's own, whole or for one school of it."""
    row = mandates_of(desk.account, desk.now).filter(pk=mandate_id, shared_from=None).first()
    if row is None or row.office == Office.PLATFORM:
        raise NotWithin("No such office.")
    form = form_of(request, "collegue", "uai", "fin")
    if request.method == "POST" and _lent(form, desk, row):
        messages.success(request, _("La charge est prêtée ; vous recevez tous deux un message."))
        return redirect("/console/mes-charges/")
    facts = {"here": "mine", "one": _said(row), "days": policy_for(row.academy).rights.lend_days}
    return page(request, desk, "rights/lend", facts, form)


def _lent(form: Form, desk: Desk, row: Mandate) -> bool:
    school, ends_at = school_of(form), end_of(form)
    if ends_at is None and "fin" not in form.errors:
        form.errors["fin"] = _("Écrivez le dernier jour du prêt.")
    if form.errors or ends_at is None:
        return False
    try:
        to = account_with(form.values["collegue"])
        rights.lend(row, to, Loan(ends_at, school), by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        name, words = _why_not_lent(error)
        form.errors[name] = words
        return False
    return True


def _why_not_lent(error: CasierError) -> tuple[str, str]:
    """The field, and what to do there."""
    unless_down(error)
    field = str(error.facts.get("field", "")) if isinstance(error, BadMandate) else ""
    known = {
        "ends_at": (
            "fin",
            _("Choisissez un jour à venir, dans la durée admise et avant la fin de votre charge."),
        ),
        "school": ("uai", _("Cet établissement n’est pas de votre ressort.")),
        "office": (REASON, _("Cette charge ne se prête pas.")),
    }
    if field in known:
        return known[field]
    if isinstance(error, AlreadyThere):
        return "collegue", _("Cette personne exerce déjà cette charge.")
    return "collegue", _("Écrivez l’adresse d’un collègue de votre académie, dont le compte est ouvert.")


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, desk: Desk, mandate_id: int) -> HttpResponse:
    """End a loan before its day: who lent it, or who borrowed it."""
    rows = in_force(desk.now).select_related(
        "account__person", "shared_from__account__person", "school", "network", "academy"
    )
    row = rows.filter(pk=mandate_id).exclude(shared_from=None).first()
    parties = {row.account_id, row.shared_from.account_id} if row and row.shared_from else set()
    if row is None or desk.account.pk not in parties:
        raise NotWithin("No such loan.")
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        rights.end(row, by=desk.actor, reason=form.reason, now=desk.now)
        messages.success(request, _("Le prêt a pris fin."))
        # Who only borrowed may have no other office: then the console is closed to them.
        return redirect("/console/mes-charges/" if row.account_id != desk.account.pk else "/compte/")
    return page(request, desk, "rights/give_back", {"here": "mine", "one": _said(row)}, form)


def _said(row: Mandate) -> dict[str, Any]:
    lender = row.shared_from.account.person.full_name if row.shared_from_id and row.shared_from else ""
    return {"row": row, "office": office_words(row.office), "part": part_words(row), "lender": lender}


# Reviews --------------------------------------------------------------------------------------------
@console
@require_safe
def reviews(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The reviews in which DESK answers."""
    desk.require_some(Ability.CONFIRM_RIGHTS)
    rows = Review.objects.filter(academy=desk.account.academy_id).select_related("academy")
    found = [_counted(row, desk) for row in rows.order_by("-started_at")[:20]]
    running = {one["row"].academy_id for one in found if one["row"].closed_at is None}
    whole = [one for one in desk.academies(Ability.GIVE_MANDATES) if one.pk not in running]
    return page(request, desk, "rights/reviews", {"here": "reviews", "rows": found, "startable": whole})


@console
@with_proof
@require_POST
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Start a review: who may give offices in the whole academy."""
    slug = request.POST.get("academie") or desk.account.academy.slug
    academy = desk.academy(slug, Ability.GIVE_MANDATES)
    try:
        made = rights.start_review(academy, by=desk.actor, now=desk.now)
    except AlreadyThere:
        messages.error(request, _("Une revue est déjà en cours."))
        return redirect("/console/revues/")
    messages.success(request, _("La revue est ouverte ; chaque responsable reçoit un message."))
    return redirect(f"/console/revues/{made.pk}/")


def _counted(row: Review, desk: Desk) -> dict[str, Any]:
    lines = _visible(row, desk)
    return {"row": row, "lines": lines.count(), "left": lines.filter(answer=Answer.NONE).count()}


def _visible(review: Review, desk: Desk) -> QuerySet[Line]:
    """The lines of REVIEW that DESK is asked about: the whole academy, or their schools."""
    lines = Line.objects.filter(review=review)
    if desk.may(Ability.CONFIRM_RIGHTS, review.academy):
        return lines
    within = schools_within(desk.account, Ability.CONFIRM_RIGHTS, desk.now)
    return lines.filter(school__in=within.values("pk"))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, desk: Desk, review_id: int) -> HttpResponse:
    """One review: what waits first; the ticked lines are confirmed."""
    found = _review(desk, review_id)
    lines = _visible(found, desk).select_related("review__academy", "school", "holder__person")
    if request.method == "POST":
        _confirm(request, desk, lines)
        return redirect(f"/console/revues/{found.pk}/")
    part = Paginator(lines.order_by("answer", "pk"), LINES).get_page(request.GET.get("page"))
    facts = {
        "here": "reviews",
        "one": found,
        "lines": [_line_said(line, desk) for line in part],
        "part": part,
        "left": lines.filter(answer=Answer.NONE).count(),
        "reports": desk.may(Ability.GIVE_MANDATES, found.academy),
    }
    return page(request, desk, "rights/review", facts)


def _confirm(request: HttpRequest, desk: Desk, lines: QuerySet[Line]) -> None:
    ticked = [int(one) for one in request.POST.getlist("ligne")[:LINES] if one.isdecimal() and len(one) < 19]
    count = 0
    try:
        for line in lines.filter(pk__in=ticked, answer=Answer.NONE):
            rights.confirm(line, by=desk.actor, account=desk.account, now=desk.now)
            count += 1
    except CasierError as error:
        messages.error(request, sentence(error))
    if count:
        words = ngettext("%(count)d droit est confirmé.", "%(count)d droits sont confirmés.", count)
        messages.success(request, words % {"count": count})
    elif not ticked:
        messages.error(request, _("Cochez ce que vous confirmez."))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, desk: Desk, review_id: int, line_id: int) -> HttpResponse:
    """Take back a right that is no longer needed."""
    found = _review(desk, review_id)
    line = (
        _visible(found, desk).select_related("review__academy", "school", "holder__person").filter(pk=line_id)
    )
    one = line.first()
    if one is None or not rights.may_answer(desk.account, one, desk.now):
        raise NotWithin("No such line.")
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        try:
            rights.withdraw(one, by=desk.actor, account=desk.account, reason=form.reason, now=desk.now)
        except BadMandate:
            form.errors[REASON] = _("C’est la dernière : personne ne pourrait plus en donner.")
        except CasierError as error:
            unless_down(error)
            form.errors[REASON] = _("Ce droit a déjà sa réponse.")
        else:
            messages.success(request, _("Le droit est retiré."))
            return redirect(f"/console/revues/{found.pk}/")
    facts = {"here": "reviews", "one": found, "line": _line_said(one, desk)}
    return page(request, desk, "rights/take_back", facts, form)


@console
@require_safe
def report(_request: HttpRequest, desk: Desk, review_id: int, form: str) -> HttpResponse:
    """The review as a file, for an audit: who may give offices reads it whole."""
    found = _review(desk, review_id)
    desk.require(Ability.GIVE_MANDATES, found.academy)
    name = f"revue-{found.academy.slug}-{found.started_at:%Y-%m-%d}.{form}"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "json":
        return JsonResponse({**rights.summary(found), "rights": rights.rows(found)}, headers=attached)
    return HttpResponse(report_file(found), content_type="text/csv; charset=utf-8", headers=attached)


def _review(desk: Desk, review_id: int) -> Review:
    """The review with this number, of an academy in which DESK answers for somebody."""
    desk.require_some(Ability.CONFIRM_RIGHTS)
    found = Review.objects.select_related("academy").filter(pk=review_id).first()
    whole = found is not None and desk.may(Ability.CONFIRM_RIGHTS, found.academy)
    if found is None or not (whole or _visible(found, desk).exists()):
        raise NotWithin("No such review.")
    return found


def _line_said(line: Line, desk: Desk) -> dict[str, Any]:
    facts, waiting = line.facts, line.answer == Answer.NONE
    until = parse_datetime(facts["until"]) if facts.get("until") else None
    return {
        "line": line,
        "name": facts.get("name", ""),
        "right": right_words(line),
        "where": facts.get("where") or line.review.academy.name,
        "until": last_moment(until) if until else None,
        "lent_by": facts.get("lent_by", ""),
        "own": line.holder_id == desk.account.pk,
        "answer": answer_words(line.answer),
        "opens": line.answer in {Answer.NONE, Answer.CONFIRMED}
        and rights.may_answer(desk.account, line, desk.now),
        "waiting": waiting,
    }
