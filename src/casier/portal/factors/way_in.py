"""The second factor at sign-in."""

from __future__ import annotations

import time
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.entry.road import Duty, Entry, Proof
from casier.identity.entry.standing import next_duty
from casier.identity.factors import facts, trust
from casier.identity.factors.api import usable_methods
from casier.identity.history.api import refuse
from casier.identity.means.api import CodePurpose
from casier.policies.api import policy_for
from casier.portal.devices import device_of
from casier.portal.entry import road
from casier.portal.factors.places import DOOR
from casier.portal.factors.showing import Desk, Told, ask_key, attempt, chosen, methods_here, show

ANEW: Final = "factors.anew"
_PHONE: Final = {"sms": Proof.SMS, "voice": Proof.VOICE}


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
        return show(request, desk, chosen(request, desk), Told())
    return attempt(request, desk, lambda proof: _let_on(request, entry, account, proof))


@require_POST
@road.on_the_road
def second_factor_options(
    request: HttpRequest,
    entry: Entry,  # noqa: ARG001
    account: Account,
) -> JsonResponse:
    """What a key is asked at sign-in."""
    return ask_key(request, account)


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


@require_POST
@road.on_the_road
def go_on(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:  # noqa: ARG001
    """After the recovery codes have been noted: to what is left."""
    return redirect(road.START) if entry.over(time.time()) else road.go_on(request)
