"""A fresh proof before what is sensitive: a decorator for pages, an answer for `/api/`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import update_wrapper
from typing import Concatenate, Final, ParamSpec, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casier.identity import sessions
from casier.identity.entry.road import Proof
from casier.identity.factors import api as factors
from casier.identity.models import User
from casier.identity.sessions import Terms
from casier.kernel.errors import new_reference
from casier.portal.views.errors import problem

PAGE: Final = "/compte/confirmer/"
CODE: Final = "step_up"
# Everything is in order but for the proof: the same request is good once that was given (RFC 6585 §3).
STATUS: Final = 428
Rest = ParamSpec("Rest")


def terms_of(request: HttpRequest) -> Terms:
    """What was agreed when the session of REQUEST was opened."""
    return Terms(**request.session[sessions.TERMS])


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in showed a moment ago who they are."""
    account = cast("User", request.user).account
    return factors.fresh(account, terms_of(request), time.time())


def mark_proved(request: HttpRequest, proof: Proof) -> None:
    """The person showed PROOF just now."""
    terms = terms_of(request)
    proofs = terms.proofs if proof in terms.proofs else (*terms.proofs, proof.value)
    changed = replace(terms, proofs=proofs, proved_at=int(time.time()))
    request.session[sessions.TERMS] = sessions.as_data(changed)


def freshly_proved(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """A page of someone signed in that asks first for a fresh proof, then comes back.

    Below `signed_in`. What was posted isn't kept: the person comes back by GET, which the page must have.
    """

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
        return redirect(f"{PAGE}?suite={quote(back)}")

    update_wrapper(guarded, view)
    return guarded


def api_refusal(request: HttpRequest) -> JsonResponse | None:
    """What `/api/` answers before a sensitive act without a fresh proof: where to give it; None: go on."""
    if is_fresh(request):
        return None
    detail = _("Avant ce changement, confirmez que c’est bien vous.")
    refusal = problem(STATUS, CODE, _("Confirmation nécessaire"), detail, new_reference())
    refusal.headers["Location"] = PAGE
    return refusal
