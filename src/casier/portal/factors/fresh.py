"""A fresh proof from someone who is signed in, before what is sensitive."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.identity.entry.road import Proof
from casier.identity.factors.api import usable_methods
from casier.identity.means.api import CodePurpose
from casier.identity.models import User
from casier.portal.factors import stepping
from casier.portal.factors.places import ACCOUNT
from casier.portal.factors.showing import Desk, Told, ask_key, attempt, chosen, methods_here, show
from casier.portal.views.account import signed_in
from casier.portal.views.sign_in import source_of


@sensitive_post_parameters("code")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """A fresh proof from someone who is signed in: a factor where they have one, else the password."""
    if request.method != "POST":
        if stepping.is_fresh(request):
            return _confirmed(request)
        desk = _counter(request)
        return show(request, desk, chosen(request, desk), Told())
    return attempt(request, _counter(request), lambda proof: _mark(request, proof))


@signed_in
@require_POST
def confirm_options(request: HttpRequest) -> JsonResponse:
    """What a key is asked for a fresh proof."""
    return ask_key(request, cast("User", request.user).account)


def _counter(request: HttpRequest) -> Desk:
    account = cast("User", request.user).account
    return Desk(
        account=account,
        methods=methods_here(request, usable_methods(account), account) or ("password",),
        page=stepping.PAGE,
        frame=ACCOUNT,
        purpose=CodePurpose.STEP_UP,
        source=source_of(request),
        facts={"suite": _back(request)},
    )


def _back(request: HttpRequest) -> str:
    """Where to go afterwards: a page of the account or of the mail, never another site."""
    wanted = request.POST.get("suite") or request.GET.get("suite") or ""
    is_ours = wanted.startswith(("/compte/", "/courrier/", "/console/")) and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() else ""


def _mark(request: HttpRequest, proof: Proof) -> HttpResponse:
    stepping.mark_proved(request, proof)
    return _confirmed(request)


def _confirmed(request: HttpRequest) -> HttpResponse:
    if back := _back(request):
        return HttpResponseRedirect(back)
    return render(request, "portal/factors/confirmed.html")
