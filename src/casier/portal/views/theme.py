"""The academy's accent as a stylesheet: a page's content policy allows no style inside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casier.portal.tenants import academy_of_page
from casier.portal.theme import stylesheet


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The accent of the person's academy or of the host's; empty where there is neither."""
    academy = academy_of_page(request)
    text = stylesheet(academy.accent) if academy else ""
    headers = {"Cache-Control": "private, max-age=300", "Vary": "Cookie"}
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers=headers)
