"""An academy's policy: read, with what departs from guidance; changed after a look at what changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.drafting import (
    TOML,
    called,
    contradicted,
    deviation_words,
    drafted,
    of_text,
    preview,
    text_of,
    version_of,
)
from casier.console.fields import fields, in_words, read, read_all, sections
from casier.console.forms import Form, form_of, page
from casier.console.wording import actor_words
from casier.directory.mandates import Ability
from casier.policies import api as policies
from casier.policies.api import SHIPPED, BadPolicy, Policy
from casier.policies.words import FIELDS, SECTIONS, section_of

NETWORKS = "reseaux"
VERSIONS = 20


@console
@require_safe
def mine(_: HttpRequest, desk: Desk) -> HttpResponse:
    """The policy of one's own academy."""
    desk.require_some(Ability.SEE_POLICY)
    return redirect(f"/console/politique/{desk.account.academy.slug}/")


@console
@require_safe
def show(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """The policy in force, in words."""
    academy = desk.academy(slug, Ability.SEE_POLICY)
    policy = policies.policy_for(academy)
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "sections": sections(policy),
        "like": policies.set_like(policy),
        "deviations": [deviation_words(one) for one in policies.deviations(policy)],
        "may_change": desk.may(Ability.SET_POLICY, academy),
        "revisions": [
            {"row": row, "who": actor_words(row.actor)} for row in policies.revisions(academy)[:VERSIONS]
        ],
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
    form, shown = Form(), policies.policy_for(academy)
    if request.method == "POST":
        wanted = drafted(read(shown, name, request.POST), form)
        if wanted is not None and not contradicted(wanted, form, academy):
            return preview(request, desk, academy, wanted, Form())
        shown = wanted or shown
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "title": in_words(SECTIONS[name]),
        "fields": _fields(shown, name, form),
        "problems": [
            _problem(field, words, section_of(field) == name) for field, words in form.errors.items()
        ],
    }
    return page(request, desk, "policy_section", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """All sections in one form: for rules that stand only together."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    form, shown = Form(), policies.policy_for(academy)
    if request.method == "POST":
        wanted = drafted(read_all(shown, request.POST), form)
        if wanted is not None and not contradicted(wanted, form, academy):
            return preview(request, desk, academy, wanted, Form())
        shown = wanted or shown
    facts: dict[str, Any] = {
        "here": "policy",
        "subject": academy,
        "parts": [_part(shown, name, form) for name in SECTIONS],
        "problems": [_problem(field, words, field in FIELDS) for field, words in form.errors.items()],
    }
    return page(request, desk, "policy_everything", facts, form)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """A shipped set, or a policy of one's own as TOML, in place of what is in force."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    form = Form({"jeu": request.POST.get("jeu", ""), TOML: request.POST.get(TOML, "").strip()})
    if request.method == "POST":
        wanted = _wanted(request, form)
        if wanted is not None and not contradicted(wanted, form, academy, named=True):
            return preview(request, desk, academy, wanted, Form())
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
    form = form_of(request, TOML, "version", told=False)
    try:
        wanted = policies.parse_toml(form.values[TOML].encode())
    except BadPolicy as error:
        # What stood on the page before was checked: this was written by hand.
        raise Http404 from error
    if form.values["version"] != str(version_of(academy)):
        form.errors["motif"] = _(
            "Quelqu’un a changé la politique entre-temps : relisez ce qui suit avant de confirmer."
        )
    # A group that it names may have gone meanwhile.
    if contradicted(wanted, form, academy) or form.errors:
        return preview(request, desk, academy, wanted, form)
    row = policies.adopt(academy, wanted, by=desk.actor, reason=form.reason, now=desk.now)
    messages.success(request, _("La version %(number)d est en vigueur.") % {"number": row.number})
    return redirect(f"/console/politique/{academy.slug}/")


def _wanted(request: HttpRequest, form: Form) -> Policy | None:
    if form.values["jeu"] in SHIPPED:
        return policies.shipped(form.values["jeu"])
    text = text_of(request, form)
    if not text:
        form.errors["jeu"] = _("Choisissez un jeu, ou donnez une politique ci-dessous.")
        return None
    return of_text(text, form)


def _fields(shown: Policy, name: str, form: Form) -> list[dict[str, Any]]:
    return [{"field": field, "error": form.errors.get(field.name, "")} for field in fields(shown, name)]


def _part(shown: Policy, name: str, form: Form) -> dict[str, Any]:
    rows = _fields(shown, name, form)
    wrong = any(row["error"] for row in rows)
    return {"slug": name or NETWORKS, "title": in_words(SECTIONS[name]), "fields": rows, "open": wrong}


def _problem(field: str, words: str, here: bool) -> dict[str, str]:
    """One of the errors above the form: a link where its field stands on this page."""
    return {"anchor": field if here else "", "words": called(field, words)}
