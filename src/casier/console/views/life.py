"""The life of accounts: the calendar of what is to come, and where one account stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.ending import (
    DEEDS,
    Deed,
    deed_words,
    deeds_for,
    event_words,
    fate_words,
    hold_words,
    refusal_words,
    verb_words,
)
from casier.console.forms import Form, form_of, page
from casier.console.person import person_of
from casier.console.showing import shown
from casier.directory.access import account_with, primary_address
from casier.directory.errors import NotFound
from casier.directory.mandates import Ability
from casier.directory.models import Account
from casier.kernel.errors import CasierError
from casier.life import api
from casier.life.calendar import DAYS, Entry, calendar
from casier.life.clocks import day_of
from casier.life.models import Departure
from casier.life.showing import Way, way_of
from casier.policies.api import policy_for

FIELDS = ("dernier-jour", "fermeture", "devenir", "adresse", "collegue", "sorte", "jusqu-au")
CHOICES = (30, DAYS, 180)


@console
@require_safe
def coming(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What happens in the days to come, to those within the perimeter."""
    desk.require_some(Ability.SEE_LIFE)
    typed = request.GET.get("jours", "")
    days = int(typed) if typed in {str(one) for one in CHOICES} else DAYS
    academies = {one.pk: one for one in (desk.account.academy, *desk.academies(Ability.SEE_LIFE))}
    entries = calendar(desk.people(Ability.SEE_LIFE), academies.values(), day_of(desk.now), days)
    groups = [
        {"day": day, "rows": [_row(entry) for entry in rows]}
        for day, rows in groupby(entries, key=lambda entry: entry.on)
    ]
    facts = {"here": "life", "groups": groups, "days": days, "choices": CHOICES, "count": len(entries)}
    return page(request, desk, "life/calendar", facts)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "account": entry.account,
        "event": event_words(entry.event),
        "fate": fate_words(entry.becomes, entry.to),
        "grave": entry.event in {"purge", "closes"},
    }


@console
@require_safe
def show(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """Where one account stands, and what can be done."""
    account = desk.person(account_id, Ability.SEE_LIFE)
    return page(request, desk, "life/account", _facts(desk, account))


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, desk: Desk, account_id: uuid.UUID, slug: str) -> HttpResponse:
    """One deed: what it does, the reason, and the deed."""
    if slug not in DEEDS:
        raise Http404
    deed = DEEDS[slug]
    account = desk.person(account_id, Ability.MANAGE_LIFE)
    facts = _facts(desk, account)
    if deed not in facts["possible"]:
        return redirect(f"/console/personnes/{account.pk}/vie/")
    form = form_of(request, *FIELDS)
    if request.method != "POST":
        form.values |= _as_it_is(facts["way"])
    words = deed_words(deed)
    if request.method == "POST" and not form.errors and _done(deed, account, form, desk):
        messages.success(request, words.done)
        return redirect(f"/console/personnes/{account.pk}/vie/")
    kinds = [{"code": kind.value, "words": hold_words(kind)} for kind in api.HoldKind]
    row = facts["way"].departure
    facts |= {
        "words": words,
        "verb": verb_words(deed, facts["way"]),
        "deed": deed.value,
        "kinds": kinds,
        "last_day": form.values["dernier-jour"],
        "until": form.values["jusqu-au"],
        "last_day_error": form.errors.get("dernier-jour", ""),
        "until_error": form.errors.get("jusqu-au", ""),
        "becomes": form.values["devenir"] or _fate_of(row),
    }
    return page(request, desk, "life/act", facts, form)


def _fate_of(row: Departure | None) -> str:
    """What was decided; what the academy usually does, where nobody has decided yet."""
    if row is None:
        return ""
    usual = policy_for(row.account.academy).leaving.then == "redirected"
    return "redirected" if usual and row.decided_at is None else row.becomes


