"""Enrolling a factor: on the way in where the academy wants one, and from one's account."""

from __future__ import annotations

import time
from typing import Any, Final

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.directory.access import primary_address
from casier.directory.models import Account
from casier.identity.entry.road import Duty, Enrolment, Proof
from casier.identity.factors import actions, totp, webauthn
from casier.identity.factors.actions import AlreadyEnrolled, TooManyFactors, WrongCode
from casier.identity.factors.api import put_off, what_is_wanted
from casier.identity.factors.models import RecoveryCode, Telephone, WebAuthnKey
from casier.identity.factors.vault import SealBroken, vault
from casier.identity.factors.webauthn import NotProved
from casier.identity.history.api import refuse
from casier.identity.means.api import CodePurpose, Reach, check_code, reaches
from casier.kernel.secret import Secret
from casier.policies.api import policy_for
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.entry.places import Place
from casier.portal.factors import stepping, words
from casier.portal.factors.places import MANAGE
from casier.portal.factors.showing import (
    SENT,
    Told,
    asked_state,
    at_host_of,
    send,
)

PENDING: Final = "factors.totp"
NEW_KEY: Final = "factors.new_key"


def kinds_of(account: Account) -> tuple[str, ...]:
    """What ACCOUNT may enrol, as the pages call it, what resists deception first."""
    policy = policy_for(account.academy)
    methods = set(policy.second_factor.methods) if policy.second_factor.requirement != "off" else set()
    offered = {
        "acces": "webauthn" in methods or policy.sign_in.passkeys,
        "application": "totp" in methods,
        "telephone": bool({"sms", "voice"} & methods),
        "cle": "webauthn" in methods,
    }
    return tuple(kind for kind, is_offered in offered.items() if is_offered)


@require_http_methods(["GET", "HEAD"])
def choose(request: HttpRequest, place: Place) -> HttpResponse:
    """Which factor: a sentence on each."""
    context: dict[str, Any] = {
        "kinds": kinds_of(place.account),
        "here": at_host_of(request, place.account),
        "telephones": _telephones(place.account),
    }
    if place.entry is not None:
        now = timezone.now()
        wanted = what_is_wanted(place.account, place.entry, now)
        context["is_late"] = wanted.deadline is not None and now >= wanted.deadline
        context["last_day"] = words.day_of(wanted.last_day) if wanted.last_day else ""
        context["may_wait"] = wanted.enrolment is Enrolment.ADVISED
        context["deadline"] = words.day_of(wanted.deadline) if wanted.deadline else ""
    return _page(request, place, "choose", context)


@require_POST
def later(request: HttpRequest, place: Place) -> HttpResponse:
    """Not now, where the academy leaves time."""
    entry = place.entry
    if entry is None:
        raise Http404
    if what_is_wanted(place.account, entry, timezone.now()).enrolment is Enrolment.ADVISED:
        put_off(place.account, timezone.now())
        road.keep(request, entry.settle(Duty.ENROL))
    return road.go_on(request)


# An application of codes ----------------------------------------------------------------------------
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, place: Place) -> HttpResponse:
    """A QR code to take, then the code that proves it was."""
    _offered(place, "application")
    told = Told()
    secret = _pending(request, place)
    if request.method == "POST":
        typed = request.POST.get("code", "").strip()
        name = actions.clean_name(request.POST.get("nom", "")) or _("Application de codes")
        if not typed:
            told.errors["code"] = words.missing("totp")
            told.status = 422
        else:
            try:
                actions.enrol_totp(place.account, name, secret, typed[:20], place.by, timezone.now())
            except WrongCode:
                _wrong(place, "totp", told)
            except TooManyFactors:
                _too_many(told)
            else:
                request.session.pop(PENDING, None)
                return _enrolled(request, place, Proof.TOTP)
    return _page(request, place, "application", _to_take(place, secret), told)


