"""Pages that people meet in two places: on the way in, as a duty of the road, and in their account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import cast

from django.http import HttpRequest, HttpResponse
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


@dataclass(frozen=True, slots=True)
class Place:
    """Whose account it is, where the pages of this place begin, in which frame they stand. ENTRY: who is on
    the way in; none in one's account.
    """

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


Page = Callable[[HttpRequest, Place], HttpResponse]
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Places:
    """The two places of a room's pages: the duty that they are on the way in, their frame there; where they
    begin in one's account, and their frame.
    """

    duty: Duty
    door: str
    add: str
    account: str

    def on_the_way_in(self, page: Page) -> View:
        """PAGE for whom this is the next duty, and for nobody else on the road: who has only shown a password
        must not put a factor or a telephone of theirs beside those that are there.
        """

        def view(request: HttpRequest, entry: Entry, account: Account) -> HttpResponse:
            if next_duty(account, entry, timezone.now()) is not self.duty:
                return road.go_on(request)
            return page(request, Place(account, entry.source, road.PAGES[self.duty], self.door, entry))

        update_wrapper(view, page)
        return road.on_the_road(view)

    def in_account(self, page: Page, *, fresh: bool = True) -> View:
        """PAGE for someone signed in; FRESH: who showed a moment ago who they are."""

        def view(request: HttpRequest) -> HttpResponse:
            return page(request, self.of_account(request))

        update_wrapper(view, page)
        guarded: View = signed_in(freshly_proved(view) if fresh else view)
        return guarded

    def of_account(self, request: HttpRequest) -> Place:
        """The place of someone signed in."""
        return Place(cast("User", request.user).account, source_of(request), self.add, self.account)
