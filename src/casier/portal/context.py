"""What every template may show."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from casier.identity.models import Theme, User
from casier.kernel.errors import Unavailable
from casier.portal.tenants import academy_of_page


def page(request: HttpRequest) -> dict[str, Any]:
    """The academy whose page it is, the person, and the theme they chose. Error pages show without either."""
    try:
        user = getattr(request, "user", None)
        person = user if isinstance(user, User) else None
        academy = academy_of_page(request)
    except (Unavailable, DatabaseError):
        person = academy = None
    theme = person.theme if person and person.theme != Theme.AUTO else ""
    return {"academy": academy, "person": person, "theme": theme}
