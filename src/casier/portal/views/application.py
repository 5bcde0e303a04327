"""What makes the web client an application that can be installed: its description and its icons."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casier.portal.icons import NAMES, icon
from casier.portal.tenants import academy_of_page
from casier.portal.theme import light

HOME = "/courrier/"
# That of the house, where there is no academy.
ACCENT = "#1b5e57"
PAPER = "#fbfaf7"
_COLOUR = re.compile(r"[0-9a-f]{6}")
_A_YEAR = 31_536_000
_WORDS = {
    "fr": ("Courrier", "Votre courrier professionnel", "Écrire un message", "Écrire", "Rechercher"),
    "en": ("Mail", "Your professional mail", "Write a message", "Write", "Search"),
}


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The application as the academy of person or host calls and colours it (W3C, Web App Manifest)."""
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    academy = academy_of_page(request)
    described = describe(academy.name if academy else "", _colour(request), language)
    answer = JsonResponse(described, content_type="application/manifest+json; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    answer["Vary"] = "Cookie, Accept-Language"
    return answer


def describe(academy: str, colour: str, language: str) -> dict[str, Any]:
    """The manifest for ACADEMY (its name) in COLOUR."""
    short, about, write, write_short, search = _WORDS[language]
    return {
        "id": HOME,
        "start_url": HOME,
        # The sign-in page belongs to it: it must not open in a browser beside.
        "scope": "/",
        "display": "standalone",
        "name": f"{short} – {academy}" if academy else short,
        "short_name": short,
        "description": about,
        "lang": language,
        "dir": "ltr",
        "categories": ["productivity"],
        "theme_color": colour,
        "background_color": PAPER,
        "launch_handler": {"client_mode": ["focus-existing", "auto"]},
        "icons": [
            *(_icon(name, size, "any", colour) for name, size in (("192", 192), ("512", 512))),
            *(_icon(f"masquable-{size}", size, "maskable", colour) for size in (192, 512)),
        ],
        "shortcuts": [
            {"name": write, "short_name": write_short, "url": f"{HOME}?ecrire"},
            {"name": search, "url": f"{HOME}?rechercher"},
        ],
        "protocol_handlers": [{"protocol": "mailto", "url": f"{HOME}?mailto=%s"}],
    }


@require_safe
def icon_file(request: HttpRequest, name: str) -> HttpResponse:
    """An icon; `?c=rrggbb` names the colour, so that the file at that address never changes."""
    if name not in NAMES:
        raise Http404
    named = request.GET.get("c", "")
    chosen = _COLOUR.fullmatch(named) is not None
    answer = HttpResponse(icon(name, f"#{named}" if chosen else _colour(request)), content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if chosen else "private, max-age=86400"
    return answer


def _colour(request: HttpRequest) -> str:
    """The accent as the pages show it by day."""
    academy = academy_of_page(request)
    return light(academy.accent).accent if academy else ACCENT


def _icon(name: str, size: int, purpose: str, colour: str) -> dict[str, str]:
    source = f"/icones/{name}.png?c={colour.removeprefix('#').lower()}"
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