def _pending(request: HttpRequest, place: Place) -> Secret:
    """The secret that is being enrolled: the same when the page is loaded again, sealed where it waits."""
    owner = place.account.public_id
    try:
        return vault().open(bytes.fromhex(request.session.get(PENDING, "")), owner)
    except (SealBroken, ValueError):
        secret = totp.new_secret()
        request.session[PENDING] = vault().seal(secret, owner).hex()
        return secret


def _to_take(place: Place, secret: Secret) -> dict[str, Any]:
    address = primary_address(place.account)
    uri = totp.uri_of(secret, address, place.account.academy.name).reveal()
    picture = segno.make(uri, error="m").svg_data_uri(scale=4, border=3, light="#ffffff", dark="#1c2421")
    return {"picture": picture, "uri": uri, "secret": totp.grouped(secret).reveal(), "address": address}


# A key ----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, place: Place) -> HttpResponse:
    """A passkey (`?genre=acces`) or a security key."""
    kind = "acces" if (request.POST.get("genre") or request.GET.get("genre")) == "acces" else "cle"
    _offered(place, kind)
    told = Told()
    if request.method == "POST" and (done := _keep_key(request, place, told)):
        return done
    context = {
        "kind": kind,
        "here": at_host_of(request, place.account),
        "name": device_of(request.headers.get("User-Agent", "")) if kind == "acces" else "",
    }
    return _page(request, place, "key", context, told)


@require_POST
def key_options(request: HttpRequest, place: Place) -> JsonResponse:
    """What the browser asks an authenticator to make."""
    passkey = request.POST.get("genre") == "acces"
    _offered(place, "acces" if passkey else "cle")
    keys = WebAuthnKey.objects.filter(account=place.account)
    question = webauthn.ask_new(place.account, list(keys), primary_address(place.account), passkey=passkey)
    request.session[NEW_KEY] = {
        **question.state, "at": str(int(time.time())), "of": place.account.public_id,
    }  # fmt: skip
    return JsonResponse(question.options)


def _keep_key(request: HttpRequest, place: Place, told: Told) -> HttpResponse | None:
    state = asked_state(request, NEW_KEY, place.account)
    name = actions.clean_name(request.POST.get("nom", ""))
    try:
        new = webauthn.judge_new(
            place.account.academy, {"passkey": "", **state}, request.POST.get("reponse", "")
        )
        default = _("Clé d’accès") if new.is_passkey else _("Clé de sécurité")
        row = actions.enrol_key(place.account, name or default, new, place.by, timezone.now())
    except NotProved as error:
        told.status = 422
        told.refusal = _("Cette clé n’a pas pu être enregistrée. Recommencez, ou choisissez un autre moyen.")
        told.reference = _refused(place, "key_not_made", fault=str(error)[:200])
    except AlreadyEnrolled:
        told.status = 422
        told.refusal = _("Cette clé est déjà enregistrée.")
    except TooManyFactors:
        _too_many(told)
    else:
        return _enrolled(request, place, Proof.PASSKEY if row.is_passkey else Proof.SECURITY_KEY)
    return None


# A telephone ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest, place: Place) -> HttpResponse:
    """A telephone of one's recovery means, once a code has come there and back."""
    _offered(place, "telephone")
    told = Told()
    found = _telephones(place.account)
    if request.method == "POST" and "envoyer" in request.POST:
        reach = next((one for one in found if _choice(one) == request.POST.get("numero")), None)
        if reach is not None:
            send(request, place.account, reach, CodePurpose.SECOND_FACTOR, place.source, told)
    elif request.method == "POST" and (done := _keep_telephone(request, place, told)):
        return done
    sent = request.session.get(SENT, {})
    mine = sent if sent.get("of") == place.account.public_id else None
    choices = [(_choice(reach), reach) for reach in found]
    return _page(request, place, "telephone", {"choices": choices, "sent": mine}, told)


def _telephones(account: Account) -> list[Reach]:
    """The verified telephones that aren't factors yet, by each way that the policy takes."""
    methods = set(policy_for(account.academy).second_factor.methods)
    kinds = tuple(kind for kind in ("sms", "voice") if kind in methods)
    enrolled = set(Telephone.objects.filter(account=account).values_list("means_id", flat=True))
    return [reach for reach in reaches(account, kinds) if reach.id not in enrolled] if kinds else []


