"""Groups: the list, one with its members, the editor that shows whom a rule means while it is written."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import Form, form_of, page
from casier.console.groups import Preview, in_words, preview_of, reasons_for, refusal, visibility_words
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.groups import actions, api
from casier.groups.actions import GroupInUse, GroupWords
from casier.groups.api import BadRule, Group, Visibility
from casier.kernel.csv_cells import csv_text
from casier.kernel.errors import CasierError

FIELDS = ("nom", "court", "description", "regle", "visibilite")


@console
@require_safe
def mine(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """The groups of the academy one works for first."""
    desk.require_some(Ability.SEE_GROUPS)
    academies = desk.academies(Ability.SEE_GROUPS)
    if not academies:
        raise NotWithin("Not within your perimeter.")
    own = next((one for one in academies if one.pk == desk.account.academy_id), academies[0])
    return redirect(f"/console/groupes/{own.slug}/")


@console
@require_safe
def listed(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """The groups of an academy."""
    academy = desk.academy(slug, Ability.SEE_GROUPS)
    rows = [{"group": group, "words": _words(group)} for group in api.live(academy)]
    facts = {
        "here": "groups",
        "subject": academy,
        "rows": rows,
        "others": [one for one in desk.academies(Ability.SEE_GROUPS) if one.pk != academy.pk],
        "may_manage": desk.may(Ability.MANAGE_GROUPS, academy),
    }
    return page(request, desk, "groups/list", facts)


@console
@require_safe
def one(request: HttpRequest, desk: Desk, slug: str, group: str) -> HttpResponse:
    """A group: whom it means, who is in it today, why somebody is or isn't."""
    academy = desk.academy(slug, Ability.SEE_GROUPS)
    row = _group(academy, group)
    asked = request.GET.get("personne", "").strip()[:254]
    facts = {
        "here": "groups",
        "subject": academy,
        "group": row,
        "preview": preview_of(desk, academy, row.rule, owner=row),
        "visibility": visibility_words(row.visibility),
        "uses": api.used_by(row),
        "asked": asked,
        "why": reasons_for(desk, row, asked) if asked else None,
        "may_manage": desk.may(Ability.MANAGE_GROUPS, academy),
    }
    return page(request, desk, "groups/one", facts)


@console
@require_safe
def members(_request: HttpRequest, desk: Desk, slug: str, group: str) -> HttpResponse:
    """The members as a file for a spreadsheet; no cell of it is a formula."""
    row = _group(desk.academy(slug, Ability.SEE_GROUPS), group)
    people = api.members_of(row).filter(pk__in=desk.people(Ability.SEE_GROUPS).values("pk"))
    head = [_("Nom"), _("Adresse"), _("Affectation")]
    text = csv_text(head, [(member.name, member.address, member.place) for member in api.listed(people)])
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.slug}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """A new group."""
    return _edited(request, desk, desk.academy(slug, Ability.MANAGE_GROUPS), None)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, desk: Desk, slug: str, group: str) -> HttpResponse:
    """Another rule, another name."""
    academy = desk.academy(slug, Ability.MANAGE_GROUPS)
    return _edited(request, desk, academy, _group(academy, group))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, desk: Desk, slug: str, group: str) -> HttpResponse:
    """Remove a group that nothing rests on."""
    academy = desk.academy(slug, Ability.MANAGE_GROUPS)
    row = _group(academy, group)
    form = form_of(request, told=False)
    if request.method == "POST" and not form.errors:
        try:
            actions.remove_group(row, by=desk.actor, reason=form.reason, now=desk.now)
        except GroupInUse:
            form.errors["motif"] = _("Quelque chose repose encore sur ce groupe.")
        else:
            messages.success(request, _("Le groupe est supprimé."))
            return redirect(f"/console/groupes/{academy.slug}/")
    facts = {"here": "groups", "subject": academy, "group": row, "uses": api.used_by(row)}
    return page(request, desk, "groups/remove", facts, form)


@console
@require_POST
def preview(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """Whom a rule means, as a piece of page; for the editor's script."""
    academy = desk.academy(slug, Ability.MANAGE_GROUPS)
    group = api.live(academy).filter(slug=request.POST.get("groupe", "")).first()
    shown = preview_of(desk, academy, request.POST.get("regle", ""), owner=group)
    return page(request, desk, "groups/preview", {"preview": shown, "subject": academy})


def _edited(request: HttpRequest, desk: Desk, academy: Academy, group: Group | None) -> HttpResponse:
    form = form_of(request, *FIELDS, told=False)
    saves = request.method == "POST" and "enregistrer" in request.POST
    if request.method != "POST":
        form.values |= _values(group)
    if not saves:
        form.errors.clear()
    elif not form.errors and (kept := _kept(desk, academy, group, form)):
        messages.success(request, _("Le groupe est enregistré."))
        return redirect(f"/console/groupes/{academy.slug}/{kept.slug}/")
    shown: Preview | None = None
    if form.values["regle"] or request.method == "POST":
        shown = preview_of(desk, academy, form.values["regle"], owner=group)
    facts = {
        "here": "groups",
        "subject": academy,
        "group": group,
        "preview": shown,
        "visibilities": [{"code": str(one), "words": visibility_words(one)} for one in Visibility],
    }
    return page(request, desk, "groups/edit", facts, form)


def _values(group: Group | None) -> dict[str, str]:
    if group is None:
        return {"visibilite": str(Visibility.OFFICES)}
    return {
        "nom": group.name, "court": group.slug, "description": group.description, "regle": group.rule,
        "visibilite": str(group.visibility),
    }  # fmt: skip


def _kept(desk: Desk, academy: Academy, group: Group | None, form: Form) -> Group | None:
    """The group as it was saved; None where the form says why not."""
    typed = form.values
    if typed["visibilite"] not in Visibility.values:
        form.errors["visibilite"] = _("Choisissez qui peut voir le groupe.")
        return None
    words = GroupWords(typed["nom"], typed["regle"], typed["description"], Visibility(typed["visibilite"]))
    try:
        if group is None:
            return actions.create_group(
                academy, typed["court"], words, by=desk.actor, reason=form.reason, now=desk.now
            )
        return actions.change_group(group, words, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        name, sentence = refusal(error)
        form.errors[name] = sentence
        return None


def _group(academy: Academy, slug: str) -> Group:
    try:
        return api.group_named(academy, slug)
    except NotFound as error:
        raise NotWithin("Not within your perimeter.", group=slug) from error


def _words(group: Group) -> str:
    try:
        return in_words(api.rule_of(group))
    except BadRule:
        return group.rule
