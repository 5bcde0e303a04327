"""What can be looked at without knowing anyone: cookies, the browser, the hour, whether mail answers."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from casier.identity.redis_link import answering
from casier.kernel.errors import Unavailable
from casier.kernel.instance import Port
from casier.portal.devices import device_of

COOKIE: Final = "__Host-casier-essai"
_SECONDS: Final = 0.5
# The oldest that the pages are made for.
_OLDEST: Final = (("Firefox/", 115), ("Edg/", 109), ("Chrome/", 109), ("Version/", 16))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. GOOD: None where only the person can tell."""

    title: str
    text: str
    good: bool | None


def look(request: HttpRequest) -> list[Check]:
    """Everything that can be told from here."""
    return [_cookies(request), _browser(request), _hour(), _mail()]


def _cookies(request: HttpRequest) -> Check:
    if COOKIE in request.COOKIES:
        return Check(_("Témoins de connexion"), _("Votre navigateur les accepte."), True)
    text = _("Votre navigateur refuse les cookies de ce site : autorisez-les, puis rechargez cette page.")
    return Check(_("Témoins de connexion"), text, False)


def _browser(request: HttpRequest) -> Check:
    agent = request.headers.get("User-Agent", "")
    named = device_of(agent)
    if not named:
        text = _("Nous ne reconnaissons pas votre navigateur. Essayez Firefox, Chrome, Edge ou Safari.")
        return Check(_("Navigateur"), text, None)
    if is_old(agent):
        text = _("%(name)s : cette version est ancienne. Mettez-la à jour.") % {"name": named}
        return Check(_("Navigateur"), text, False)
    return Check(_("Navigateur"), _("%(name)s : il convient.") % {"name": named}, True)


def is_old(agent: str) -> bool:
    """Whether a User-Agent tells of a version that the pages aren't made for."""
    for mark, oldest in _OLDEST:
        found = re.search(re.escape(mark) + r"(\d{1,4})", agent)
        if found:
            return int(found[1]) < oldest
    return False


def _hour() -> Check:
    here = dateformat.format(timezone.localtime(), _("G \\h i"))
    text = _(
        "Il est %(hour)s à Paris. Si votre appareil dit autre chose à plus d’une minute près, réglez-le : "
        "les codes à usage unique dépendent de l’heure."
    )
    return Check(_("Heure"), text % {"hour": here}, None)


def _mail() -> Check:
    """Whether what everybody passes on the way to their mail answers: sessions, the edge, the store."""
    if _sessions_answer() and all(takes_calls(port) for port in (Port.EDGE_INTERNAL, Port.STORE_IMAP)):
        return Check(_("Messagerie"), _("Elle répond."), True)
    text = _("Une partie de la plateforme ne répond pas. Réessayez dans quelques minutes.")
    return Check(_("Messagerie"), text, False)


def _sessions_answer() -> bool:
    try:
        with answering() as redis:
            return bool(redis.ping())
    except Unavailable:
        return False


def takes_calls(port: Port) -> bool:
    """Whether something listens at PORT of this instance."""
    try:
        with socket.create_connection(("127.0.0.1", settings.CASIER_INSTANCE.port(port)), timeout=_SECONDS):
            return True
    except OSError:
        return False
