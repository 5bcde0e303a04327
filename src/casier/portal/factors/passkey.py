"""Signing in by a passkey alone, without a name: the device knows whose it is, and who holds it."""

from __future__ import annotations

import time
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casier.directory.models import Account
from casier.identity.entry.road import Entry, Proof, Purpose
from casier.identity.factors import webauthn
from casier.identity.factors.proving import passkeys_open, prove_passkey
from casier.identity.guard.api import known_device
from casier.identity.history.api import SignInResult, note_sign_in, refuse
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.factors.showing import asked_state
from casier.portal.tenants import academy_of_host
from casier.portal.views.sign_in import next_page, source_of

ASKED: Final = "factors.passkey"


@require_POST
def options(request: HttpRequest) -> JsonResponse:
    """What the browser asks its passkeys. 404 where the academy takes none, and at a host of no academy."""
    academy = academy_of_host(request)
    if academy is None or not passkeys_open(academy):
        return JsonResponse({}, status=404)
    question = webauthn.ask(academy, None)
    request.session[ASKED] = {**question.state, "at": str(int(time.time())), "of": ""}
    return JsonResponse(question.options)


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """The answer of a passkey: both factors in one, onto the road."""
    academy = academy_of_host(request)
    state = asked_state(request, ASKED, None)
    signed = request.POST.get("reponse", "")
    source = source_of(request)
    account = None
    if academy is not None and state["challenge"]:
        account = prove_passkey(academy, state, signed, source=source, now=timezone.now())
    if account is not None:
        return road.begin(request, _entry(request, account))
    reference = refuse("passkey", account=None, academy=academy, source=source, facts={})
    note_sign_in(None, SignInResult.WRONG, academy=academy, source=source, reference=reference)
    return render(request, "portal/factors/passkey_refused.html", {"reference": reference}, status=422)


def _entry(request: HttpRequest, account: Account) -> Entry:
    return Entry(
        account=account.public_id,
        purpose=Purpose.SIGN_IN,
        began=int(time.time()),
        proofs=(Proof.PASSKEY,),
        source=source_of(request),
        device=device_of(request.headers.get("User-Agent", "")),
        known_device=known_device(request, account),
        shared_computer="poste_partage" in request.POST,
        next_page=next_page(request),
    )
