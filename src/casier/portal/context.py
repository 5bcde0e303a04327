"""What every template may show."""

from __future__ import annotations

from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from casier.directory.mandates import abilities_of
from casier.feed.contacts.showing import classes_of
from casier.identity.models import User
from casier.kernel.errors import Unavailable
from casier.portal.remembered import theme_of
from casier.portal.selfcare.navigation import BOXES, CLASSES, PAGES, AccountPage
from casier.portal.tenants import academy_of_page
from casier.portal.views.accessibility import footer
from casier.schools.api import joinable


def page(request: HttpRequest) -> dict[str, Any]:
    """The academy whose page it is, the person, the theme that was chosen. Error pages show without any."""
    try:
        user = getattr(request, "user", None)
        person = user if isinstance(user, User) else None
        academy = academy_of_page(request)
    except (Unavailable, DatabaseError):
        person = academy = None
    theme = theme_of(request, person)
    return {
        "academy": academy,
        "person": person,
        "theme": theme,
        "accessibility": footer(),
        "account_pages": SimpleLazyObject(lambda: _pages(person)),
        "account_page": next((one.url for one in (*PAGES, CLASSES, BOXES) if one.holds(request.path)), ""),
        # Asked by the pages that show it only: it costs a question to the database.
        "has_console": lambda: person is not None and bool(abilities_of(person.account, timezone.now())),
    }


def _pages(person: User | None) -> tuple[AccountPage, ...]:
    """The account's pages for PERSON; asked by the pages that show them, once."""
    if person is None:
        return PAGES
    account, now = person.account, timezone.now()
    boxes = account.memberships.exists() or joinable(account, now).exists()
    return (*PAGES, *([CLASSES] if classes_of(account, now) else []), *([BOXES] if boxes else []))
