"""Showing a factor, wherever it is asked for: choosing one, having a code sent, trying, what is said."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casier.directory.models import Account
from casier.identity.api import check_password
from casier.identity.entry.road import Proof
from casier.identity.factors import webauthn
from casier.identity.factors.api import Answer, Delayed, Proved, Wrong, prove
from casier.identity.factors.models import RecoveryCode, Telephone, WebAuthnKey
from casier.identity.factors.proving import CHALLENGE_SECONDS, counted
from casier.identity.history.api import SignInResult, note_sign_in, refuse
from casier.identity.means.api import CodePurpose, NoSuchMeans, Reach, TooManyCodes, reaches, send_code
from casier.kernel.errors import Unavailable
from casier.kernel.secret import Secret
from casier.portal.devices import device_of
from casier.portal.factors import words
from casier.portal.tenants import host_name

SENT: Final = "factors.sent"
ASKED: Final = "factors.asked"
NAMES: Final = {
    "cle": "webauthn",
    "application": "totp",
    "sms": "sms",
    "appel": "voice",
    "secours": "recovery_codes",
    "mot-de-passe": "password",
}
_IN_ADDRESS: Final = {method: name for name, method in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a factor is shown: whose, by which methods, on which page."""

    account: Account
    methods: tuple[str, ...]
    page: str
    frame: str
    purpose: CodePurpose
    source: str
    facts: dict[str, Any] = field(default_factory=dict)  # what the page shows beside


@dataclass(slots=True)
class Told:
    """What the page says about the last try."""

    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    reference: str = ""
    status: int = 200


def at_host_of(request: HttpRequest, account: Account) -> bool:
    """Whether this page is one of the academy's own hosts: keys work nowhere else."""
    return account.academy.hosts.filter(host=host_name(request)).exists()


def methods_here(request: HttpRequest, methods: tuple[str, ...], account: Account) -> tuple[str, ...]:
    """METHODS, those that can't work on this host last."""
    if "webauthn" not in methods or at_host_of(request, account):
        return methods
    return (*(method for method in methods if method != "webauthn"), "webauthn")


def chosen(request: HttpRequest, desk: Desk) -> str:
    """The method of this page: the one asked for, else the best."""
    asked = NAMES.get(request.POST.get("moyen") or request.GET.get("moyen") or "", "")
    return asked if asked in desk.methods else desk.methods[0]


def ask_key(request: HttpRequest, account: Account) -> JsonResponse:
    """What the browser asks ACCOUNT's keys."""
    keys = WebAuthnKey.objects.filter(account=account, copied_at__isnull=True)
    question = webauthn.ask(account.academy, list(keys))
    request.session[ASKED] = {**question.state, "at": str(int(time.time())), "of": account.public_id}
    return JsonResponse(question.options)


def asked_state(request: HttpRequest, name: str, account: Account | None) -> dict[str, str]:
    """What a key was asked in this session, once: taken out, and nothing after five minutes."""
    state: dict[str, str] = request.session.pop(name, {})
    whose = account.public_id if account else ""
    if state.get("of") != whose or time.time() - int(state.get("at", 0)) > CHALLENGE_SECONDS:
        return {"challenge": "", "user_verification": "required"}
    return state


def attempt(request: HttpRequest, desk: Desk, success: Callable[[Proof], HttpResponse]) -> HttpResponse:
    """Have a code sent, or look at what was shown; SUCCESS answers with the proof."""
    method = chosen(request, desk)
    told = Told()
    if method in {"sms", "voice"} and "envoyer" in request.POST:
        _send(request, desk, method, told)
        return show(request, desk, method, told)
    if method != "webauthn" and not request.POST.get("code", "").strip():
        told.errors["code"] = words.missing(method)
        told.status = 422
        return show(request, desk, method, told)
    outcome = _judged(request, desk, method)
    if isinstance(outcome, Proved):
        request.session.pop(SENT, None)
        return success(outcome.proof)
    _refuse(request, desk, method, outcome, told)
    return show(request, desk, method, told)


