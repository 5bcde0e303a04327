"""Who may come in, and how far: every view goes through here, and what isn't allowed is refused."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casier.audit.api import Actor
from casier.console.acting import NotWithin
from casier.console.looking import note_look
from casier.directory.access import account_by_id
from casier.directory.errors import NotFound
from casier.directory.mandates import (
    Ability,
    On,
    abilities_of,
    academies_reached,
    academies_within,
    may,
    people_within,
    remembering,
    require,
)
from casier.directory.models import Academy, Account
from casier.identity import sessions
from casier.identity.factors import api as factors
from casier.identity.history import api as history
from casier.identity.models import User
from casier.identity.sessions import Terms
from casier.kernel.errors import NotAllowed

Rest = ParamSpec("Rest")
CONFIRM = "/compte/confirmer/"
SIGN_IN = "/connexion/"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works here, in this request, and what their offices reach."""

    account: Account
    actor: Actor
    source: str
    now: datetime
    # What their offices make possible for anybody at all.
    abilities: frozenset[Ability]

    def may(self, ability: Ability, on: On) -> bool:
        return may(self.account, ability, on, self.now)

    def require(self, ability: Ability, on: On) -> None:
        """Raises NotAllowed."""
        require(self.account, ability, on, self.now)

    def require_some(self, ability: Ability) -> None:
        """Raises NotAllowed where no office of theirs makes this possible for anybody."""
        if ability not in self.abilities:
            raise NotAllowed("No mandate allows this.", ability=ability.value)

    def people(self, ability: Ability) -> QuerySet[Account]:
        return people_within(self.account, ability, self.now)

    def academies(self, ability: Ability) -> list[Academy]:
        return academies_within(self.account, ability, self.now)

    def reached(self, ability: Ability) -> list[Academy]:
        """Where they may do this to anybody, their own academy first."""
        found = academies_reached(self.account, ability, self.now)
        return sorted(found, key=lambda academy: academy.pk != self.account.academy_id)

    def looked_at(self, slug: str, ability: Ability) -> Academy:
        """The academy that was chosen, of those they reach for this; none chosen: their own, else the first.

        Raises NotAllowed where they reach nobody, NotWithin for another academy, there or not.
        """
        self.require_some(ability)
        found = [academy for academy in self.reached(ability) if not slug or academy.slug == slug]
        if not found:
            raise NotWithin("Not within your perimeter.", academy=slug)
        return found[0]

    def naming(self, academy: Academy) -> dict[str, str]:
        """What an address says to lead to ACADEMY; nothing for their own."""
        return {} if academy.pk == self.account.academy_id else {"academie": academy.slug}

    def academy(self, slug: str, ability: Ability) -> Academy:
        """The academy with this short name, as far as they may. Raises NotWithin, there or not."""
        found = next((academy for academy in self.academies(ability) if academy.slug == slug), None)
        if found is None:
            raise NotWithin("Not within your perimeter.", academy=slug)
        return found

    def person(self, account_id: uuid.UUID, ability: Ability) -> Account:
        """The account with this id. Raises NotWithin where they may not see it, NotAllowed where they may
        see and not do this: who is outside the perimeter looks like who isn't there.

        That somebody read about them stands in the journal, and the person sees it.
        """
        try:
            account = account_by_id(account_id.hex)
        except NotFound as error:
            raise NotWithin("Not within your perimeter.", account=account_id.hex) from error
        self.require_reach(account)
        self.require(ability, account)
        note_look(account, by=self.actor, now=self.now)
        return account

    def require_reach(self, account: Account | None) -> None:
        """Raises NotWithin for nobody, and for who is outside the perimeter."""
        if account is None or not self.may(Ability.SEE_PERSON, account):
            raise NotWithin("Not within your perimeter.")


def desk_of(request: HttpRequest) -> Desk | None:
    """Who works here; None for a person without an office that opens the console."""
    user = request.user
    if not isinstance(user, User):
        return None
    now = timezone.now()
    abilities = abilities_of(user.account, now)
    if not abilities:
        return None
    source = source_of(request)
    actor = Actor.account(user.account.public_id, source)
    return Desk(user.account, actor, source, now, abilities)


def source_of(request: HttpRequest) -> str:
    """The address a request comes from: only nginx reaches our socket, and it sets this header itself."""
    return request.headers.get("X-Real-IP", "") or request.META.get("REMOTE_ADDR", "") or "local"


View = Callable[Concatenate[HttpRequest, Desk, Rest], HttpResponse]


def console(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """A page of the console: for who holds an office; refusals become pages with a reference."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path(), SIGN_IN, "suite")
        with remembering():
            return _seen(request, *args, **kwargs)

    def _seen(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        desk = desk_of(request)
        if desk is None:
            return _missing(request)
        try:
            return view(request, desk, *args, **kwargs)
        except NotWithin:
            return _missing(request)
        except NotAllowed:
            return _forbidden(request)

    update_wrapper(guarded, view)
    return guarded


def with_proof(view: View[Rest]) -> View[Rest]:
    """Below `console`: an act asks for a fresh proof of who acts, then comes back to its page."""

    def guarded(request: HttpRequest, desk: Desk, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        terms = Terms(**request.session[sessions.TERMS])
        if factors.fresh(desk.account, terms, time.time()):
            return view(request, desk, *args, **kwargs)
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
        return redirect(f"{CONFIRM}?suite={quote(back)}")

    update_wrapper(guarded, view)
    return guarded


def _missing(request: HttpRequest) -> HttpResponse:
    """The same for a page that isn't there, a person outside the perimeter and who has no office."""
    detail = _("L’adresse est peut-être mal recopiée, ou la page n’est pas de votre ressort.")
    return _refused(request, 404, _("Cette page n’existe pas"), detail)


def _forbidden(request: HttpRequest) -> HttpResponse:
    return _refused(request, 403, _("Accès refusé"), _("Votre charge ne permet pas cet acte."))


def _refused(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    user = request.user
    account = user.account if isinstance(user, User) else None
    reference = history.refuse(
        "not_allowed",
        account=account,
        academy=account.academy if account else None,
        source=source_of(request),
        facts={"page": request.path[:200], "method": request.method or ""},
    )
    facts = {"status": status, "title": title, "detail": detail, "reference": reference}
    return render(request, "portal/error.html", facts, status=status)
