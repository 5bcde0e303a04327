"""Showing a factor: the second one at sign-in, or anew before what is sensitive."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.api import check_password
from casier.identity.entry.road import Duty, Entry, Proof
from casier.identity.entry.standing import next_duty
from casier.identity.factors import facts, trust, webauthn
from casier.identity.factors.api import Answer, Delayed, Proved, Wrong, prove, usable_methods
from casier.identity.factors.models import RecoveryCode, Telephone, WebAuthnKey
from casier.identity.factors.proving import CHALLENGE_SECONDS, counted
from casier.identity.history.api import SignInResult, note_sign_in, refuse
from casier.identity.means.api import CodePurpose, NoSuchMeans, Reach, TooManyCodes, reaches, send_code
from casier.identity.models import User
from casier.kernel.errors import Unavailable
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.factors import stepping, words
from casier.portal.tenants import host_name
from casier.portal.views.account import signed_in
from casier.portal.views.sign_in import source_of

DOOR: Final = "portal/factors/frame_door.html"
ACCOUNT: Final = "portal/factors/frame_account.html"
SENT: Final = "factors.sent"
ASKED: Final = "factors.asked"
ANEW: Final = "factors.anew"
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


# The second factor at sign-in --------------------------------------------------------------------
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@road.on_the_road
def second_factor(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
    """The second factor, where it is asked for; a trusted device has shown it already."""
    anew = _shows_anew(request, entry, account)
    if not anew and next_duty(account, entry, timezone.now()) is not Duty.SECOND_FACTOR:
        return road.go_on(request)
    if not anew and _is_trusted(request, entry, account):
        road.keep(request, entry.proved(Proof.TRUSTED_DEVICE))
        return road.go_on(request)
    desk = _door(request, entry, account)
    if not desk.methods:
        return _no_way_on(request, account, entry)
    if request.method != "POST":
        return _show(request, desk, _chosen(request, desk), Told())
    return _try(request, desk, lambda proof: _let_on(request, entry, account, proof))


@require_POST
@road.on_the_road
def second_factor_options(
    request: HttpRequest,
    entry: Entry,  # noqa: ARG001
    account: Account,
) -> JsonResponse:
    """What a key is asked at sign-in."""
    return _ask_key(request, account)


def _shows_anew(request: HttpRequest, entry: Entry, account: Account) -> bool:
    """Whether the person has to show one themselves, trusted device or not (`?preuve=1`)."""
    if "preuve" in request.GET:
        request.session[ANEW] = account.public_id
    if request.session.get(ANEW) != account.public_id or not usable_methods(account):
        return False
    return not entry.second_factor_shown


def _door(request: HttpRequest, entry: Entry, account: Account) -> Desk:
    days = 0 if entry.shared_computer else policy_for(account.academy).second_factor.trusted_days
    return Desk(
        account=account,
        methods=methods_here(request, _not_spent(entry, usable_methods(account)), account),
        page=road.PAGES[Duty.SECOND_FACTOR],
        frame=DOOR,
        purpose=CodePurpose.SECOND_FACTOR,
        source=entry.source,
        facts={"trusted_days": days, "given_name": account.person.given_name},
    )


def _not_spent(entry: Entry, methods: tuple[str, ...]) -> tuple[str, ...]:
    """METHODS without the telephone, where it took the password's place on this road."""
    spent = {_PHONE[method] for method in methods if method in _PHONE} & entry.spent
    return tuple(method for method in methods if _PHONE.get(method) not in spent)


_PHONE: Final = {"sms": Proof.SMS, "voice": Proof.VOICE}


def _unspent(entry: Entry, methods: tuple[str, ...]) -> tuple[str, ...]:
    """METHODS without those whose means has just taken the password's place."""
    by_telephone = {"sms": Proof.SMS, "voice": Proof.VOICE}
    return tuple(one for one in methods if by_telephone.get(one) not in entry.spent)


def _no_way_on(request: HttpRequest, account: Account, entry: Entry) -> HttpResponse:
    """Every second factor goes to the telephone that stood in for the password: the help desk goes on."""
    academy = account.academy
    reference = refuse("no_factor_left", account=account, academy=academy, source=entry.source, facts={})
    return render(request, "portal/factors/no_way_on.html", {"reference": reference}, status=403)


def _is_trusted(request: HttpRequest, entry: Entry, account: Account) -> bool:
    """A device that passed before, unless something about this sign-in is unusual and the policy minds.

    Never where the password was lost: whoever has the device may have the backup mailbox in it, too.
    """
    if Proof.TRUSTED_DEVICE in entry.spent:
        return False
    if Proof.TRUSTED_DEVICE in entry.spent:
        return False
    policy = policy_for(account.academy)
    contexts = facts.contexts_of(account, entry, policy, timezone.now())
    if "unusual" in contexts & set(policy.second_factor.contexts):
        return False
    token = request.COOKIES.get(trust.cookie_name(account), "")
    return trust.is_trusted(account, token, timezone.now())


def _let_on(request: HttpRequest, entry: Entry, account: Account, proof: Proof) -> HttpResponse:
    wanted = "confiance" in request.POST and not entry.shared_computer
    road.keep(request, entry.proved(proof))
    response = road.go_on(request)
    by = Actor.account(account.public_id, entry.source)
    name = entry.device or device_of(request.headers.get("User-Agent", ""))
    made = trust.trust(account, name, timezone.now(), by) if wanted else None
    if made is not None:
        token, device = made
        response.set_cookie(
            trust.cookie_name(account), token.reveal(), expires=device.expires_at,
            secure=True, httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


# Anew, before what is sensitive --------------------------------------------------------------------
@sensitive_post_parameters("code")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """A fresh proof from someone who is signed in: a factor where they have one, else the password."""
    if request.method != "POST":
        if stepping.is_fresh(request):
            return _confirmed(request)
        desk = _counter(request)
        return _show(request, desk, _chosen(request, desk), Told())
    return _try(request, _counter(request), lambda proof: _mark(request, proof))


@signed_in
@require_POST
def confirm_options(request: HttpRequest) -> JsonResponse:
    """What a key is asked for a fresh proof."""
    return _ask_key(request, cast("User", request.user).account)


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


# What both share -----------------------------------------------------------------------------------
def _chosen(request: HttpRequest, desk: Desk) -> str:
    """The method of this page: the one asked for, else the best."""
    asked = NAMES.get(request.POST.get("moyen") or request.GET.get("moyen") or "", "")
    return asked if asked in desk.methods else desk.methods[0]


def _ask_key(request: HttpRequest, account: Account) -> JsonResponse:
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


def _try(request: HttpRequest, desk: Desk, success: Any) -> HttpResponse:
    method = _chosen(request, desk)
    told = Told()
    if method in {"sms", "voice"} and "envoyer" in request.POST:
        _send(request, desk, method, told)
        return _show(request, desk, method, told)
    if method != "webauthn" and not request.POST.get("code", "").strip():
        told.errors["code"] = words.missing(method)
        told.status = 422
        return _show(request, desk, method, told)
    outcome = _judged(request, desk, method)
    if isinstance(outcome, Proved):
        request.session.pop(SENT, None)
        answer: HttpResponse = success(outcome.proof)
        return answer
    _refuse(request, desk, method, outcome, told)
    return _show(request, desk, method, told)


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


def _show(request: HttpRequest, desk: Desk, method: str, told: Told) -> HttpResponse:
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


@require_POST
@road.on_the_road
def go_on(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:  # noqa: ARG001
    """After the recovery codes have been noted: to what is left."""
    return redirect(road.START) if entry.over(time.time()) else road.go_on(request)
