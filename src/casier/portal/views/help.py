"""The help pages, open to everyone: who can't sign in needs them most."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casier.portal.help.pages import page, pages


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All subjects."""
    return render(request, "portal/help.html", {"pages": pages(_language()), "shown": None})


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One subject."""
    shown = page(_language(), topic)
    if shown is None:
        raise Http404
    return render(request, "portal/help.html", {"pages": pages(_language()), "shown": shown})


def _language() -> str:
    return (get_language() or "fr").partition("-")[0]
