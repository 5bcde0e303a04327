"""Charter and privacy notice of an academy: the versions there were, and the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import NotWithin
from casier.console.forms import Form, form_of, page
from casier.directory.mandates import Ability
from casier.directory.models import Academy
from casier.identity.activation.documents import BadDocument, InForce, in_force, publish
from casier.identity.activation.models import Acceptance, Document, DocumentKind


def _academy(request: HttpRequest, desk: Desk) -> Academy:
    academies = desk.academies(Ability.SET_POLICY)
    wanted = request.GET.get("academie", "")
    found = [one for one in academies if not wanted or one.slug == wanted]
    if not found:
        raise NotWithin("Not within your perimeter.")
    return found[0]


def _titles() -> dict[DocumentKind, str]:
    return {
        DocumentKind.CHARTER: _("Charte d’utilisation"),
        DocumentKind.PRIVACY: _("Notice de protection des données"),
    }


@console
@require_safe
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is in force, who accepted it, and what was before."""
    academy = _academy(request, desk)
    rows = [_row(academy, kind, found) for kind, found in in_force(academy).items()]
    facts = {
        "here": "documents",
        "academy_of": academy,
        "academies": desk.academies(Ability.SET_POLICY),
        "rows": rows,
    }
    return page(request, desk, "privacy/documents", facts)


def _row(academy: Academy, kind: DocumentKind, found: InForce) -> dict[str, Any]:
    accepted = Acceptance.objects.filter(account__academy=academy, kind=kind, version__gte=found.asked_from)
    return {
        "kind": kind.value,
        "title": _titles()[kind],
        "version": found.version,
        "since": found.since,
        "accepted": accepted.values("account").distinct().count(),
        "before": Document.objects.filter(academy=academy, kind=kind).order_by("-version"),
    }


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def publishing(request: HttpRequest, desk: Desk, slug: str, kind: str) -> HttpResponse:
    """The next version, which begins as the one in force."""
    academy = desk.academy(slug, Ability.SET_POLICY)
    if kind not in DocumentKind.values:
        raise NotWithin("No such document.")
    wanted = DocumentKind(kind)
    form = form_of(request, "francais", "anglais", "redemander", told=False)
    if request.method != "POST":
        texts = in_force(academy)[wanted].texts
        form.values |= {"francais": texts["fr"], "anglais": texts.get("en", ""), "redemander": "oui"}
    elif not form.errors and _published(academy, wanted, form, desk):
        messages.success(request, _("La nouvelle version est en vigueur."))
        return redirect(f"/console/documents/?academie={academy.slug}")
    facts = {
        "here": "documents",
        "academy_of": academy,
        "kind": kind,
        "title": _titles()[wanted],
        "french": form.values["francais"],
        "english": form.values["anglais"],
        "again": form.values["redemander"] == "oui",
        "french_error": form.errors.get("francais", ""),
    }
    return page(request, desk, "privacy/publish", facts, form)


def _published(academy: Academy, kind: DocumentKind, form: Form, desk: Desk) -> bool:
    texts = {"fr": form.values["francais"], "en": form.values["anglais"]}
    try:
        publish(
            academy, kind, {language: text for language, text in texts.items() if text},
            by=desk.actor, reason=form.reason, now=desk.now, reaccept=form.values["redemander"] == "oui",
        )  # fmt: skip
    except BadDocument:
        form.errors["francais"] = _(
            "Commencez par une ligne « # Titre », puis le texte ; le français est obligatoire."
        )
        return False
    return True