def _as_it_is(way: Way) -> dict[str, str]:
    """What the form shows first: what was decided before."""
    row = way.departure
    if row is None:
        return {}
    return {
        "dernier-jour": row.last_day.isoformat(),
        "fermeture": row.closes_on.isoformat(),
        "adresse": row.redirect_to,
        "collegue": primary_address(row.handed_to) if row.handed_to else "",
    }


def _facts(desk: Desk, account: Account) -> dict[str, Any]:
    way = way_of(account, desk.now)
    may = account.pk != desk.account.pk and desk.may(Ability.MANAGE_LIFE, account)
    possible = deeds_for(way) if may else []
    row = way.departure
    to = (row.redirect_to or (row.handed_to.person.full_name if row.handed_to else "")) if row else ""
    return {
        "here": "home",
        "p": shown(person_of(account), desk),
        "way": way,
        "fate": fate_words(row.becomes, to) if row else "",
        "holds": [{"row": hold, "kind": hold_words(api.HoldKind(hold.kind))} for hold in way.holds],
        "possible": possible,
        "deeds": [
            {"slug": slug, "verb": verb_words(deed, way)} for slug, deed in DEEDS.items() if deed in possible
        ],
        "removed": _counted(way),
    }


def _counted(way: Way) -> dict[str, Any]:
    return dict(way.certificate.removed) if way.certificate else {}


def _done(deed: Deed, account: Account, form: Form, desk: Desk) -> bool:
    """Do it; False where the form says what is wrong."""
    try:
        _DO[deed](account, form, desk)
    except CasierError as error:
        name = {
            "last_day": "dernier-jour",
            "closes_on": "fermeture",
            "address": "adresse",
            "heir": "collegue",
            "until": "jusqu-au",
        }
        field = name.get(str(error.facts.get("field", "")), "motif")
        form.errors[field] = refusal_words(error)
        return False
    return True


def _leave(account: Account, form: Form, desk: Desk) -> None:
    api.begin_leaving(
        account, last_day=_day(form, "dernier-jour"), closes_on=_day(form, "fermeture"), by=desk.actor,
        reason=form.reason, now=desk.now,
    )  # fmt: skip


def _fate(account: Account, form: Form, desk: Desk) -> None:
    code = form.values["devenir"]
    becomes = api.Becomes(code) if code in set(api.Becomes.values) else api.Becomes.CLOSED
    try:
        heir = account_with(form.values["collegue"]) if becomes is api.Becomes.HANDED else None
    except NotFound:
        heir = None
    fate = api.Fate(becomes, form.values["adresse"], heir)
    api.decide_mailbox(account, fate, by=desk.actor, reason=form.reason, now=desk.now)


def _hold(account: Account, form: Form, desk: Desk) -> None:
    code = form.values["sorte"]
    kind = api.HoldKind(code) if code in set(api.HoldKind.values) else api.HoldKind.OTHER
    api.hold(account, kind, until=_day(form, "jusqu-au"), by=desk.actor, reason=form.reason, now=desk.now)


def _day(form: Form, name: str) -> date | None:
    try:
        return date.fromisoformat(form.values[name]) if form.values[name] else None
    except ValueError as error:
        raise api.BadDecision("Not a day.", field=_FIELD_OF.get(name, "")) from error


_FIELD_OF = {"dernier-jour": "last_day", "fermeture": "closes_on", "jusqu-au": "until"}


def _plain(action: Callable[..., Any]) -> Callable[[Account, Form, Desk], None]:
    def done(account: Account, form: Form, desk: Desk) -> None:
        action(account, by=desk.actor, reason=form.reason, now=desk.now)

    return done


_DO: dict[Deed, Callable[[Account, Form, Desk], None]] = {
    Deed.LEAVE: _leave,
    Deed.STAY: _plain(api.cancel_leaving),
    Deed.FATE: _fate,
    Deed.HOLD: _hold,
    Deed.LIFT: _plain(api.lift_all),
    Deed.CLOSE: _plain(api.close),
    Deed.REOPEN: _plain(api.reopen),
}
