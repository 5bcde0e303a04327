"""*Auto-dépannage*: why one can't get in, told after a proof by code; what anyone may look at without.

Until the proof each page is the same for a name that somebody has and one that nobody has.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from casier.directory.access import account_by_id
from casier.directory.errors import NotFound
from casier.directory.models import Account
from casier.identity.guard import api as guard
from casier.identity.history.api import Told, refusal_with, refuse
from casier.identity.means.api import CodePurpose
from casier.identity.recovery import repair, tickets
from casier.identity.recovery.diagnosis import Cause, Cure
from casier.identity.recovery.tickets import Wish
from casier.policies.api import policy_for
from casier.policies.policy import Policy
from casier.portal.recovery.asking import (
    LONGEST_NAME,
    ROADS,
    academy_for,
    asker_of,
    keep,
    kept,
    named,
    roads_of_codes,
    send,
)
from casier.portal.recovery.views import LONGEST_CODE, name_errors, too_many
from casier.portal.repair import checking
from casier.portal.repair.words import done, words_of
from casier.portal.tenants import academy_of_host, doors
from casier.portal.views.sign_in import source_of

KEY: Final = "repair"
PROVED: Final = "repair-proved"
WANTED: Final = "repair-reference"
START: Final = "/depannage/"
# How long a proof by code is good for looking and mending (seconds).
PROVED_SECONDS: Final = 900
LONGEST_REFERENCE: Final = 20


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Who one is, or what one can look at alone."""
    typed = request.POST.get("identifiant", "").strip()[:LONGEST_NAME]
    errors = name_errors(request, typed) if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        keep(request, KEY, named(typed))
        return redirect("/depannage/moyen/")
    facts: dict[str, Any] = {"name": typed, "errors": errors}
    if academy_of_host(request) is None:
        facts["doors"] = doors(request)
    return _show(request, "name", facts, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def way(request: HttpRequest) -> HttpResponse:
    """By which road the code comes; the same choice for everyone."""
    asked = kept(request, KEY)
    if asked is None:
        return redirect(START)
    academy = academy_for(request, asked.typed)
    roads = roads_of_codes(policy_for(academy) if academy else Policy())
    chosen = request.POST.get("moyen", "")
    if chosen not in roads:
        return _show(request, "way", {"roads": roads})
    asked = replace(
        asked, at=int(time.time()), wish=Wish.REPAIR.value, by=ROADS[chosen], ticket=tickets.new_ticket()
    )
    keep(request, KEY, asked)
    return redirect("/depannage/code/") if send(request, asked) else too_many(request)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The proof."""
    asked = kept(request, KEY)
    if asked is None or asked.wish != Wish.REPAIR:
        return redirect(START)
    academy = academy_for(request, asked.typed)
    minutes = (policy_for(academy) if academy else Policy()).recovery.code_minutes
    facts: dict[str, Any] = {"by": asked.by, "minutes": minutes, "back": "/depannage/moyen/"}
    if request.method != "POST":
        return render(request, "portal/repair/code.html", facts)
    typed = request.POST.get("code", "")[:LONGEST_CODE]
    asker = asker_of(request, asked.typed)
    proved = (
        tickets.proved_by(asked.ticket, typed, CodePurpose.REPAIR, asker, time.time())
        if typed.strip()
        else None
    )
    if proved is None:
        reference = refuse(
            "bad_code", account=None, academy=academy_of_host(request), source=source_of(request)
        )
        why = _("Ce code n’est pas le bon, ou il n’est plus valable. Vérifiez-le, ou demandez-en un autre.")
        facts |= {"refusal": why, "reference": reference}
        return render(request, "portal/repair/code.html", facts, status=422)
    request.session.cycle_key()
    request.session.pop(KEY, None)
    request.session[PROVED] = {"account": proved.account, "at": int(time.time())}
    return redirect("/depannage/reference/" if request.session.get(WANTED) else "/depannage/etat/")


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """Why one can't get in, and what repairs it."""
    account = proved_account(request)
    if account is None:
        return redirect(START)
    now, told = timezone.now(), ""
    cure = Cure(request.POST["reparer"]) if request.POST.get("reparer") in set(Cure) else Cure.NONE
    mended = cure is not Cure.NONE and repair.mend(account, cure, source_of(request), now)
    if mended:
        told = done(cure)
        account.refresh_from_db()
    left = repair.findings(account, source_of(request), now)
    found = [words_of(finding) for finding in left if not (mended and finding.cause is Cause.NOTHING)]
    facts = {"findings": found, "told": told, "refused": cure is not Cure.NONE and not mended}
    response = _show(request, "state", facts)
    if mended and cure is Cure.UNLOCK:
        guard.know_device(request, response, account)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def reference(request: HttpRequest) -> HttpResponse:
    """What a reference stands for: general words for everyone, its own for who proved it is theirs."""
    if request.method == "POST":
        request.session[WANTED] = request.POST.get("reference", "").strip().upper()[:LONGEST_REFERENCE]
        return redirect("/depannage/reference/")
    wanted, account = str(request.session.get(WANTED, "")), proved_account(request)
    if not wanted:
        return _show(request, "reference", {})
    told = _own_refusal(wanted, account) if account else None
    facts = {"wanted": wanted, "proved": account is not None, "told": told}
    return _show(request, "reference", facts)


def _own_refusal(wanted: str, account: Account) -> Told | None:
    told = refusal_with(wanted, get_language() or "fr")
    return told if told is not None and told.refusal.account_id == account.pk else None


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What can be looked at without proof. A cookie is set first, and looked for after the redirect."""
    if "vu" not in request.GET:
        response: HttpResponse = redirect("/depannage/verifier/?vu=1")
        response.set_cookie(checking.COOKIE, "1", max_age=600, secure=True, httponly=True, samesite="Lax")
        return response
    return _show(request, "checks", {"checks": checking.look(request)})


def proved_account(request: HttpRequest) -> Account | None:
    """Whose person has proved themselves in this browser a short time ago."""
    data = request.session.get(PROVED)
    if not isinstance(data, dict) or time.time() - int(data["at"]) >= PROVED_SECONDS:
        return None
    try:
        return account_by_id(str(data["account"]))
    except NotFound:
        return None


def _show(request: HttpRequest, page: str, facts: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"portal/repair/{page}.html", facts, status=status)
