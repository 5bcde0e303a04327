"""The language of who isn't signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from casier.portal.remembered import remember_language
from casier.portal.views.sign_in import next_page


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language on the sign-in page."""
    suite = next_page(request)
    response = HttpResponseRedirect(f"/connexion/?suite={suite}" if suite != "/courrier/" else "/connexion/")
    remember_language(response, request.POST.get("langue", ""), settings.LANGUAGE_CODE)
    return response
