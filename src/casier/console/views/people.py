"""Finding a person, their page, and what can be done for them at once."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from casier.console.access import Desk, console, with_proof
from casier.console.acting import ABILITIES, Act, do
from casier.console.around import around
from casier.console.counting import elsewhere, waiting
from casier.console.finding import Answer, find, is_numen
from casier.console.forms import form_of, page, refused, rooms
from casier.console.person import person_of
from casier.console.showing import around_shown, shown
from casier.console.views.schools import person_for_head, schools_to_leave
from casier.console.wording import act_words, state_words
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability
from casier.directory.models import Account, AccountState
from casier.schools import api as sheets

_REFERENCE = re.compile(r"R-?[2-9A-HJ-NP-Z]{4}-?[2-9A-HJ-NP-Z]{4}", re.IGNORECASE)
SLUGS: dict[str, Act] = {
    "debloquer": Act.UNLOCK,
    "suspendre": Act.SUSPEND,
    "retablir": Act.RESUME,
    "deconnecter": Act.SIGN_OUT,
}


@console
@require_safe
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Search first; what waits beside it. Who finds nobody here is led to the first room that is theirs."""
    if Ability.SEE_PERSON not in desk.abilities:
        return redirect(rooms(desk)[0]["url"])
    typed = request.GET.get("q", "").strip()[:100]
    if _REFERENCE.fullmatch(typed):
        letters = typed.upper().replace("-", "")
        return redirect(f"/console/references/{letters[0]}-{letters[1:5]}-{letters[5:]}/")
    facts: dict[str, Any] = {
        "here": "home",
        "q": typed,
        "waiting": waiting(desk),
        "elsewhere": elsewhere(desk),
    }
    if is_numen(typed):
        facts |= {"q": "", "numen": True}
    elif typed:
        answer = find(desk.people(Ability.SEE_PERSON), typed)
        people = [{"one": one, "state": state_words(one.state)} for one in answer.people]
        several = len(desk.reached(Ability.SEE_PERSON)) > 1
        facts |= {"answer": answer, "people": people, "opens": True, "several": several}
        facts |= {"lists": _lists(desk, answer, typed)}
    return page(request, desk, "home", facts)


@console
@require_safe
def person(request: HttpRequest, desk: Desk, account_id: uuid.UUID) -> HttpResponse:
    """One person, as a document."""
    account = desk.person(account_id, Ability.SEE_PERSON)
    if not desk.may(Ability.SEE_HISTORY, account):
        return person_for_head(request, desk, account)
    other = account.pk != desk.account.pk
    seen = person_of(account)
    acts = acts_for(desk, account, blocked=seen.block is not None)
    facts = {
        "here": "home",
        "p": shown(seen, desk),
        "around": around_shown(around(account, desk.now), desk),
        "repairs": [one for one in acts if one["repairs"]],
        "acts": [one for one in acts if not one["repairs"]],
        "may_reset": other and account.state not in ENDED and desk.may(Ability.RESET, account),
        "may_sheet": other and sheets.renewable(account, desk.account, desk.now),
        "may_life": desk.may(Ability.SEE_LIFE, account),
        "may_trace": desk.may(Ability.SEE_TRACE, account),
        "may_charge": other and desk.may(Ability.GIVE_MANDATES, account.academy),
        "departs": schools_to_leave(desk, account),
    }
    return page(request, desk, "person", facts)


@console
@with_proof
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, desk: Desk, account_id: uuid.UUID, slug: str) -> HttpResponse:
    """What an act will touch, the reason, and the act."""
    if slug not in SLUGS:
        raise Http404
    wanted = SLUGS[slug]
    account = desk.person(account_id, ABILITIES[wanted])
    words = act_words(wanted, translation.get_language() or "fr")
    form = form_of(request)
    if request.method == "POST" and not form.errors:
        try:
            do(wanted, account, by=desk.actor, reason=form.reason)
        except WrongState as error:
            refused(form, error)
        else:
            messages.success(request, words.done)
            return redirect(f"/console/personnes/{account.pk}/")
    facts = {"here": "home", "p": shown(person_of(account), desk), "words": words}
    return page(request, desk, "act", facts, form)


def _lists(desk: Desk, answer: Answer, typed: str) -> list[dict[str, str]]:
    """Where the same people are listed, academy by academy; one person needs no list."""
    if len(answer.people) < 2:
        return []
    shown = {one.academy for one in answer.people}
    return [
        {"url": f"/console/listes/?{urlencode({**desk.naming(one), 'q': typed})}", "name": one.name}
        for one in desk.reached(Ability.SEE_PERSON)
        if answer.more or one.name in shown
    ]


def acts_for(desk: Desk, account: Account, *, blocked: bool) -> list[dict[str, Any]]:
    """What DESK may do for ACCOUNT now, with the address of each page."""
    if account.pk == desk.account.pk:
        return []
    out, closed = account.state == AccountState.SUSPENDED, account.state in ENDED
    fits = {Act.SUSPEND: not out and not closed, Act.RESUME: out, Act.UNLOCK: blocked}
    language = translation.get_language() or "fr"
    found: list[dict[str, Any]] = []
    for slug, one in SLUGS.items():
        if fits.get(one, not closed) and desk.may(ABILITIES[one], account):
            words = act_words(one, language)
            # What takes away what stands in the way comes first, as a button.
            repairs = one in (Act.UNLOCK, Act.RESUME)
            found.append({"slug": slug, "verb": words.verb, "repairs": repairs})
    return found
