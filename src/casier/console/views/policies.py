"""An academy's policy: read, with what departs from guidance; changed after a look at what changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.effects import touched
from casier.console.fields import fields, in_words, read, sections
from casier.console.forms import Form, form_of, page
from casier.console.wording import actor_words
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.policies import api as policies
from casier.policies.api import SHIPPED, BadPolicy, Contradiction, Deviation, Policy
from casier.policies.words import FIELDS, SECTIONS, value_words

NETWORKS = "reseaux"


@console
@require_safe
def mine(_: HttpRequest, desk: Desk) -> HttpResponse:
    """The policy of one's own academy."""
    return redirect(f"/console/politique/{desk.account.academy.slug}/")


@console
@require_safe
def show(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """The policy in force, in words."""
    academy = desk.academy(slug, Ability.SEE_PERSON)
    policy = policies.policy_for(academy)
    rows = policies.revisions(academy)
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "sections": sections(policy),
        "like": policies.set_like(policy),
        "deviations": [_deviation(one) for one in policies.deviations(policy)],
        "may_change": desk.may(Ability.SET_POLICY, academy),
        "revisions": [{"row": row, "who": actor_words(row.actor)} for row in rows[:20]],
    }
    return page(request, desk, "policy", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, desk: Desk, slug: str, name: str) -> HttpResponse:
    """Change one section: nothing is in force before the next page was read."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    name = "" if name == NETWORKS else name
    if name not in SECTIONS:
        raise Http404
    policy = policies.policy_for(academy)
    form, shown = Form(), policy
    if request.method == "POST":
        drafted = _drafted(read(policy, name, request.POST), form)
        if drafted is not None:
            shown = drafted
            if not _contradicted(drafted, form):
                return _preview(request, desk, academy, drafted, Form())
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "title": in_words(SECTIONS[name]),
        "fields": _with_errors(fields(shown, name), form),
        "others": {key: words for key, words in form.errors.items() if not _is_of(key, name)},
    }
    return page(request, desk, "policy_section", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """A shipped set, or a policy of one's own as TOML, in place of what is in force."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    form = Form({"jeu": request.POST.get("jeu", ""), "toml": request.POST.get("toml", "")})
    if request.method == "POST":
        wanted = _wanted(form)
        if wanted is not None and not _contradicted(wanted, form):
            return _preview(request, desk, academy, wanted, Form())
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "sets": SHIPPED,
        "in_force": policies.as_toml(policies.policy_for(academy)),
    }
    return page(request, desk, "policy_whole", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def put_in_force(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """What was looked at is put in force, with its reason."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    if request.method != "POST":
        return redirect(f"/console/politique/{academy.slug}/")
    form = form_of(request, "toml", "version")
    try:
        wanted = policies.parse_toml(form.values["toml"].encode())
    except BadPolicy as error:
        # What stood on the page before was checked: this was written by hand.
        raise Http404 from error
    if form.values["version"] != str(_version(academy)):
        form.errors["motif"] = _(
            "Quelqu’un a changé la politique entre-temps : relisez ce qui suit avant de confirmer."
        )
    if form.errors:
        return _preview(request, desk, academy, wanted, form)
    row = policies.adopt(academy, wanted, by=desk.actor, reason=form.reason, now=desk.now)
    messages.success(request, _("La version %(number)d est en vigueur.") % {"number": row.number})
    return redirect(f"/console/politique/{academy.slug}/")


def _preview(request: HttpRequest, desk: Desk, academy: Academy, wanted: Policy, form: Form) -> HttpResponse:
    """What changes, whom it touches, what then departs from guidance; the reason is asked here."""
    before = policies.policy_for(academy)
    changed = [
        {
            "label": in_words(FIELDS[one.field]),
            "name": one.field,
            "before": in_words(value_words(one.before, one.field)),
            "after": in_words(value_words(one.after, one.field)),
        }
        for one in policies.changes(before, wanted)
    ]
    known = policies.deviations(before)
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "changes": changed,
        "effects": [in_words((one.french, one.english)) for one in touched(academy, before, wanted)],
        "deviations": [_deviation(one) for one in policies.deviations(wanted) if one not in known],
        "toml": policies.as_toml(wanted),
        "version": _version(academy),
    }
    return page(request, desk, "policy_preview", facts, form)


def _version(academy: Academy) -> int:
    rows = policies.revisions(academy)
    return rows[0].number if rows else 0


def _drafted(values: dict[str, Any], form: Form) -> Policy | None:
    try:
        return policies.drafted(values)
    except BadPolicy as error:
        _note(error.contradictions, form)
        return None


def _wanted(form: Form) -> Policy | None:
    if form.values["jeu"] in SHIPPED:
        return policies.shipped(form.values["jeu"])
    if not form.values["toml"].strip():
        form.errors["jeu"] = _("Choisissez un jeu, ou écrivez une politique ci-dessous.")
        return None
    try:
        return policies.draft_toml(form.values["toml"].encode())
    except BadPolicy as error:
        _note(error.contradictions, form)
        return None


def _contradicted(policy: Policy, form: Form) -> bool:
    """Whether POLICY contradicts itself; the form then says where and why."""
    found = policies.contradictions(policy)
    _note(found, form)
    return bool(found)


def _note(found: list[Contradiction], form: Form) -> None:
    for one in found:
        form.errors.setdefault(one.field or "toml", in_words((one.french, one.reason)))


def _with_errors(shown: list[Any], form: Form) -> list[dict[str, Any]]:
    return [{"field": field, "error": form.errors.get(field.name, "")} for field in shown]


def _is_of(field: str, name: str) -> bool:
    return field.rpartition(".")[0] == name and field in FIELDS


def _deviation(one: Deviation) -> dict[str, str]:
    return {
        "label": in_words(FIELDS[one.field]),
        "words": in_words((one.french, one.english)),
        "reference": one.reference,
    }
