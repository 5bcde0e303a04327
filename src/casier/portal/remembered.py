"""The language and the theme that a browser shows before it is known who is there."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from casier.identity.models import Theme, User

YEAR: Final = 365 * 24 * 3600
# Read by the web client's first script too, which draws nothing before it knows the theme: so not HttpOnly.
THEME_COOKIE: Final = "__Host-casier-theme"


def remember_language(response: HttpResponse, wanted: str, otherwise: str) -> str:
    """Put the language into a cookie, for the sign-in page. Returns the language in force."""
    locale = wanted if wanted in dict(settings.LANGUAGES) else otherwise
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, locale, max_age=YEAR, secure=True, httponly=True, samesite="Lax"
    )
    return locale


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Put the theme into a cookie, so that no page shows another one first."""
    response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, secure=True, samesite="Lax")


def remember(response: HttpResponse, user: User) -> None:
    """What USER has chosen, for the pages that don't know them."""
    remember_language(response, user.locale, settings.LANGUAGE_CODE)
    remember_theme(response, user.theme)


def theme_of(request: HttpRequest, person: User | None) -> str:
    """`light` or `dark` where the person or this browser has chosen; empty where the system decides."""
    theme = person.theme if person else request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in {Theme.LIGHT, Theme.DARK} else ""
