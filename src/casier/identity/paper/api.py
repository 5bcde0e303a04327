"""Paper for other rooms: a template becomes a PDF, a text becomes a QR code.

Nothing is fetched from anywhere: what a letter needs is the platform's own type and one file of tokens. The
engine is imported when first asked for, because it is large and few processes print.
"""

from __future__ import annotations

import io
import logging
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template.backends.django import DjangoTemplates
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

import casier
from casier.directory.models import Academy

__all__ = ["pdf", "qr_svg"]

# The type and the tokens lie with the pages that share them; they are read as files, not as code.
STATIC = Path(casier.__file__).parent / "portal" / "static" / "casier"
_TEMPLATES = Path(__file__).parent / "templates"


def pdf(template: str, facts: Mapping[str, Any], academy: Academy, language: str = "fr") -> bytes:
    """TEMPLATE (of `paper/templates/`, or of an app, extending `paper/page.html`) filled with FACTS, as PDF.

    It wears ACADEMY's name and accent. What stands in FACTS is text: it can neither be markup nor load
    anything.
    """
    # It tells each step, and each rule for screens that paper has no use for.
    for noisy in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    import weasyprint  # type: ignore[import-untyped]

    with translation.override(language):
        page = _engine().get_template(template)
        html = page.render({**facts, "academy": academy, "language": language})
    document = weasyprint.HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=_own_files())
    made: bytes = document.write_pdf()
    return made


def qr_svg(text: str) -> SafeString:
    """TEXT as a QR code (ISO/IEC 18004, error correction M): an `<svg>` to stand in a page or on paper."""
    import segno

    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, light="#fff"
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn by segno from modules, TEXT isn't in it


@cache
def _engine() -> DjangoTemplates:
    """Templates for paper, apart from those of pages: no request, no person, no cookie belongs on paper."""
    libraries: dict[str, Any] = {"context_processors": [], "autoescape": True}
    return DjangoTemplates(
        {"NAME": "paper", "DIRS": [str(_TEMPLATES)], "APP_DIRS": True, "OPTIONS": libraries}
    )


@cache
def _own_files() -> Any:
    """A fetcher that reads our type and tokens and nothing else: no network, no other file of the machine."""
    from weasyprint.urls import (  # type: ignore[import-untyped]
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """What isn't ours stops the print: a letter with a hole in it must not leave."""

        def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or parts.netloc or not path.is_relative_to(STATIC.resolve()):
                raise FatalURLFetchingError(f"not a file of ours: {url}")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnFiles()
