"""The duties of the road that are pages of this room: details, documents, memo."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.activation import corrections, documents
from casier.identity.activation.models import DocumentKind, Wrong
from casier.identity.entry.road import Duty, Entry, Purpose
from casier.portal.activation.details import details_of, memo_of
from casier.portal.activation.steps import steps_at
from casier.portal.entry.road import go_on, keep, leave, on_the_road
from casier.portal.tenants import academy_of_page
from casier.portal.views.account import person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_road
def details(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """What the directory knows; the person says that it is right."""
    if request.method == "POST":
        keep(request, entry.settle(Duty.DETAILS))
        return go_on(request)
    return _page(request, entry, account, Duty.DETAILS, "details", {"details": details_of(account)})


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_road
def wrong(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """What is wrong, in the person's words, for the help desk; then on, for nobody waits for a correction."""
    facts: dict[str, Any] = {"choices": _choices(), "chosen": [], "text": "", "error": ""}
    if request.method != "POST":
        return _page(request, entry, account, Duty.DETAILS, "wrong", facts)
    chosen = [Wrong(value) for value in request.POST.getlist("inexact") if value in Wrong.values]
    text = request.POST.get("precision", "").strip()
    if not chosen or not text:
        error = (
            _("Cochez ce qui est inexact.") if not chosen else _("Écrivez ce qu’il faudrait lire à la place.")
        )
        facts |= {"chosen": chosen, "text": text[: corrections.LONGEST_TEXT], "error": error}
        return _page(request, entry, account, Duty.DETAILS, "wrong", facts, status=422)
    by = _actor(entry, account)
    row = corrections.ask_correction(account, chosen, text, by=by, now=timezone.now())
    keep(request, entry.settle(Duty.DETAILS))
    return _page(request, entry, account, Duty.DETAILS, "noted", {"reference": row.reference})


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_road
def charter(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """The documents in force that haven't been accepted yet, one a page."""
    waiting = documents.due(account)
    if not waiting:
        return go_on(request)
    language = _language()
    if request.method == "POST" and request.POST.get("reponse") == "refus":
        documents.decline(account, waiting[0], by=_actor(entry, account), now=timezone.now())
        leave(request)
        return render(request, "portal/activation/declined.html", {"document": waiting[0].title(language)})
    if request.method == "POST":
        _accept(request, entry, account, waiting, language)
        return go_on(request)
    facts = {
        "document": _shown(waiting[0], language),
        "number": len(DocumentKind) - len(waiting) + 1,
        "more": len(waiting) - 1,
        "again": documents.acceptances(account).filter(kind=waiting[0].kind).exists(),
    }
    return _page(request, entry, account, Duty.DOCUMENTS, "document", facts)


def _accept(
    request: HttpRequest,
    entry: Entry,
    account: Account,
    waiting: list[documents.InForce],
    language: str,
) -> None:
    """Accept the version that was read; where a newer one came meanwhile, nothing: it is shown next."""
    read = (request.POST.get("document"), request.POST.get("version"))
    for document in waiting:
        if read == (document.kind.value, str(document.version)):
            by = _actor(entry, account)
            documents.accept(account, document, language, by=by, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_road
def memo(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """What a newcomer needs, once; then the mailbox."""
    if request.method == "POST":
        keep(request, entry.settle(Duty.MEMO))
        return go_on(request)
    return _page(request, entry, account, Duty.MEMO, "memo", {"memo": memo_of(request, account)})


@signed_in
@require_safe
def memo_again(request: HttpRequest) -> HttpResponse:
    """The memo later, for who is signed in."""
    facts = {"memo": memo_of(request, person_of(request).account), "here": "memo"}
    return render(request, "portal/activation/memo_again.html", facts)


@require_safe
def published(request: HttpRequest, kind: str) -> HttpResponse:
    """A document in force, open to everyone."""
    academy = academy_of_page(request)
    if academy is None or kind not in DocumentKind.values:
        raise Http404
    document = documents.in_force(academy)[DocumentKind(kind)]
    return render(request, "portal/activation/published.html", {"document": _shown(document, _language())})


def _shown(document: documents.InForce, language: str) -> dict[str, Any]:
    return {
        "kind": document.kind.value,
        "version": document.version,
        "title": document.title(language),
        "language": document.spoken(language),
        "html": document.html(language),
        "since": document.since,
        "is_notice": document.kind is DocumentKind.PRIVACY,
    }


def _page(
    request: HttpRequest,
    entry: Entry,
    account: Account,
    duty: Duty,
    template: str,
    facts: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    steps = steps_at(account.academy, duty) if entry.purpose is Purpose.ACTIVATION else None
    return render(request, f"portal/activation/{template}.html", {"steps": steps, **facts}, status=status)


def _choices() -> list[tuple[Wrong, str]]:
    return [
        (Wrong.NAME, _("Mon nom ou mon prénom")),
        (Wrong.BIRTH_DATE, _("Ma date de naissance")),
        (Wrong.SCHOOL, _("Mon établissement")),
        (Wrong.FUNCTION, _("Ma fonction")),
        (Wrong.ADDRESS, _("Mon adresse")),
        (Wrong.OTHER, _("Autre chose")),
    ]


def _actor(entry: Entry, account: Account) -> Actor:
    return Actor.account(account.public_id, entry.source)


def _language() -> str:
    return (get_language() or "fr").partition("-")[0]
