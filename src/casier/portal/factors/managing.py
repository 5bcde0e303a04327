"""The second factors of one's account: what there is, taking one away, codes anew, trusted devices."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.factors import actions, deciding, facts, trust
from casier.identity.factors.actions import MODELS, Kind, LastFactor, NameTaken, NoName, NoSuchFactor
from casier.identity.factors.models import EnrolmentClock, Factor, RecoveryCode, WebAuthnKey
from casier.identity.history.api import refuse
from casier.identity.models import User
from casier.policies.api import policy_for
from casier.portal.factors import enrolling, stepping, words
from casier.portal.factors.places import MANAGE, PLACES
from casier.portal.views.account import signed_in
from casier.portal.views.sign_in import source_of


def _account(request: HttpRequest) -> Account:
    return cast("User", request.user).account


def _by(request: HttpRequest) -> Actor:
    return Actor.account(_account(request).public_id, source_of(request))


@signed_in
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """Every factor, by name and last use; what the academy asks; paper; devices."""
    account = _account(request)
    policy = policy_for(account.academy)
    second = policy.second_factor
    context: dict[str, Any] = {
        "rows": _rows(account),
        "kinds": enrolling.kinds_of(account),
        "policy": second,
        "deadline": _deadline(account),
        "paper": "recovery_codes" in second.methods and second.requirement != "off",
        "has_factor": bool(facts.usable(account, policy)),
        "left": RecoveryCode.objects.filter(account=account, used_at__isnull=True).count(),
        "devices": trust.live(account, timezone.now()),
        "this_device": _this_device(request, account),
    }
    return render(request, "portal/factors/manage.html", context)


def _rows(account: Account) -> list[tuple[str, Factor]]:
    rows: list[tuple[str, Factor]] = [
        (kind.value, row)
        for kind, model in MODELS.items()
        for row in model.objects.filter(account=account).order_by("created_at")
    ]
    return [("acces" if isinstance(row, WebAuthnKey) and row.is_passkey else kind, row) for kind, row in rows]


def _deadline(account: Account) -> str:
    """The day by which a factor is to be enrolled, in words; "" where there is none or one is there."""
    policy = policy_for(account.academy)
    clock = EnrolmentClock.objects.filter(account=account).first()
    began = clock.began_at if clock else None
    day = deciding.deadline_of(policy.second_factor, deciding.Facts(timezone.now(), began=began))
    return words.day_of(day) if day and not facts.usable(account, policy) else ""


def _this_device(request: HttpRequest, account: Account) -> uuid.UUID | None:
    token = request.COOKIES.get(trust.cookie_name(account), "")
    return trust.id_of(account, token, timezone.now())


def _one(account: Account, kind: str, factor_id: uuid.UUID) -> Factor:
    """The factor that an address names. Raises Http404."""
    model = MODELS[Kind(kind)] if kind in set(Kind) else None
    row = model.objects.filter(account=account, id=factor_id).first() if model else None
    if row is None:
        raise Http404
    return row


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, kind: str, factor_id: uuid.UUID) -> HttpResponse:
    """Another name for an application or a key. It opens nothing, so no fresh proof is asked."""
    account = _account(request)
    row = _one(account, kind, factor_id)
    if Kind(kind) not in actions.RENAMED:
        raise Http404
    typed = request.POST.get("nom", "")[: 2 * actions.LONGEST_NAME]
    context: dict[str, Any] = {"row": row, "kind": kind, "typed": row.name, "longest": actions.LONGEST_NAME}
    if request.method != "POST":
        return render(request, "portal/factors/rename.html", context)
    try:
        actions.rename(account, Kind(kind), factor_id, typed, _by(request))
    except NoSuchFactor:
        raise Http404 from None
    except NoName:
        context |= {"typed": typed, "errors": {"nom": _("Indiquez un nom.")}}
    except NameTaken:
        context |= {"typed": typed, "errors": {"nom": _("Un autre de vos moyens porte déjà ce nom.")}}
    else:
        messages.success(request, _("Le nom est changé."))
        return redirect(MANAGE)
    return render(request, "portal/factors/rename.html", context, status=422)


@signed_in
@stepping.freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, kind: str, factor_id: uuid.UUID) -> HttpResponse:
    """Ask, then give up a factor; the last one that is required stays."""
    account = _account(request)
    row = _one(account, kind, factor_id)
    context: dict[str, Any] = {"row": row, "kind": kind}
    if request.method != "POST":
        return render(request, "portal/factors/remove.html", context)
    try:
        actions.remove(account, Kind(kind), factor_id, _by(request), timezone.now())
    except NoSuchFactor:
        raise Http404 from None
    except LastFactor:
        context["refusal"] = _(
            "Votre académie demande un second facteur, et c’est le dernier. "
            "Ajoutez-en un autre avant de retirer celui-ci."
        )
        context["reference"] = refuse(
            "last_factor", account=account, academy=account.academy, source=source_of(request), facts={}
        )
        return render(request, "portal/factors/remove.html", context, status=422)
    messages.success(request, _("« %(name)s » ne sert plus à vous connecter.") % {"name": row.name})
    return redirect(MANAGE)


@signed_in
@stepping.freshly_proved
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Ask, then make recovery codes anew."""
    account = _account(request)
    policy = policy_for(account.academy)
    if "recovery_codes" not in policy.second_factor.methods or not facts.usable(account, policy):
        raise Http404
    if request.method != "POST":
        left = RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()
        return render(request, "portal/factors/renew.html", {"left": left})
    return enrolling.show_codes(request, PLACES.of_account(request))


@signed_in
@require_POST
def end_trust(request: HttpRequest) -> HttpResponse:
    """Trust one device no more, or none (without `appareil`). It only takes away: no fresh proof is asked."""
    account = _account(request)
    wanted = request.POST.get("appareil", "")
    try:
        only = str(uuid.UUID(wanted)) if wanted else ""
    except ValueError:
        raise Http404 from None
    ended = trust.forget(account, timezone.now(), _by(request), only)
    if ended:
        messages.success(request, _("Un second facteur y sera de nouveau demandé à la prochaine connexion."))
    return redirect(MANAGE)
