"""The academies of the platform, for who is charged with all of them: seen, and another one made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.drafting import TOML, deviation_words
from casier.console.fields import sections
from casier.console.forms import Form, page
from casier.console.founding import asked_for, form_for, sentence, starts
from casier.directory import actions
from casier.directory.actions import NewAcademy
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account
from casier.kernel.errors import CasierError
from casier.policies import api as policies

STEP = "etape"


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every academy with what is in force there."""
    desk.require_some(Ability.MANAGE_ACADEMIES)
    rows = [_row(academy) for academy in desk.academies(Ability.MANAGE_ACADEMIES)]
    return page(request, desk, "academies", {"here": "academies", "rows": rows})


def _row(academy: Academy) -> dict[str, Any]:
    policy, revisions = policies.policy_for(academy), policies.revisions(academy)
    return {
        "academy": academy,
        "host": academy.hosts.filter(is_primary=True).first(),
        "domain": academy.domains.filter(is_primary=True).first(),
        "like": policies.set_like(policy),
        "revision": revisions[0] if revisions else None,
        "deviations": len(policies.deviations(policy)),
    }


@console
@require_safe
def one(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """One academy: its names, what is fixed for ever, and what is left to do while nobody is there."""
    academy = desk.academy(slug, Ability.MANAGE_ACADEMIES)
    facts = {
        "here": "academies",
        "subject": academy,
        "hosts": academy.hosts.order_by("-is_primary", "host"),
        "domains": academy.domains.order_by("-is_primary", "name"),
        "empty": not Account.objects.filter(academy=academy).exists(),
        **_row(academy),
    }
    return page(request, desk, "academy", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another academy: what was typed, then what will be made, then it is there."""
    desk.require_some(Ability.MANAGE_ACADEMIES)
    form = form_for(request)
    if request.method == "POST":
        new = asked_for(request, desk, form)
        if new is not None:
            return _decided(request, desk, form, new)
        form.errors.pop("motif", None)
    facts = {"here": "academies", "starts": starts(desk)}
    return page(request, desk, "academy_new", facts, form)


def _decided(request: HttpRequest, desk: Desk, form: Form, new: NewAcademy) -> HttpResponse:
    if request.POST.get(STEP) != "creer":
        form.errors.clear()
        return _look(request, desk, form, new)
    if form.errors:
        return _look(request, desk, form, new)
    try:
        academy = actions.create_academy(new, by=desk.actor, reason=form.reason, now=desk.now)
    except CasierError as error:
        # Somebody was quicker: what was free on the page before isn't any more.
        form.errors["motif"] = sentence("slug", error)
        return _look(request, desk, form, new)
    messages.success(request, _("%(name)s est créée.") % {"name": academy.name})
    return redirect(f"/console/academies/{academy.slug}/")


def _look(request: HttpRequest, desk: Desk, form: Form, new: NewAcademy) -> HttpResponse:
    """What will be made, with what is fixed for ever; nothing is there before the button below."""
    facts = {
        "here": "academies",
        "new": new,
        "host": new.hosts[0],
        "like": policies.set_like(new.policy),
        "sections": sections(new.policy),
        "deviations": [deviation_words(found) for found in policies.deviations(new.policy)],
        # What was looked at is what is made, whatever changes elsewhere meanwhile.
        "toml": policies.as_toml(new.policy),
        "kept": {name: form.values[name] for name in ("nom", "court", "domaines", "hotes", "couleur")},
        "field": TOML,
    }
    return page(request, desk, "academy_preview", facts, form)
