"""Searching: what a search can't find yet."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja import Router

from casier.identity.models import User
from casier.mailbox.finding import missing_now
from casier.mailbox.stores import store_named
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words

router = Router()


class Index(Shape):
    """Messages that came since then may be missing; null while the index keeps up."""

    missing_since: datetime | None


@router.get("/index", response=Index, by_alias=True, auth=signed_in)
def get_index(request: HttpRequest) -> Index:
    """How far the index of words is behind."""
    account = cast("User", request.user).account
    return Index(missing_since=missing_now(store_named(account.store.name)))


def words() -> dict[str, Words]:
    """Nothing here is refused."""
    return {}
