"""The road from the first proof to the open session, as pages.

A view of a duty asks `entry_of`, does its part, keeps the entry and answers with `go_on`: the next page, or
the open session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import update_wrapper
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from casier.directory.access import account_by_id
from casier.directory.errors import NotFound
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.activation import tickets
from casier.identity.entry.opening import NotNow, open_session
from casier.identity.entry.road import FIRST_FACTORS, SECOND_FACTORS, Duty, Entry, Purpose
from casier.identity.entry.standing import next_duty
from casier.identity.factors.api import usable_methods
from casier.identity.guard import api as guard
from casier.identity.models import User
from casier.identity.names import may_enter
from casier.identity.recovery.finishing import finish
from casier.portal.remembered import remember

KEY: Final = "entry"
START: Final = "/connexion/"
PAGES: Final[dict[Duty, str]] = {
    Duty.SECOND_FACTOR: "/connexion/second-facteur/",
    Duty.DETAILS: "/activation/coordonnees/",
    Duty.DOCUMENTS: "/connexion/charte/",
    Duty.PASSWORD: "/connexion/mot-de-passe/",
    Duty.MEANS: "/connexion/secours/",
    Duty.ENROL: "/connexion/second-facteur/inscrire/",
    Duty.CHECK_MEANS: "/connexion/secours/verifier/",
    Duty.MEMO: "/activation/memo/",
}
Rest = ParamSpec("Rest")


def begin(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Put someone on the road, under a fresh key: a cookie from before is worth nothing (fixation)."""
    request.session.cycle_key()
    if entry.purpose is Purpose.ACTIVATION:
        entry = replace(entry, ticket=tickets.issue(entry.account))
    keep(request, entry if entry.generation >= 0 else renewed(entry))
    return go_on(request)


def renewed(entry: Entry) -> Entry:
    """ENTRY after its own person has ended all else (a new password does): it goes on, others don't."""
    return replace(entry, generation=sessions.generation(entry.account))


def keep(request: HttpRequest, entry: Entry) -> None:
    """Remember ENTRY as it is now."""
    request.session[KEY] = entry.as_data()


def leave(request: HttpRequest) -> None:
    """Forget who was on the road."""
    request.session.pop(KEY, None)


def entry_of(request: HttpRequest) -> tuple[Entry, Account] | None:
    """Who is on the road with this browser; None when nobody is, the time is up, the account is out, or all
    that was open to it has been ended meanwhile.
    """
    data = request.session.get(KEY)
    if data is None:
        return None
    entry = Entry.from_data(data)
    if entry.over(time.time()):
        return None
    try:
        account = account_by_id(entry.account, "user")
    except NotFound:
        return None
    # A new password, « it wasn't me », signing out everywhere: what was proved before counts no more.
    if entry.generation != sessions.generation(entry.account):
        return None
    return (entry, account) if may_enter(account) and tickets.holds(account, entry) else None


def on_the_road(
    view: Callable[Concatenate[HttpRequest, Entry, Account, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """A view of a duty: VIEW gets the entry and the account. Who isn't on the road begins anew."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        found = entry_of(request)
        if found is None:
            leave(request)
            return redirect(f"{START}?fin=delai")
        return view(request, *found, *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded


def go_on(request: HttpRequest) -> HttpResponse:
    """To the page of the next duty; without one, open the session and go where the person wanted to go."""
    found = entry_of(request)
    if found is None:
        leave(request)
        return redirect(f"{START}?fin=delai")
    entry, account = found
    if finish(account, entry, timezone.now()):
        entry = renewed(entry.settle(Duty.PASSWORD))
        keep(request, entry)
    duty = next_duty(account, entry, timezone.now())
    if duty is not None:
        return redirect(PAGES[duty])
    return _open(request, account.user, entry)


def _open(request: HttpRequest, user: User, entry: Entry) -> HttpResponse:
    leave(request)
    outcome = open_session(request, user, entry)
    if isinstance(outcome, NotNow):
        return _stay(request, user, entry, outcome)
    if entry.purpose is Purpose.ACTIVATION:
        _keep_language(user)
    response = HttpResponseRedirect(entry.next_page or "/courrier/")
    if not entry.shared_computer:
        remember(response, user)
        guard.know_device(request, response, user.account)
    return response


def _keep_language(user: User) -> None:
    """A newcomer goes on in the language in which they have come so far."""
    language = (get_language() or "")[:2]
    if language in dict(settings.LANGUAGES):
        user.locale = language
        user.save(update_fields=["locale"])


def _stay(request: HttpRequest, user: User, entry: Entry, outcome: NotNow) -> HttpResponse:
    """Who waits because of a second device stays on the road: a strong factor lets them go on from there."""
    provable = outcome.why == "one_device_suspended" and bool(
        {"totp", "webauthn"} & set(usable_methods(user.account))
    )
    if provable:
        keep(request, entry)
    return not_now(request, outcome, provable=provable)


def not_now(request: HttpRequest, outcome: NotNow, *, provable: bool = False) -> HttpResponse:
    """Everything was right, and yet the session stays shut: the reason, after the full proof."""
    minutes = -(-outcome.seconds // 60)
    facts = {"outcome": outcome, "provable": provable, "minutes": minutes, "reference": outcome.reference}
    return render(request, "portal/entry/not_now.html", facts, status=403)


def prove_again(request: HttpRequest) -> HttpResponse:
    """To the page of the second factor, for who was kept out by another device: what was shown before doesn't
    count. Who came with a passkey alone shows it again where they showed it.
    """
    found = entry_of(request)
    if found is None:
        return go_on(request)
    entry, _account = found
    proofs = tuple(proof for proof in entry.proofs if proof not in SECOND_FACTORS)
    if not FIRST_FACTORS & set(proofs):
        leave(request)
        return redirect(START)
    keep(request, replace(entry, proofs=proofs))
    return redirect(f"{PAGES[Duty.SECOND_FACTOR]}?preuve=1")