def _judged(request: HttpRequest, desk: Desk, method: str) -> Proved | Wrong | Delayed:
    now = timezone.now()
    typed = request.POST.get("code", "")
    if method == "password":
        secret = Secret(typed[:1024])
        return counted(
            desk.account,
            lambda: Proof.PASSWORD if check_password(desk.account, secret) else None,
            desk.source,
            now,
        )
    sent = request.session.get(SENT, {})
    is_of_this = sent.get("of") == desk.account.public_id and sent.get("purpose") == desk.purpose
    answer = Answer(
        typed=typed[:64],
        challenge=str(sent.get("challenge", "")) if is_of_this else "",
        telephone=str(sent.get("reach", "")),
        purpose=desk.purpose,
        state=asked_state(request, ASKED, desk.account) if method == "webauthn" else {},
        signed=request.POST.get("reponse", ""),
    )
    return prove(desk.account, method, answer, source=desk.source, now=now)


def _refuse(request: HttpRequest, desk: Desk, method: str, outcome: Wrong | Delayed, told: Told) -> None:
    told.refusal = words.refusal_of(method, outcome)
    told.status = 422 if isinstance(outcome, Wrong) else 429
    account, academy = desk.account, desk.account.academy
    why = "wrong_factor" if isinstance(outcome, Wrong) else "factor_delayed"
    shown = {"method": method, "for": desk.purpose.value}
    told.reference = refuse(why, account=account, academy=academy, source=desk.source, facts=shown)
    if desk.purpose is CodePurpose.SECOND_FACTOR:
        note_sign_in(
            account,
            SignInResult.WRONG_FACTOR if isinstance(outcome, Wrong) else SignInResult.DELAYED,
            academy=academy,
            source=desk.source,
            device=device_of(request.headers.get("User-Agent", "")),
            reference=told.reference,
        )


def telephones(account: Account, method: str) -> list[Reach]:
    """The enrolled telephones of ACCOUNT that take METHOD."""
    enrolled = set(Telephone.objects.filter(account=account).values_list("means_id", flat=True))
    return [reach for reach in reaches(account, (method,)) if reach.id in enrolled]


def _send(request: HttpRequest, desk: Desk, method: str, told: Told) -> None:
    wanted = request.POST.get("numero", "")
    found = telephones(desk.account, method)
    reach = next((one for one in found if one.id == wanted), found[0] if found else None)
    if reach is None:
        return
    send(request, desk.account, reach, desk.purpose, desk.source, told)


def send(
    request: HttpRequest, account: Account, reach: Reach, purpose: CodePurpose, source: str, told: Told
) -> None:
    """Send a code and remember which one this session waits for; TOLD says what went wrong."""
    try:
        challenge = send_code(
            account, reach, purpose, source=source, language=translation.get_language() or "fr"
        )
    except TooManyCodes as error:
        seconds = int(str(error.facts.get("seconds", 60)))
        told.status = 429
        told.refusal = _("Un code vient d’être envoyé. Vous pourrez en demander un autre dans %(delay)s.") % {
            "delay": words.in_words(seconds)
        }
        return
    except (Unavailable, NoSuchMeans) as error:
        told.status, told.reference = 503, error.reference
        told.refusal = _("Le code n’a pas pu partir. Réessayez dans un instant ou choisissez un autre moyen.")
        return
    request.session[SENT] = {
        "challenge": challenge, "hint": reach.hint, "kind": reach.kind, "reach": reach.id,
        "of": account.public_id, "purpose": purpose.value,
    }  # fmt: skip


def show(request: HttpRequest, desk: Desk, method: str, told: Told) -> HttpResponse:
    """The page of METHOD."""
    sent = request.session.get(SENT, {})
    is_sent = (
        sent.get("kind") == method
        and sent.get("of") == desk.account.public_id
        and sent.get("purpose") == desk.purpose
    )
    context = {
        "frame": desk.frame,
        "page": desk.page,
        "method": method,
        "moyen": _IN_ADDRESS[method],
        "title": words.title_of(method),
        "others": [(_IN_ADDRESS[one], words.title_of(one)) for one in desk.methods if one != method],
        "telephones": telephones(desk.account, method) if method in {"sms", "voice"} else [],
        "sent": sent if is_sent else None,
        "left": _left(desk.account) if method == "recovery_codes" else 0,
        "here": at_host_of(request, desk.account),
        "confirming": desk.purpose is CodePurpose.STEP_UP,
        "errors": told.errors,
        "refusal": told.refusal,
        "reference": told.reference,
        **desk.facts,
    }
    return render(request, "portal/factors/show.html", context, status=told.status)


def _left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()
