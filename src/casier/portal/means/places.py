"""Where someone is while recording a means: on the way in, or in their account. The pages are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.entry.road import Duty, Entry
from casier.identity.entry.standing import next_duty
from casier.identity.models import User
from casier.portal.entry import road
from casier.portal.factors.stepping import freshly_proved
from casier.portal.views.account import signed_in
from casier.portal.views.sign_in import source_of

DOOR: Final = "/connexion/secours/"
MANAGE: Final = "/compte/secours/"
ADD: Final = "/compte/secours/ajouter/"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose means they are, where the pages of this place begin, in which frame they stand."""

    account: Account
    source: str
    base: str
    frame: str
    entry: Entry | None = None

    @property
    def by(self) -> Actor:
        return Actor.account(self.account.public_id, self.source)

    @property
    def signed_in(self) -> bool:
        return self.entry is None

    def done(self, request: HttpRequest) -> HttpResponse:
        """Where one goes once a means is verified."""
        return redirect(MANAGE) if self.signed_in else road.go_on(request)


Page = Callable[[HttpRequest, Place], HttpResponse]


def on_the_way_in(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """PAGE for whom this is the next duty, and for nobody else on the road: who has only shown a password
    must not put a telephone of theirs beside those that are there.
    """

    def view(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
        if next_duty(account, entry, timezone.now()) is not Duty.MEANS:
            return road.go_on(request)
        return page(request, Place(account, entry.source, DOOR, "portal/door.html", entry))

    update_wrapper(view, page)
    return road.on_the_road(view)


def in_account(page: Page, *, fresh: bool = True) -> Callable[[HttpRequest], HttpResponse]:
    """PAGE for someone signed in; FRESH: who showed a moment ago who they are."""

    def view(request: HttpRequest) -> HttpResponse:
        account = cast("User", request.user).account
        return page(request, Place(account, source_of(request), ADD, "portal/means/account_frame.html"))

    update_wrapper(view, page)
    guarded: Callable[[HttpRequest], HttpResponse] = signed_in(freshly_proved(view) if fresh else view)
    return guarded
