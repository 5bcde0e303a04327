"""Pages for what went wrong: a sentence, a way on, and a reference that the log knows."""

from __future__ import annotations

import errno
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casier.kernel.errors import CasierError, Unavailable, new_reference

LOG = logging.getLogger("casier.portal")
# What may be down for a moment: Redis, the database, the way to it.
DOWN = (Unavailable, OperationalError, InterfaceError)
# What a disk says that takes nothing more.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def is_down(error: BaseException | None) -> bool:
    """Whether ERROR is of something that is down, or of a full disk: nobody's mistake, and over one day."""
    return isinstance(error, DOWN) or is_full(error)


def is_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL


def problem(status: int, code: str, title: str, detail: str, reference: str) -> JsonResponse:
    """A refusal for programs (RFC 9457)."""
    body = {"type": code, "title": title, "detail": detail, "status": status, "reference": reference}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _page(request: HttpRequest, status: int, title: str, detail: str, reference: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, f"http_{status}", title, detail, reference)
    facts = {"status": status, "title": title, "detail": detail, "reference": reference}
    return render(request, "portal/error.html", facts, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reference = new_reference()
    LOG.warning("bad request %s %s: %r (%s)", request.method, request.path, exception, reference)
    detail = _(
        "Votre navigateur a envoyé une demande que nous n’avons pas comprise. "
        "Revenez en arrière et recommencez."
    )
    return _page(request, 400, _("Demande illisible"), detail, reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    reference = new_reference()
    LOG.warning("cross-site check failed on %s: %s (%s)", request.path, reason, reference)
    detail = _(
        "La page était ouverte depuis trop longtemps, ou votre navigateur refuse les cookies. "
        "Rechargez la page et recommencez."
    )
    return _page(request, 403, _("Cette page n’est plus valable"), detail, reference)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reference = new_reference()
    LOG.warning("forbidden %s: %r (%s)", request.path, exception, reference)
    detail = _("Votre compte ne permet pas d’ouvrir cette page.")
    return _page(request, 403, _("Accès refusé"), detail, reference)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reference = new_reference()
    LOG.info("not found %s: %r (%s)", request.path, exception, reference)
    detail = _("L’adresse est peut-être mal recopiée, ou la page a été déplacée.")
    return _page(request, 404, _("Cette page n’existe pas"), detail, reference)


def not_opened_so(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """The address of a button, opened as a page: what a browser shows of Django's own REFUSED is blank."""
    reference = new_reference()
    LOG.info("%s not allowed on %s (%s)", request.method, request.path, reference)
    detail = _("Cette adresse est celle d’un bouton. Revenez à la page où il se trouve et recommencez.")
    answer = _page(request, 405, _("Cette page ne s’ouvre pas ainsi"), detail, reference)
    answer.headers["Allow"] = refused.headers["Allow"]
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    if isinstance(error, Exception) and is_down(
        error
    ):  # beside the view: while a session was kept, or a page was made
        return unavailable(request, error)
    reference = new_reference()
    LOG.error("failure on %s %s (%s)", request.method, request.path, reference)
    detail = _("L’erreur vient de chez nous et elle est enregistrée. Revenez en arrière et recommencez.")
    return _page(request, 500, _("Quelque chose s’est mal passé"), detail, reference)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    reference = error.reference if isinstance(error, CasierError) else new_reference()
    LOG.error("unavailable on %s: %s (%s)", request.path, getattr(error, "facts", error), reference)
    detail = _(
        "Une partie de la plateforme ne répond pas. Votre courrier continue d’arriver. "
        "Réessayez dans un instant."
    )
    if is_full(error):
        detail = _(
            "La place manque sur le serveur : rien n’a été enregistré. Réessayez plus tard ; si cela dure, "
            "donnez cette référence à l’assistance."
        )
    return _page(request, 503, _("Service momentanément indisponible"), detail, reference)