def _choice(reach: Reach) -> str:
    return f"{reach.kind}:{reach.id}"


def _keep_telephone(request: HttpRequest, place: Place, told: Told) -> HttpResponse | None:
    sent = request.session.get(SENT, {})
    typed = request.POST.get("code", "").strip()
    if not typed:
        told.errors["code"] = words.missing("sms")
        told.status = 422
        return None
    known = (reach for reach in reaches(place.account, ("sms", "voice")) if reach.id == sent.get("reach"))
    reach = next(known, None)
    proof = Proof.VOICE if sent.get("kind") == "voice" else Proof.SMS
    challenge = str(sent.get("challenge", ""))
    if reach is None or sent.get("of") != place.account.public_id:
        _wrong(place, "sms", told)
        return None
    is_mine = check_code(challenge, typed[:20], CodePurpose.SECOND_FACTOR) == place.account.public_id
    if not is_mine:
        _wrong(place, "sms", told)
        return None
    request.session.pop(SENT, None)
    try:
        actions.enrol_telephone(place.account, reach, place.by, timezone.now())
    except AlreadyEnrolled:
        told.refusal = _("Ce téléphone est déjà enregistré.")
        told.status = 422
        return None
    except TooManyFactors:
        _too_many(told)
        return None
    return _enrolled(request, place, proof)


# What all share -------------------------------------------------------------------------------------
def _offered(place: Place, kind: str) -> None:
    if kind not in kinds_of(place.account):
        raise Http404


def _wrong(place: Place, method: str, told: Told) -> None:
    told.refusal = (
        _("Ce code n’est pas celui que l’application affiche. Attendez le suivant, puis recommencez.")
        if method == "totp"
        else _("Ce code n’est pas le bon ou n’est plus valable. Demandez-en un autre.")
    )
    told.reference = _refused(place, "enrolment_code", method=method)
    told.status = 422


def _too_many(told: Told) -> None:
    told.refusal = _("Vous avez déjà le nombre maximal de moyens : retirez-en un d’abord.")
    told.status = 422


def _refused(place: Place, why: str, **facts: str) -> str:
    account = place.account
    return refuse(why, account=account, academy=account.academy, source=place.source, facts=facts)


def _enrolled(request: HttpRequest, place: Place, proof: Proof) -> HttpResponse:
    """What was enrolled was shown, too. The first factor brings the codes on paper."""
    if place.entry is not None:
        road.keep(request, place.entry.proved(proof).settle(Duty.ENROL))
    else:
        stepping.mark_proved(request, proof)
    policy = policy_for(place.account.academy).second_factor
    has_codes = RecoveryCode.objects.filter(account=place.account, used_at__isnull=True).exists()
    if "recovery_codes" in policy.methods and policy.requirement != "off" and not has_codes:
        return show_codes(request, place)
    if place.entry is not None:
        return road.go_on(request)
    messages.success(request, _("C’est enregistré. Vous recevrez un message qui le confirme."))
    return redirect(MANAGE)


def show_codes(request: HttpRequest, place: Place) -> HttpResponse:
    """Ten fresh codes, in the answer to their making: the only time they can be read."""
    codes = [code.reveal() for code in actions.renew_codes(place.account, place.by, timezone.now())]
    context = {
        "codes": codes,
        "text": "\r\n".join([place.account.academy.name, primary_address(place.account), "", *codes, ""]),
        "address": primary_address(place.account),
    }
    return _page(request, place, "codes", context)


def _page(
    request: HttpRequest, place: Place, name: str, context: dict[str, Any], told: Told | None = None
) -> HttpResponse:
    told = told or Told()
    facts = {
        "frame": place.frame,
        "base": place.base,
        "on_the_way_in": place.entry is not None,
        "errors": told.errors,
        "refusal": told.refusal,
        "reference": told.reference,
        **context,
    }
    return render(request, f"portal/factors/{name}.html", facts, status=told.status)
