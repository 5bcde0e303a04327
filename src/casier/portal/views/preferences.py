"""The language of who isn't signed in, and remembering it for the next visit."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from casier.portal.views.sign_in import next_page

YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponse, wanted: str, otherwise: str) -> str:
    """Put the language into a cookie, for the sign-in page. Returns the language in force."""
    locale = wanted if wanted in dict(settings.LANGUAGES) else otherwise
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, locale, max_age=YEAR, secure=True, httponly=True, samesite="Lax"
    )
    return locale


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language on the sign-in page."""
    suite = next_page(request)
    response = HttpResponseRedirect(f"/connexion/?suite={suite}" if suite != "/courrier/" else "/connexion/")
    remember_language(response, request.POST.get("langue", ""), settings.LANGUAGE_CODE)
    return response
